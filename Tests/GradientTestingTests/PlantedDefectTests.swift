import Foundation
import GradientHealth
import GradientTesting
import Testing

/// Each expectation fails on a planted defect, at its own line, with a message that says what, where and why.
struct PlantedDefectTests {
  /// The issues that `body` records.
  private func issues(
    _ body: @Sendable () throws -> Void
  ) async throws -> [RecordedIssues.Issue] {
    try await RecordedIssues.during(body).recorded.issues
  }

  @Test func aForgottenTermIsCaught() async throws {
    let line = #line + 2
    let found = try await issues {
      try expectCorrectGradients(ofLayer: CarelessSwish(), input: [6])
    }
    #expect(found.map(\.line) == [line])
    #expect(found[0].text.hasPrefix("the gradients are wrong\n  FAIL   "))
    #expect(found[0].text.contains("Breaks equation"))
  }

  @Test func aVanishingGradientIsCaught() async throws {
    let line = #line + 2
    let recorded = try await RecordedIssues.during {
      try expectHealthyGradients(training: Subjects.vanishing(), on: Subjects.digits())
    }.recorded
    let found = recorded.issues
    #expect(found.map(\.line) == [line])
    #expect(recorded.attachments.contains("report.md"))
    #expect(recorded.attachments.contains("overview.png"))
    let lines = found[0].text.split(separator: "\n")
    #expect(lines[0].hasPrefix("vanishing-gradient (error) in dense-1, since step 0: δ loses "))
    #expect(lines[1] == "Why: Every sigmoid multiplies δ by at most 0.25.")
    #expect(lines[2].hasPrefix("Try: Use relu with He initialization"))
    let page = try #require(lines.last?.split(separator: " ").last.map(String.init))
    #expect(lines.last?.hasPrefix("Report: ") == true)
    #expect(
      try String(contentsOfFile: page, encoding: .utf8).hasPrefix("# ERROR: vanishing gradient"))
  }

  @Test func aRunWithoutStepsIsNotGreen() async throws {
    let empty = Trace(
      header: try Subjects.trace(of: Subjects.healthy(), steps: 1).header, steps: [])
    let found = try await issues {
      try expectHealthyGradients(in: empty)
      try expectLiveUnits(in: empty)
      try expectFiniteGradients(in: empty)
      try expectGradientFlow(in: empty)
      try expectUpdateRatios(in: empty)
      try expectNoWorse(empty, than: RunBaseline(of: [Subjects.trace(of: Subjects.healthy())]))
    }
    #expect(found.count == 6)
    for issue in found { #expect(issue.text.hasPrefix("no verdict"), "\(issue.text)") }
  }

  @Test func particularDefectsAreCaught() async throws {
    let vanishing = try Subjects.trace(of: Subjects.vanishing())
    let wild = try Subjects.trace(of: Subjects.healthy(learningRate: 1e6))
    let still = try Subjects.trace(of: Subjects.healthy(learningRate: 1e-9))
    let baseline = try RunBaseline(
      of: (1...3).map { try Subjects.trace(of: Subjects.healthy(seed: $0)) })
    let found = try await issues {
      try expectGradientFlow(in: vanishing)
      try expectFiniteGradients(in: wild)
      try expectUpdateRatios(in: still)
      try expectNoWorse(still, than: baseline)
    }
    #expect(found.count == 4)
    #expect(found[0].text.contains(" decades a layer on its way from dense-11 ("))
    #expect(found[1].text.hasPrefix("non-finite (error) in "))
    #expect(found[2].text.hasSuffix("Try: a higher learning rate."))
    #expect(
      found[3].text.hasPrefix("worse than the baseline in the first steps, 0 to 4: update:weight"))
    #expect(found[3].text.contains(". And in the last steps, 150 to 199: the loss is "))
  }

  @Test func aBaselineOfAnotherModelIsRefused() async throws {
    let wide = try Subjects.trace(of: Subjects.vanishing(), steps: 60)
    let baseline = try RunBaseline(of: [Subjects.trace(of: Subjects.healthy(), steps: 60)])
    #expect(
      throws: InputError(
        file: "the run",
        "the baseline is of another model: it has no \"dense-10/weight\", which this run has")
    ) { try expectNoWorse(wide, than: baseline) }
    var file = BaselineFile(
      path: FileManager.default.temporaryDirectory.appending(path: "\(UUID()).json").path)
    defer { try? FileManager.default.removeItem(atPath: file.path) }
    file.baselines["digits"] = baseline
    try file.write()
    let sick = try Subjects.trace(of: Subjects.healthy(learningRate: 1e-6), steps: 60)
    let found = try await issues { [path = file.path] in
      try expectNoWorse(sick, thanBaseline: path, of: "digits")
    }
    #expect(found.count == 1)
    #expect(
      found[0].text.hasPrefix(
        "worse than the baseline in the first steps, 0 to 4: update:weight is worse in "))
  }

  @Test func deadUnitsAreCaught() async throws {
    let file = try ModelFile(contentsOf: Subjects.example("dead-relu"))
    let trainer = try #require(file.trainer)
    let data = try #require(try file.readData())
    let memory = RunMemory()
    try trainer.train(on: data.split, for: .steps(200), observer: memory.recording())
    let found = try await issues { [trace = memory.trace] in try expectLiveUnits(in: trace) }
    #expect(found.count == 1)
    #expect(found[0].text.hasPrefix("dead-relu (error) in relu-2, since step "))
  }
}
