import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct DeadReLUTests {
  /// The update of step 5, three times the weights, kills 60 of the 64 units of relu-2.
  private var killed: SyntheticRun {
    var run = SyntheticRun(depth: 4)
    run.learningRate = 10
    run.chanceSilent = 0.05
    run.updateRatio = { depth, step in step == 5 && depth == 2 ? 3 : 1e-3 }
    run.active = { depth, step, unit in depth == 2 && step > 5 && unit < 60 ? 0 : 32 }
    run.loss = { _ in 2.31 }
    return run
  }

  @Test func namesTheLayerTheUpdateAndTheLearningRate() throws {
    let finding = try #require(killed.findings(of: DeadReLU.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layer == "relu-2")
    #expect(finding.layers == ["relu-2"])
    #expect(finding.firstStep == 5)
    #expect(finding.raisedAtStep == 29)
    #expect(abs(finding.value - (60.0 / 64 - 0.05)) < 1e-12)
    #expect(finding.cause.id == "learning-rate")
    #expect(finding.remedies.first?.id == "lower-learning-rate")
    #expect(
      finding.remedies.first?.text
        == "Lower the learning rate to 1 or less, a tenth of this run's 10.")
    #expect(
      finding.message
        == "60 of 64 units of relu-2, fed by dense-2, no longer fire for any example (half of "
        + "them fired last by step 5); chance would explain 3. The update of step 5, at learning rate 10, moved dense-2 by 3 times "
        + "its own size.")
  }

  /// Three of eight channels that died did no harm where the loss has fallen; half of them are half of the layer.
  @Test func moreOfThemMayDieWhereTheLossHasFallen() {
    var run = killed
    run.chanceSilent = 0
    run.active = { depth, step, unit in depth == 2 && step > 5 && unit < 24 ? 0 : 32 }
    #expect(run.findings(of: DeadReLU.self).first?.severity == .error)
    #expect(run.findings(of: DeadReLU.self).first?.threshold == 0.25)
    run.loss = { 2.3 / (1 + Double($0)) }
    #expect(run.findings(of: DeadReLU.self).map(\.severity) == [.info])
    run.active = { depth, step, unit in depth == 2 && step > 5 && unit < 32 ? 0 : 32 }
    #expect(run.findings(of: DeadReLU.self).map(\.severity) == [.warning])
    #expect(run.findings(of: DeadReLU.self).first?.threshold == 0.4)
  }

  @Test func theLargestExcessCountsNotTheLargestShare() {
    var run = killed
    let active = run.active
    run.active = { depth, step, unit in depth == 3 && step > 5 ? 0 : active(depth, step, unit) }
    var records = run.records
    // With nothing but zeros above it, every unit of relu-3 is silent by chance.
    for index in records.indices { records[index].layers[6]?.unitWindow?.chanceSilent = 1 }
    let context = AnalysisContext(header: run.header)
    var fold = DeadReLU(context)
    for record in records { fold.observe(ObservedStep(record, context)) }
    #expect(fold.findings().first?.layer == "relu-2")
    #expect(fold.findings().first?.layers == ["relu-2"])
  }

  @Test func whatChanceExplainsIsHealthy() {
    var run = killed
    run.active = { depth, _, unit in depth == 3 && unit < 18 ? 0 : 32 }
    run.chanceSilent = 0.25
    #expect(run.findings(of: DeadReLU.self).isEmpty)
    run.chanceSilent = 0.1
    #expect(run.findings(of: DeadReLU.self).map(\.severity) == [.info])
    run.chanceSilent = 0
    #expect(run.findings(of: DeadReLU.self).map(\.severity) == [.error])
    run.loss = { 2.3 / (1 + Double($0)) }
    #expect(run.findings(of: DeadReLU.self).map(\.severity) == [.info])
  }

  @Test func withoutChanceTheStartIsTheBaseline() throws {
    var run = killed
    run.chanceSilent = nil
    run.active = { depth, _, unit in depth == 3 && unit < 16 ? 0 : 32 }
    #expect(run.findings(of: DeadReLU.self).isEmpty)
    run.active = { depth, step, unit in
      depth == 3 && (unit < 16 || unit < 60 && step > 8) ? 0 : 32
    }
    let finding = try #require(run.findings(of: DeadReLU.self).first)
    #expect(finding.message.contains("16 of them may have been so at the start"))
    #expect(finding.firstStep == 8)
  }

  @Test func silenceForTooFewExamplesIsNoDeath() {
    var run = killed
    run.steps = 20
    run.windowSteps = 5
    run.active = { depth, step, unit in depth == 2 && step > 5 && unit < 60 ? 0 : 32 }
    // 14 steps of 64 examples are 896; it takes 1,000.
    #expect(run.findings(of: DeadReLU.self).isEmpty)
    run.run.plannedSteps = 44
    // A quarter of the planned run, 11 steps, is enough.
    #expect(run.findings(of: DeadReLU.self).count == 1)
    run.run.plannedSteps = 1000
    run.run.examplesPerEpoch = 60_000
    run.steps = 200
    #expect(
      run.outcome(of: DeadReLU.self)
        == .notChecked("fewer examples than it takes to call a unit dead"))
  }

  @Test func unitsThatComeBackAreNotDead() throws {
    var run = killed
    run.active = { depth, step, unit in
      depth == 2 && step > 5 && unit < (step > 70 ? 40 : 60) ? 0 : 32
    }
    let finding = try #require(run.findings(of: DeadReLU.self).first)
    #expect(finding.message.contains("40 of 64 units"))
    #expect(finding.message.contains("Of the others 20 died and came back."))
  }

  @Test func unitsBornDeadBlameTheBiases() throws {
    var run = killed
    run.active = { depth, _, unit in depth == 2 && unit < 50 ? 0 : 32 }
    var header = run.header
    header.layers[3].parameters[1].initialRMS = 4
    let context = AnalysisContext(header: header)
    var fold = DeadReLU(context)
    for record in run.records { fold.observe(ObservedStep(record, context)) }
    let finding = try #require(fold.findings().first)
    #expect(finding.firstStep == 0)
    #expect(finding.cause.id == "initial-scale")
    #expect(
      finding.cause.text
        == "The biases of dense-2 start at a size of 4, which holds its units below zero.")
    #expect(finding.remedies.first?.id == "zero-bias")
    #expect(run.findings(of: DeadReLU.self).first?.cause.id == "data")
  }

  @Test func aSlowDeathBlamesTheDrift() throws {
    var run = killed
    run.updateRatio = { _, _ in 1e-2 }
    run.active = { depth, step, unit in depth == 2 && unit < 60 && step > unit ? 0 : 32 }
    let finding = try #require(run.findings(of: DeadReLU.self).first)
    #expect(finding.cause.id == "learning-rate")
    #expect(finding.cause.text.hasPrefix("The units died one after the other, around step"))
  }

  @Test func windowsWithoutLastStepsDateByTheirOwn() throws {
    var run = killed
    run.windowSteps = 1
    let records = run.records.map { record in
      var record = record
      for index in record.layers.indices { record.layers[index]?.unitWindow?.lastActive = nil }
      return record
    }
    let context = AnalysisContext(header: run.header)
    var fold = DeadReLU(context)
    for record in records { fold.observe(ObservedStep(record, context)) }
    #expect(fold.findings().first?.firstStep == 5)
  }

  @Test func everythingElseFollowsFromIt() throws {
    var run = killed
    run.active = { depth, step, _ in depth == 2 && step > 5 ? 0 : 32 }
    run.delta = { depth, step in depth <= 2 && step > 5 ? 0 : 0.5 }
    let diagnosis = try run.diagnosis()
    #expect(diagnosis.findings.map(\.id) == ["dead-relu", "blocked-gradient", "not-learning"])
    #expect(diagnosis.findings.map(\.causedBy) == [nil, 0, 0])
  }

  @Test func saysWhatIsMissing() {
    var run = killed
    run.steps = 0
    let missing = Outcome.notChecked("no per-unit counts in this trace")
    #expect(run.outcome(of: DeadReLU.self) == missing)
    run.steps = 100
    run.windowSteps = 1000
    run.units = 0
    #expect(run.outcome(of: DeadReLU.self) == missing)
    run = killed
    run.activation = "tanh"
    #expect(
      run.outcome(of: DeadReLU.self)
        == .notChecked("no activation with a zero branch in this network"))
    run = SyntheticRun(depth: 3)
    run.nonFinite = { _, _, _ in 9 }
    #expect(run.findings(of: DeadReLU.self).isEmpty)
  }
}
