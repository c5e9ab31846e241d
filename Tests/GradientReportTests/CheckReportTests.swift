import Foundation
import GradientChecking
import GradientReport
import Testing

/// The page of a gradient check, written into a folder of its own.
final class CheckReportTests {
  private let root = FileManager.default.temporaryDirectory
    .appending(path: "gradcheck-check-tests-\(UUID().uuidString)").path

  init() throws {
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  private var folder: String { root + "/check" }

  private func page() throws -> String {
    try String(contentsOfFile: folder + "/check.md", encoding: .utf8)
  }

  private func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func write(_ text: String, to name: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
  }

  @Test func aPassSaysHowMuchWasChecked() throws {
    let path = try CheckReport(SampleCheck.right(), settings: [.init("model", "two layers")])
      .write(to: folder)
    #expect(path == folder + "/check.md")
    #expect(try files() == ["check-agreement.png", "check-steps.png", "check.md"])
    let lines = try page().split(separator: "\n")
    #expect(lines[0] == "# PASS: the gradients are right")
    #expect(
      lines[1]
        == "4 tensors · 260 entries · 3 directions through the whole · largest relative error of a tensor's norm 1e-11 in `hidden/weight` · seed 1"
    )
    #expect(lines[2].hasSuffix("](check-agreement.png)"))
    let text = try page()
    #expect(
      text.contains(
        "| dual numbers | 260 | 260 | 0 | 0 | 1e-11 | `hidden/weight` |"))
    #expect(text.contains("| Float against Double | 3 parameters | all | 0 | – | 2.1e-7 |"))
    #expect(
      text.contains(
        "- Raising my-layer/weight\\[2, 11\\] by 0.01 lowers the error by 0.0012, predicted 0.0012."
      ))
    #expect(
      text.contains(
        "| `hidden/weight[3, 7]` | 0.5 | 0.031 | 0.01 | 0.00031 | 0.000307 |"))
    #expect(!text.contains("`hidden/weight[0, 2]` | 0.5"), "one row a tensor")
    #expect(text.contains("| `hidden/weight` | 128 | 128 | 128 | 0 | 0 | 0 | 1e-11 | right |"))
    #expect(text.contains("| model | two layers |\n| seed | 1 |\n| evaluations | 1,234 |"))
  }

  @Test func aFailureSaysWhatIsBrokenAndWhy() throws {
    try CheckReport(SampleCheck.doubled()).write(to: folder)
    let text = try page()
    #expect(text.hasPrefix("# FAIL: wrong gradient in my-layer\n"))
    #expect(
      text.contains(
        "**Wrong.** 64 of 64 checked entries of `my-layer/weight` differ from the numeric gradient: the analytic gradient is the numeric one times 2.000. It breaks equation 4, dE/dw = δ·z. Likely: the ½ of the error is missing, or a contribution is added twice."
      ))
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") && $0.contains("[") }
    #expect(rows.count == 30)
    #expect(rows.allSatisfy { $0.hasPrefix("| `my-layer/weight[") && $0.contains("**wrong**") })
    #expect(text.contains("| `my-layer/weight` | 64 | 64 | 0 | 64 | 0 | 0 | 0.33 | **wrong** |"))
  }

  @Test func aKinkIsNoFailure() throws {
    try CheckReport(SampleCheck.mixed()).write(to: folder)
    let text = try page()
    #expect(text.hasPrefix("# PASS"))
    #expect(text.contains("| 128 | 128 | 127 | 0 | 0 | 1 | 1e-11 | right |"))
  }

  /// Of a gradient that is zero up to rounding the relative error is large and says nothing.
  @Test func noiseIsNotWhatAgreesLeast() throws {
    var check = SampleCheck.right()
    check.tensors[3].entries[0].analytic = 3e-16
    check.tensors[3].entries[0].numeric = -1e-15
    check.tensors[3].entries[0].relativeError = 1.3
    try CheckReport(check).write(to: folder)
    #expect(
      try !page().contains("| `my-layer/bias[\(check.tensors[3].entries[0].index[0])]` | 3e-16"))
    #expect(try AgreementChart(check).drawing().texts.allSatisfy { !$0.string.contains("1e0") })
  }

  @Test func namesAreHarmless() throws {
    var check = SampleCheck.doubled()
    check.tensors[2].name = "<b>|x`/weight"
    check.tensors[2].layer = "<b>|x`"
    try CheckReport(check).write(to: folder)
    let text = try page()
    #expect(text.hasPrefix("# FAIL: wrong gradient in &lt;b&gt;\\|x\\`\n"))
    #expect(!text.contains("| <b>|x"))
  }

  @Test func anEarlierCheckIsReplacedWhole() throws {
    try CheckReport(SampleCheck.doubled()).write(to: folder)
    try CheckReport(GradientCheck(seed: 3, evaluations: 1, tensors: [])).write(to: folder)
    #expect(try files() == ["check.md"])
    #expect(try page().contains("| seed | 3 |"))
  }

  @Test func aForeignFolderIsRefused() throws {
    try write("mine", to: "thesis.tex")
    let error = #expect(throws: (any Error).self) {
      try CheckReport(SampleCheck.right()).write(to: folder)
    }
    #expect(
      error.map { "\($0)" }
        == "\(folder): the folder holds \"thesis.tex\", which is not of a report; expected an empty folder or an earlier report"
    )
    #expect(throws: (any Error).self) { try CheckReport.prepare(folder) }
    #expect(try files() == ["thesis.tex"])
  }

  @Test func aReportOnARunIsNotOverwritten() throws {
    let sample = SampleRun.healthy()
    try Report(sample.trace, sample.diagnosis).write(to: folder)
    let before = try files()
    #expect(throws: (any Error).self) { try CheckReport(SampleCheck.right()).write(to: folder) }
    #expect(try files() == before)
  }

  /// What `run` kept in the trace, `report` shows.
  @Test func aReportOnARunShowsTheCheck() throws {
    let sample = SampleRun.healthy()
    try Report(sample.trace, sample.diagnosis, SampleCheck.right()).write(to: folder)
    let text = try String(contentsOfFile: folder + "/report.md", encoding: .utf8)
    #expect(text.contains("\n## Are the gradients right?\n"))
    #expect(text.contains("](check-agreement.png)") && text.contains("](check-steps.png)"))
    #expect(text.contains("### What a derivative means"))
    #expect(try files().contains("check-agreement.png"))
    // A later report without them takes them away.
    try Report(sample.trace, sample.diagnosis).write(to: folder)
    #expect(try !files().contains("check-agreement.png"))
  }
}
