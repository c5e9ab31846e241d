import Foundation
import Testing

struct SwishExampleTests {
  /// `Examples/swish` as it is built and printed: its own layer passes, the careless one is named.
  @Test func theExampleTellsRightFromWrong() throws {
    let process = Process(), pipe = Pipe()
    process.executableURL = Bundle.main.bundleURL.appending(path: "swish")
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let lines = output.split(separator: "\n")
    try #require(lines.count == 8, "\(output)")
    #expect(lines[0] == "swish: pass")
    #expect(lines[1] == "  pass   1 tensor (512 entries)")
    #expect(lines[2] == "careless-swish: fail")
    // Without the last term of a·σ(a)'s derivative, σ(a) is left, which is that of softplus.
    #expect(lines[3].contains(#/^  FAIL   careless-swish/input   5\d\d of 512 entries$/#))
    #expect(lines[4] == "         the analytic gradient is the numeric one of softplus")
    #expect(lines[5].contains("analytic"))
    #expect(lines[6] == "         Breaks equation 2, δ_j = h′(a_j) Σ_k w_kj δ_k.")
    #expect(lines[7].hasSuffix("Likely: h′ is that of another activation, or lacks a term."))
  }
}
