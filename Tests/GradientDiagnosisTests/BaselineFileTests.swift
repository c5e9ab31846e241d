import Foundation
import GradientDiagnosis
import GradientTrace
import GzipIO
import Testing

/// A file of baselines: what it keeps, and what it refuses, by exact message.
@Suite struct BaselineFileTests {
  private func run(steps: Int = 100, delta: Double = 0.5, depth: Int = 3) -> Trace {
    var run = SyntheticRun(depth: depth)
    run.steps = steps
    run.delta = { depth, _ in depth == 1 ? delta : 0.5 }
    return run.trace
  }

  /// Writes a file and hands over its path, for as long as `body` takes.
  private func withFile(
    _ baselines: [String: RunBaseline], _ change: (String) -> String = { $0 },
    _ body: (String) throws -> Void
  ) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var file = BaselineFile(path: path)
    file.baselines = baselines
    try file.write()
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let changed = change(text)
    if changed != text { try Data(changed.utf8).write(to: URL(filePath: path)) }
    try body(path)
  }

  private func message(_ body: () throws -> some Any) throws -> String {
    try #require(#expect(throws: InputError.self) { _ = try body() }).message
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let one = try RunBaseline(of: [run(), run(delta: 0.45), run(delta: 0.55)])
    let other = try RunBaseline(of: [run(steps: 20, delta: .nan)])
    try withFile(["one": one, "other \"☃\"": other]) { path in
      let file = try BaselineFile(contentsOf: path)
      #expect(file.baselines["one"] == one && file.baselines.count == 2)
      #expect(try file.jsonText.contains("\"format\" : \"gradient-baseline\""))
      #expect(try file.comparison(of: "one", with: run()).worseSummary == nil)
      let worse = try file.comparison(of: "one", with: run(delta: 0.05))
      #expect(
        worse.worseSummary?.hasPrefix(
          "worse than the baseline in the last steps, 50 to 99: δ is worse in dense-1: 0.1, before 1 "
            + "(÷ 10, noise ×÷ 2).\n")
          == true)
    }
  }

  @Test func filesThatAreNoneAreRefused() throws {
    let one = try RunBaseline(of: [run()])
    try withFile(["one": one], { _ in "{}" }) { path in
      let found = try message { try BaselineFile(contentsOf: path) }
      #expect(
        found
          == "is no baseline, expected one that `gradcheck baseline update` wrote")
    }
    try withFile(["one": one], { $0.replacing("\"version\" : 2", with: "\"version\" : 3") }) {
      path in
      let found = try message { try BaselineFile(contentsOf: path) }
      #expect(found == "is of version 3, expected one up to version 2")
    }
    try withFile(["one": one], { $0.replacing("\"runs\"", with: "\"walks\"") }) { path in
      let found = try message { try BaselineFile(contentsOf: path) }
      #expect(
        found
          == "is damaged: it can't be read as a baseline")
    }
    for step in ["-5", "9223372036854775807"] {
      try withFile(
        ["one": one], { $0.replacing("\"lastStep\" : 99", with: "\"lastStep\" : \(step)") }
      ) { path in
        let found = try message { try BaselineFile(contentsOf: path) }
        #expect(
          found
            == "is damaged: the baseline of \"one\" can't be read")
      }
    }
  }

  @Test func whatCannotBeComparedNamesTheCommandThatMendsIt() throws {
    let one = try RunBaseline(of: [run()])
    try withFile(["one": one, "two": one]) { path in
      let file = try BaselineFile(contentsOf: path)
      let mend = "`gradcheck baseline update m.yaml --baseline \(path)`"
      func refusal(_ name: String, _ run: Trace) throws -> String {
        try message { try file.comparison(of: name, with: run, from: "m.yaml") }
      }
      #expect(
        try refusal("three", run())
          == "has no baseline of \"three\", only of \"one\", \"two\"; \(mend) measures it")
      #expect(
        try refusal("one", run(depth: 4))
          == "the baseline of \"one\" is of another model: it has no \"dense-4/weight\", which this "
          + "run has; \(mend) measures it anew")
      #expect(
        try refusal("one", run(depth: 2))
          == "the baseline of \"one\" is of another model: it has \"dense-3/weight\", which this run "
          + "doesn't have; \(mend) measures it anew")
      var wide = SyntheticRun(depth: 3)
      wide.units = 32
      #expect(
        try refusal("one", wide.trace)
          == "the baseline of \"one\" is of another model: its \"dense-1/weight\" is [64, 64], this "
          + "run's [32, 32]; \(mend) measures it anew")
      #expect(
        try refusal("one", run(steps: 60))
          == "the baseline of \"one\" is of steps 50 to 99, and the run ends at step 59; \(mend) "
          + "measures it anew")
      // Half of the steps are enough, and a run without any is for its diagnosis to judge.
      #expect(try file.comparison(of: "one", with: run(steps: 80)).worseSummary == nil)
      let none = try file.comparison(of: "one", with: run(steps: 0))
      #expect(none.entries.isEmpty)
    }
  }

  @Test func aLayerWithoutWeightsMayBeReplaced() throws {
    var sigmoids = SyntheticRun(depth: 3)
    sigmoids.activation = "sigmoid"
    let file = try RunBaseline(of: [run()])
    #expect(file.difference(from: sigmoids.header) == nil)
  }

  @Test func aFileOfVersion1TellsOfTheLastStepsAlone() throws {
    let one = try RunBaseline(of: [run(), run(delta: 0.45), run(delta: 0.55)])
    let asItWas = { (text: String) in
      text.replacing(/"start" : \{(.|\n)*?\n      \},/, with: "")
        .replacing("\"version\" : 2", with: "\"version\" : 1")
    }
    try withFile(["one": one], asItWas) { path in
      var file = try BaselineFile(contentsOf: path)
      #expect(file.baselines["one"]?.firstSteps == nil && file.baselines["one"]?.steps == 50...99)
      let comparison = try file.comparison(of: "one", with: run())
      #expect(comparison.start == nil && comparison.worseSummary == nil)
      // What was measured anew beside it has both.
      file.baselines["two"] = one
      try file.write()
      let again = try BaselineFile(contentsOf: path)
      #expect(
        again.baselines["one"]?.firstSteps == nil && again.baselines["two"]?.firstSteps == 0...4)
    }
    try withFile(["one": one], { $0.replacing("\"lastStep\" : 4,", with: "\"lastStep\" : -4,") }) {
      path in
      let found = try message { try BaselineFile(contentsOf: path) }
      #expect(found == "is damaged: the baseline of \"one\" can't be read")
    }
  }
}
