import Testing

/// The small program that uses the library as the README's Swift users do.
@Suite struct LearnDigitsTests {
  @Test func checksTrainsDiagnosesAndReports() throws {
    let command = try Command()
    defer { command.clean() }
    let result = try command.shell("ln -s \"$package/Examples\" . && \"$products/learn-digits\"")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("  pass   8 tensors"))
    #expect(result.output.contains("Health     healthy"))
    #expect(command.has("digits.gradtrace"))
    #expect(try command.text(of: "digits-report/report.md").hasPrefix("# HEALTHY"))
  }
}
