import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct DiagnosisTests {
  private var vanishing: SyntheticRun {
    var run = SyntheticRun(depth: 13)
    run.activation = "sigmoid"
    run.initialRMS = 0.125
    run.delta = { depth, _ in pow(10, -0.6 * Double(13 - depth)) }
    run.updateRatio = { depth, _ in 1e-2 * pow(10, -0.6 * Double(13 - depth)) }
    run.loss = { _ in 2.31 }
    return run
  }

  @Test func aRunThatLearnsIsHealthyAndSaysWhy() throws {
    let diagnosis = try SyntheticRun(depth: 3).diagnosis()
    #expect(diagnosis.verdict == .healthy)
    #expect(diagnosis.rootCause == nil)
    #expect(diagnosis.findings.isEmpty)
    #expect(diagnosis.steps == 100)
    #expect(
      diagnosis.reason
        == "the loss fell from 2.40 to 0.284; the best constant prediction costs 2.30")
  }

  @Test func silenceAloneIsNotHealth() throws {
    var run = SyntheticRun(depth: 3)
    run.loss = { _ in 2.31 }
    let diagnosis = try run.diagnosis()
    #expect(diagnosis.verdict == .inconclusive)
    #expect(diagnosis.rootCause == nil)
    #expect(diagnosis.findings.map(\.id) == ["not-learning"])
    #expect(diagnosis.findings.first?.severity == .info)
    #expect(diagnosis.description.contains("\n  Try        1  Check that the targets"))
    run.loss = { _ in nil }
    #expect(try run.diagnosis().verdict == .inconclusive)
    #expect(try run.diagnosis().reason == "no loss in this trace")
  }

  @Test func aLossThatDoesNotFallIsChainedToItsCause() throws {
    let diagnosis = try vanishing.diagnosis()
    #expect(diagnosis.verdict == .error)
    #expect(diagnosis.rootCause == 0)
    #expect(diagnosis.findings.map(\.id) == ["vanishing-gradient", "not-learning"])
    #expect(diagnosis.findings.map(\.causedBy) == [nil, 0])
    #expect(diagnosis.findings[1].severity == .warning)
  }

  @Test func whatFollowsFromAnotherFindingOffersNothingOfItsOwn() throws {
    let diagnosis = try vanishing.diagnosis()
    #expect(!diagnosis.findings[0].remedies.isEmpty)
    #expect(diagnosis.findings[1].remedies == [])
    #expect(
      diagnosis.lines(of: diagnosis.findings[1]).suffix(2) == [
        "Why: The loss alone does not tell what holds it up. It follows from vanishing gradient in "
          + "dense-1 … dense-10.",
        "Try: mend vanishing gradient in dense-1 … dense-10 first.",
      ])
  }

  @Test func theOriginIsTheEndOfAChain() throws {
    var diagnosis = try vanishing.diagnosis()
    #expect(diagnosis.origin(of: 0) == 0)
    #expect(diagnosis.origin(of: 1) == 0)
    diagnosis.findings[0].causedBy = 1
    #expect((0...1).contains(diagnosis.origin(of: 0)), "a ring of findings ends as well")
  }

  /// Clipping is never more than a warning by itself, a rate that is too low an error.
  private var clipped: SyntheticRun {
    var run = SyntheticRun(depth: 2)
    run.loss = { _ in 2.31 }
    run.updateRatio = { _, _ in 1e-7 }
    run.edit = { $0.clipFactor = 1e-5 }
    return run
  }

  @Test func aCauseIsAsBadAsTheWorstThatItBroughtAbout() throws {
    #expect(clipped.findings(of: ClippingAlwaysOn.self).map(\.severity) == [.warning])
    let diagnosis = try clipped.diagnosis()
    #expect(
      diagnosis.findings.map(\.id)
        == ["clipping-always-on", "learning-rate-too-low", "not-learning"])
    #expect(diagnosis.findings.map(\.severity) == [.error, .error, .warning])
    #expect(diagnosis.verdict == .error)
  }

  @Test func whatAPolicyToleratesMakesNothingWorse() throws {
    var policy = HealthPolicy()
    try policy.allow("learning-rate-too-low", reason: "a dry run")
    let root = try #require(try clipped.diagnosis(policy).root)
    #expect(root.id == "clipping-always-on" && root.severity == .warning)

    policy = HealthPolicy()
    try policy.allow("clipping-always-on", reason: "on purpose")
    let diagnosis = try clipped.diagnosis(policy)
    #expect(diagnosis.root?.id == "learning-rate-too-low")
    #expect(diagnosis.findings.first { $0.id == "clipping-always-on" }?.severity == .info)
  }

  @Test func anEmptyTraceIsInconclusive() throws {
    var run = SyntheticRun(depth: 3)
    run.steps = 0
    let diagnosis = try run.diagnosis()
    #expect(diagnosis.verdict == .inconclusive)
    #expect(diagnosis.findings.isEmpty)
    #expect(diagnosis.passed.isEmpty)
    #expect(diagnosis.notChecked.count == AnalyzerCatalog.all.count)
  }

  @Test func liveAndAfterwardsAgreeAtEveryStep() throws {
    let run = vanishing
    var live = LiveDiagnosis(header: run.header)
    for (count, record) in run.records.enumerated() {
      live.observe(record)
      guard count % 7 == 0 else { continue }
      let trace = Trace(header: run.header, steps: Array(run.records[...count]))
      #expect(try live.diagnosis() == Diagnosis(of: trace))
    }
  }

  @Test func theFirstTenStepsRaiseNothingWhileTheRunGoesOn() {
    let run = vanishing
    var live = LiveDiagnosis(header: run.header)
    for record in run.records.prefix(9) {
      live.observe(record)
      #expect(live.alarms().isEmpty)
    }
    live.observe(run.record(9))
    #expect(live.alarms().map(\.id) == ["vanishing-gradient"])
  }

  @Test func stepsThatLackLayersAreJudgedOnTheRest() throws {
    let run = vanishing
    let records = run.records.map { record in
      var record = record
      record.layers = Array(record.layers.prefix(record.step % 3 == 0 ? 0 : 4))
      return record
    }
    let diagnosis = try Diagnosis(of: Trace(header: run.header, steps: records))
    #expect(diagnosis.verdict == .inconclusive)
  }

  @Test func theDescriptionIsTheHealthBlock() throws {
    #expect(
      try SyntheticRun(depth: 3).diagnosis().description == """
          Health     healthy   the loss fell from 2.40 to 0.284; the best constant
                               prediction costs 2.30
                               13 symptoms looked for, none found; 11 could not be
                               looked for
        """)
    let text = try vanishing.diagnosis().description
    #expect(
      text.hasPrefix(
        """
          Health     ERROR     vanishing gradient in dense-1 … dense-10, since step 0

                     δ = dE/d(output) of a layer, L2 per example, log scale; median of
                     steps 50 to 99
          dense-13   ████████████████████████████  1
          dense-10   █████████████████████         0.016
          dense-7    ███████████████               2.5e-4
          dense-4    ████████                      4e-6
          dense-1    █                             6.3e-8

          What       δ loses 7.2 decades (a factor of 1.6e7) on its way from dense-13
        """))
    #expect(text.hasSuffix("  Besides    not learning, from the vanishing gradient"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }
}
