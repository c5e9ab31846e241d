import Foundation
import GradientChecking
import GradientDiagnosis
import GradientReport
import GradientTrace
import GzipIO
import Testing

/// Reports written into a folder of their own, which is removed afterwards.
final class ReportTests {
  private let root = FileManager.default.temporaryDirectory
    .appending(path: "gradcheck-report-tests-\(UUID().uuidString)").path

  init() throws {
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  private var folder: String { root + "/report" }

  private func files(in path: String? = nil) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path ?? folder).sorted()
  }

  private func page() throws -> String {
    try String(contentsOfFile: folder + "/report.md", encoding: .utf8)
  }

  private func report(_ sample: SampleRun, _ check: GradientCheck? = nil) -> Report {
    Report(sample.trace, sample.diagnosis, check)
  }

  private func message(_ work: () throws -> Void) -> String? {
    do {
      try work()
      return nil
    } catch {
      return "\(error)"
    }
  }

  private func write(_ text: String, to name: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
  }

  // MARK: - What it says

  @Test func theFirstScreenSaysWhatWhereSinceWhenAndWhatToDo() throws {
    try report(.vanishing()).write(to: folder)
    let lines = try page().split(separator: "\n")
    #expect(lines[0] == "# ERROR: vanishing gradient in dense-1 … dense-8, since step 0")
    #expect(
      lines[1] == "**vanishing** · 13 dense × 64 · 400 steps · gradients not checked numerically")
    #expect(
      lines[2].hasPrefix("![ERROR: vanishing gradient in dense-1 … dense-8, since step 0. δ loses"))
    #expect(lines[2].hasSuffix("](overview.png)"))
    #expect(
      lines[3]
        == "**What.** δ loses 6.3 decades from [dense-13](#layer-25) to [dense-1](#layer-1), since step 0."
    )
    #expect(lines[4].hasPrefix("**Why.** Every sigmoid multiplies δ by at most 0.25;"))
    #expect(
      lines[5]
        == "**What to do.** **Use relu with He initialization.** Or: put batch norm before each sigmoid."
    )
    #expect(lines[6] == "## What was found")
  }

  @Test func aHealthyRunSaysWhatWasChecked() throws {
    try report(.healthy()).write(to: folder)
    let text = try page()
    #expect(
      text.hasPrefix("# HEALTHY: the loss fell from 2.3 to 0.05, the best constant guess has 2.3\n")
    )
    #expect(!text.contains("## What was found"))
    #expect(
      text.contains(
        "| vanishing gradient | not found | attenuation 0.3 decades; alarm above 3 |"))
    #expect(
      text.contains(
        "| vanishing through time | not checked | no recurrent layer in this model |"))
  }

  @Test func aFindingThatFollowsNamesTheOneBefore() throws {
    try report(.vanishing()).write(to: folder)
    let page = try page()
    #expect(
      page.contains("**Cause.** It follows from [finding 1](#finding-1), vanishing gradient."))
    #expect(page.contains("**What to try.** Mend [finding 1](#finding-1) first."))
    #expect(page.components(separatedBy: "**What to try, best first:**").count == 2)
    #expect(page.contains("### <a name=\"finding-1\"></a>1. Vanishing gradient in dense-1"))
  }

  @Test func everyPictureExistsOnceAndHasAText() throws {
    try report(.exploding()).write(to: folder)
    let images = try page().matches(of: /!\[([^\n]*)\]\(([^)\n]*)\)/)
    #expect(images.count >= 5)
    #expect(images.allSatisfy { $0.output.1.count > 20 })
    #expect(
      Set(images.map { String($0.output.2) })
        == Set(try files().filter { $0.hasSuffix(".png") }))
  }

  @Test func everyLinkWithinThePageHasItsPlace() throws {
    for sample in [SampleRun.vanishing(), .exploding(), .deadReLU(), .vanishing(layers: 100)] {
      try report(sample).write(to: folder)
      let page = try page()
      let places = page.matches(of: /<a name="([^"]*)"><\/a>/).map { $0.output.1 }
      let targets = Set(page.matches(of: /\]\(#([^)]*)\)/).map { $0.output.1 })
      #expect(Set(places).count == places.count)
      #expect(!targets.isEmpty && targets.isSubset(of: places), "\(targets) in \(places)")
    }
  }

  /// One file, the same but for where the pictures are.
  @Test func aReportCanBeOneFile() throws {
    let sample = SampleRun.vanishing(layers: 3, steps: 60)
    try report(sample).write(to: folder, reproducible: true)
    let plain = try page()
    let pictures = try files().filter { $0.hasSuffix(".png") }
    let bytes = try pictures.map { try Data(contentsOf: URL(filePath: "\(folder)/\($0)")) }
    try report(sample).write(to: folder, embedding: true, reproducible: true)
    #expect(try files() == ["report.md"])
    let whole = try page()
    var lines = whole.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for (name, bytes) in zip(pictures, bytes) {
      let line = "[\(name)]: data:image/png;base64,\(bytes.base64EncodedString())"
      #expect(lines.count { $0 == line } == 1)
      #expect(lines.count { $0.hasPrefix("![") && $0.hasSuffix("][\(name)]") } == 1)
      lines.removeAll { $0 == line }
    }
    let words = lines.map { $0.replacing(/\]\[([a-z-]*\.png)\]$/) { "](\($0.output.1))" } }
    #expect(
      words.filter { !$0.isEmpty }.dropLast()
        == plain.split(separator: "\n").map(String.init).dropLast())
    // The next report knows it as its own.
    try report(.healthy()).write(to: folder)
    #expect(try files().count > 3)
  }

  @Test func chartsThatNobodyAskedForAreNamed() throws {
    try report(.healthy()).write(to: folder)
    let more = try #require(
      try page().split(separator: "\n").first { $0.hasPrefix("More charts: ") })
    for entry in ChartCatalog.entries {
      #expect(more.contains("`\(entry.id)`") == (entry.occasion == .onRequest), "\(entry.id)")
    }
    #expect(more.contains("`gradcheck report TRACE --charts all`"))
    #expect(try !files().contains("gradient-map.png"))
    try report(.healthy()).write(to: folder, charts: .all)
    #expect(try !page().contains("More charts:"))
    #expect(Set(try files()).isSuperset(of: ["gradient-map.png", "activation-map.png"]))
  }

  @Test func aWrongGradientComesFirst() throws {
    var tensor = TensorCheck(
      name: "swish/input", layer: "swish", count: 512, checked: 200, passed: 197, failed: 3,
      unverifiable: 0, atKink: 0, worst: nil,
      signature: "the analytic gradient is the numeric one times 2.000")
    tensor.relativeError = 0.33
    let check = GradientCheck(seed: 7, evaluations: 1200, tensors: [tensor])
    try report(.healthy(), check).write(to: folder)
    let text = try page()
    #expect(text.hasPrefix("# WRONG GRADIENT in `swish`\n"))
    #expect(
      text.contains(
        "**Wrong.** 3 of 200 checked entries of `swish/input` differ from the numeric gradient: the analytic gradient is the numeric one times 2.000."
      ))
    #expect(
      text.contains(
        "| gradients of each layer | **wrong** in 1 tensor | 200 entries of 1 tensor, largest relative error of a tensor's norm 0.33 in `swish/input` |"
      ))
    #expect(text.contains("| seed of the gradient check | 7 |"))
  }

  @Test func rightGradientsAreSaidToBeRight() throws {
    let tensor = TensorCheck(
      name: "dense-1/weight", layer: "dense-1", count: 4096, checked: 200, passed: 200, failed: 0,
      unverifiable: 0, atKink: 0, worst: nil, signature: nil)
    try report(.healthy(), GradientCheck(seed: 1, evaluations: 9, tensors: [tensor]))
      .write(to: folder)
    #expect(try page().contains("400 steps · gradients right (1 tensor)"))
  }

  @Test func namesFromTheTraceAreHarmless() throws {
    try report(.vanishing(layers: 3) { "<script>|`x`\n[y](z)-\($0)" }).write(to: folder)
    let text = try page()
    #expect(!text.contains("<script>|"))
    #expect(!text.contains("\n[y]"))
    #expect(text.contains("&lt;script&gt;"))
    for line in text.split(separator: "\n") where line.hasPrefix("| 0 | ") {
      #expect(line.matches(of: /(?:^|[^\\])\|/).count == 8)
    }
  }

  @Test func aReproducibleReportIsTheSameTwice() throws {
    let other = root + "/other"
    try report(.deadReLU()).write(to: folder, reproducible: true)
    try report(.deadReLU()).write(to: other, reproducible: true)
    #expect(try files() == files(in: other))
    for file in try files() {
      let first = FileManager.default.contents(atPath: folder + "/" + file)
      #expect(first == FileManager.default.contents(atPath: other + "/" + file))
    }
    #expect(try !page().contains("## Reproduce"))
  }

  @Test func theRunCanBeReproduced() throws {
    try report(.healthy()).write(to: folder)
    let text = try page()
    for row in ["| seed | 1 |", "| threads | 2 |", "| recorded by | gradcheck 0.1.0 |"] {
      #expect(text.contains(row))
    }
  }

  @Test func theTimeOfEachLayerIsInItsChartAlone() throws {
    struct Timed: TraceSource {
      let trace: Trace
      func forEachStep(_ body: (StepRecord) throws -> Void) throws { try trace.forEachStep(body) }
      func document(_ name: String) throws -> String? { nil }
      func timings() throws -> [Timing] {
        LayerTiming(layer: "dense-1", forward: 1e-3, backward: 2e-3).timings
          + [Timing(name: "training", seconds: 3)]
      }
    }
    let sample = SampleRun.healthy()
    let trace = Trace(header: sample.trace.header, source: Timed(trace: sample.trace))
    try Report(trace, sample.diagnosis).write(to: folder, charts: .all)
    #expect(try page().contains("| time of training | 3 s |"))
    #expect(try !page().contains("layer/"))
    #expect(try files().contains("timing.png"))
  }

  // MARK: - Where it lies

  @Test func anEarlierReportIsReplacedWholeAndTheTraceStays() throws {
    try report(.deadReLU()).write(to: folder)
    let before = try files()
    #expect(before.contains("dead-units.png"))
    try write("a trace", to: "trace.gradtrace")
    try report(.vanishing()).write(to: folder)
    let after = try files()
    #expect(!after.contains("dead-units.png"))
    #expect(after.contains("trace.gradtrace"))
    #expect(
      after == (after.filter { $0.hasSuffix(".png") } + ["report.md", "trace.gradtrace"]).sorted())
  }

  @Test func aFolderWithATraceAloneIsTaken() throws {
    try write("a trace", to: "trace.gradtrace")
    let path = try report(.healthy()).write(to: folder)
    #expect(path == folder + "/report.md")
    #expect(try files().contains("trace.gradtrace"))
  }

  /// SQLite has a journal beside a trace that is being made, a log beside one that is written.
  @Test(arguments: ["", "-wal", "-shm", "-journal", ".complete", ".complete-journal"])
  func aFolderWithTheTraceOfAKilledRunIsTaken(suffix: String) throws {
    try write("half of a trace", to: "trace.running.gradtrace" + suffix)
    #expect(try report(.healthy()).write(to: folder) == folder + "/report.md")
  }

  @Test func aFolderWithForeignFilesIsRefused() throws {
    try write("mine", to: "thesis.tex")
    #expect(
      message { try report(.healthy()).write(to: folder) }
        == "\(folder): the folder holds \"thesis.tex\", which is not of a report; expected an empty folder or an earlier report"
    )
    #expect(try files() == ["thesis.tex"])
  }

  @Test func somebodyElsesReportIsForeign() throws {
    try write("# My own report\n", to: "report.md")
    #expect(
      message { try report(.healthy()).write(to: folder) }?.contains("\"report.md\"") == true)
    #expect(try page() == "# My own report\n")
  }

  @Test func aPictureThatTheReportDoesNotListIsForeign() throws {
    try report(.healthy()).write(to: folder)
    try write("mine", to: "holiday.png")
    #expect(
      message { try report(.healthy()).write(to: folder) }?.contains("\"holiday.png\"") == true)
  }

  @Test func aForgedListReachesNothingOutside() throws {
    try write("precious", to: "../precious.png")
    try write("<!-- gradcheck report: ../precious.png .hidden.png -->\n", to: "report.md")
    try report(.healthy()).write(to: folder)
    #expect(try files(in: root).contains("precious.png"))
  }

  @Test func aFileInTheFoldersPlaceIsNamed() throws {
    try "text".write(toFile: folder, atomically: true, encoding: .utf8)
    #expect(
      message { try report(.healthy()).write(to: folder) }
        == "\(folder): is a file, expected a folder to write the report to")
    #expect(try String(contentsOfFile: folder, encoding: .utf8) == "text")
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    try "text".write(toFile: root + "/file", atomically: true, encoding: .utf8)
    #expect(
      message { try report(.healthy()).write(to: root + "/file/report") }
        == "\(root)/file/report: the folder can't be made: not a directory")
  }

  @Test func aPictureThatCannotBeReplacedLeavesTheEarlierReport() throws {
    try report(.deadReLU()).write(to: folder)
    let before = try page()
    try FileManager.default.removeItem(atPath: folder + "/overview.png")
    try FileManager.default.createDirectory(
      atPath: folder + "/overview.png", withIntermediateDirectories: false)
    #expect(
      message { try report(.vanishing()).write(to: folder) }
        == "\(folder)/overview.png: can't be written: is a directory")
    #expect(try page() == before)
    #expect(try !files().contains { $0.hasPrefix(".") })
  }

  @Test func whatAKilledReportLeftIsRemoved() throws {
    let leftover = folder + "/.gradcheck-unfinished-abc"
    try FileManager.default.createDirectory(atPath: leftover, withIntermediateDirectories: true)
    try report(.healthy()).write(to: folder)
    #expect(try !files().contains { $0.hasPrefix(".") })
  }

  @Test func aTraceThatBreaksLeavesNothing() throws {
    struct Broken: TraceSource {
      func forEachStep(_ body: (StepRecord) throws -> Void) throws {
        throw InputError(file: "run.jsonl", line: 7, "the line is cut off")
      }
      func document(_ name: String) throws -> String? { nil }
    }
    let sample = SampleRun.healthy()
    let trace = Trace(header: sample.trace.header, source: Broken())
    #expect(
      message { try Report(trace, sample.diagnosis).write(to: folder) }
        == "run.jsonl:7: the line is cut off")
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  // MARK: - The evidence of a finding

  @Test func findingsThatOneChartShowsShareIt() throws {
    var sample = SampleRun.healthy()
    sample.diagnosis = SampleRun.saturated().diagnosis
    var finding = sample.diagnosis.findings[0]
    sample.diagnosis.findings = [("not-learning", nil), ("collapsed-output", "dense-3")].map {
      (finding.id, finding.layer) = $0
      return finding
    }
    try report(sample).write(to: folder)
    #expect(try files().filter { $0.hasPrefix("loss") } == ["loss.png"])
    #expect(try page().contains("The chart of [finding 1](#finding-1) shows it."))
    // Where their layers are told apart in it, each has its own.
    sample.diagnosis.findings = [("untrained-layer", "dense-1"), ("untrained-layer", "dense-2")].map
    {
      (finding.id, finding.layer) = $0
      return finding
    }
    try report(sample).write(to: folder)
    #expect(
      try files().filter { $0.hasPrefix("update") }
        == ["update-ratio-dense-2.png", "update-ratio.png"])
  }

  @Test(arguments: [
    ("saturated-activation", "gradient-flow.png"), ("subnormal-gradient", "delta-map.png"),
    ("symmetric-initialization", "network.png"),
  ])
  func withoutHistogramsAnotherChartIsTheEvidence(symptom: String, file: String) throws {
    var sample = SampleRun.saturated()
    var steps: [StepRecord] = []
    try sample.trace.forEachStep { steps.append($0.withoutDistributions) }
    sample.trace = Trace(header: sample.trace.header, steps: steps)
    sample.diagnosis.findings[0].id = symptom
    try report(sample).write(to: folder)
    let section = try #require(try page().split(separator: "## What was found").last)
    let picture = try #require(section.split(separator: "\n").first { $0.hasPrefix("![") })
    #expect(picture.hasSuffix("](\(file))"))
    // Each picture stands on the page once, besides the overview.
    #expect(try page().components(separatedBy: "](\(file))").count == 2)
  }
}

extension StepRecord {
  /// As a framework without histograms and figures of single units records it.
  fileprivate var withoutDistributions: StepRecord {
    var record = self
    for place in record.layers.indices {
      record.layers[place]?.activation?.histogram = nil
      record.layers[place]?.delta?.histogram = nil
      record.layers[place]?.unitDeltas = nil
      for parameter in record.layers[place]?.parameters.indices ?? 0..<0 {
        record.layers[place]?.parameters[parameter]?.gradientHistogram = nil
      }
    }
    return record
  }
}
