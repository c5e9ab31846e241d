import Foundation
import Testing

/// A training loop that is none of ours records itself, and its run is judged like any other.
@Suite struct AnyFrameworkTests {
  @Test func plainPythonLoopIsHealthy() throws {
    let command = try Command()
    defer { command.clean() }
    let recording = try command.shell(
      #"python3 "$package/Examples/any-framework/record.py" run.jsonl.gz"#)
    try #require(recording.status == 0, "\(recording.errors)")

    let report = try command("report", "run.jsonl.gz")
    #expect(report.errors == "")
    #expect(report.status == 0, "\(report.output)")
    #expect(report.output.contains("healthy"))
    #expect(command.has("gradcheck-report/any-framework/report.md"))
  }
}
