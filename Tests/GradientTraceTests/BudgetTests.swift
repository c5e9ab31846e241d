import Foundation
import GradientTrace
import Testing

/// A trace past its budget merges what is old, and only that.
@Suite struct BudgetTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func record(_ steps: [StepRecord], _ header: TraceHeader, budget: Int) throws -> Trace {
    let path = folder.path("run.gradtrace")
    let recorder = try TraceRecorder(to: path, header: header, budget: budget)
    for step in steps { try recorder.record(step) }
    try recorder.finish()
    return try Trace(contentsOf: path)
  }

  @Test func olderStepsAreMergedAndNewerOnesStayWhole() throws {
    var run = SyntheticRun(widths: [5, 4, 3], windowSteps: 10)
    let steps = run.steps(6_400)
    let budget = 600_000
    let trace = try record(steps, run.header, budget: budget)
    let size =
      try FileManager.default.attributesOfItem(
        atPath: folder.path("run.gradtrace"))[.size] as? Int
    #expect(try #require(size) < budget * 5 / 4)

    let first = try #require(try trace.firstWholeStep())
    #expect(first > 0)
    // At least a third of the budget is for whole steps, of some 300 bytes each.
    #expect(first <= steps.count - 500)
    #expect(try trace.steps() == Array(steps[first...]))

    var next = 0
    var coarsest = 0
    try trace.forEachMergedStep { row in
      #expect(row.steps.lowerBound == next)
      next = row.steps.upperBound + 1
      coarsest = max(coarsest, row.steps.count)
      let originals = steps[row.steps]
      let losses = originals.compactMap(\.loss)
      #expect(row.minimum.loss == losses.min())
      #expect(row.maximum.loss == losses.max())
      let mean = losses.reduce(0, +) / Double(losses.count)
      #expect(abs((row.mean.loss ?? 0) - mean) < 1e-6)
      let zeros = originals.compactMap { $0.layers[1]?.delta?.zeros }
      #expect(row.minimum.layers[1]?.delta?.zeros == zeros.min())
      #expect(row.maximum.layers[1]?.delta?.zeros == zeros.max())
      let updates = originals.compactMap { $0.layers[1]?.parameters[0]?.updateRMS }
      #expect(row.minimum.layers[1]?.parameters[0]?.updateRMS == updates.min())
      #expect(row.maximum.layers[1]?.parameters[0]?.updateRMS == updates.max())
      #expect(row.mean.layers[1]?.unitWindow == nil)
    }
    #expect(next == first)
    #expect(coarsest > 4)
  }

  @Test func withinTheBudgetNothingIsMerged() throws {
    var run = SyntheticRun(widths: [5, 4, 3], windowSteps: 10)
    let steps = run.steps(1_000)
    let trace = try record(steps, run.header, budget: TraceRecorder.defaultBudget)
    #expect(try trace.firstWholeStep() == nil)
    try trace.forEachMergedStep { row in Issue.record("\(row.steps) was merged") }
    #expect(try trace.steps() == steps)
  }

  @Test func aNonFiniteValueShowsInTheMergedRow() throws {
    let header = TraceHeader(producer: "tests 1", run: RunDescription(), layers: [])
    let steps = (0..<640).map {
      StepRecord(step: $0, loss: $0 == 5 ? .infinity : $0 == 9 ? .nan : Double($0))
    }
    let trace = try record(steps, header, budget: 1)
    var rows: [MergedSteps] = []
    try trace.forEachMergedStep { rows.append($0) }
    let infinite = try #require(rows.first { $0.steps.contains(5) })
    #expect(infinite.maximum.loss == .infinity)
    #expect(infinite.minimum.loss?.isFinite == true)
    let undefined = try #require(rows.first { $0.steps.contains(9) })
    #expect(undefined.mean.loss?.isNaN == true)
    #expect(undefined.maximum.loss?.isNaN == false)
  }

  @Test func aRunThatStartsToRecordSomethingLaterIsMergedToo() throws {
    var run = SyntheticRun(widths: [5, 4, 3], windowSteps: 10)
    var steps = run.steps(1_280)
    for index in 0..<700 { steps[index].layers[2] = nil }
    let trace = try record(steps, run.header, budget: 100_000)
    try trace.forEachMergedStep { row in
      let hasSome = steps[row.steps].contains { $0.layers[2] != nil }
      #expect((row.mean.layers[2] != nil) == hasSome)
    }
  }
}
