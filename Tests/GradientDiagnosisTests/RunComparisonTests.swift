import GradientDiagnosis
import GradientTrace
import Testing

/// What differs between two runs, and what is only noise.
@Suite struct RunComparisonTests {
  private typealias Quantity = RunComparison.Quantity

  /// A run whose δ is multiplied by a factor of its own at each depth.
  private func run(_ factors: [Double] = [1, 1, 1, 1], steps: Int = 100) -> SyntheticRun {
    var run = SyntheticRun(depth: factors.count)
    run.steps = steps
    run.delta = { depth, _ in 0.5 * factors[depth - 1] }
    return run
  }

  private func changed(_ comparison: RunComparison, _ quantity: Quantity = .delta) -> [String] {
    comparison.entries(of: quantity).filter(\.isChanged).map(\.layer)
  }

  @Test func aRunBesideItselfHasNotChanged() throws {
    let comparison = try RunComparison(of: run().trace, with: run().trace)
    #expect(comparison.changes == [] && comparison.steps == 50...99)
    #expect(comparison.headline == "no layer beyond what is noise")
    #expect(
      Set(comparison.entries.map(\.quantity)) == Set(Quantity.allCases).subtracting([.weight]))
  }

  @Test func theLayerThatChangedIsNamed() throws {
    let comparison = try RunComparison(of: run().trace, with: run([0.2, 1, 1, 1]).trace)
    #expect(comparison.headline == "δ in dense-1")
    #expect(comparison.shortHeadline == "δ changed in 1 of 4 layers, most in dense-1: ÷ 5")
    let entry = try #require(comparison.changes.first)
    #expect(entry.before == 1 && abs(entry.after - 0.2) < 1e-12 && entry.noiseFactor == "×÷ 3.2")
    // A factor of 2.5 may be another seed's.
    #expect(changed(try RunComparison(of: run().trace, with: run([0.4, 1, 1, 1]).trace)) == [])
  }

  @Test func whatAllLayersShareIsNoChangeOfTheirProfile() throws {
    let comparison = try RunComparison(of: run().trace, with: run([0.01, 0.01, 0.01, 0.01]).trace)
    #expect(changed(comparison) == [])
  }

  @Test func repeatedRunsTellTheNoise() throws {
    let seeds = [
      [1, 1, 1, 1], [1.1, 1, 1, 1], [0.95, 1, 1, 1], [1.05, 1, 1, 1], [0.9, 1, 1, 1],
    ]
    let traces = seeds.map { run($0).trace }
    func compare(_ factor: Double, _ repeats: Int) throws -> [String] {
      changed(
        try RunComparison(
          of: traces[0], with: run([factor, 1, 1, 1]).trace,
          repeats: Array(traces[1..<repeats])))
    }
    #expect(try compare(0.6, 5) == ["dense-1"] && compare(0.9, 5) == [])
    #expect(try compare(0.6, 3) == [] && compare(0.3, 3) == ["dense-1"])
    #expect(try compare(0.4, 2) == [] && compare(0.2, 2) == ["dense-1"])
    // What strays from run to run hides a change of its own size.
    let wild = [[1, 1, 1, 1], [4, 1, 1, 1], [0.2, 1, 1, 1], [2, 1, 1, 1], [0.5, 1, 1, 1]]
    let hidden = try RunComparison(
      of: run(wild[0]).trace, with: run([0.1, 1, 1, 1]).trace,
      repeats: wild.dropFirst().map { run($0).trace })
    #expect(changed(hidden) == [] && hidden.repeats == 5)
  }

  @Test func zerosAndNonFiniteValuesAreChanges() throws {
    let zero = try RunComparison(of: run().trace, with: run([0, 1, 1, 1]).trace)
    #expect(changed(zero) == ["dense-1"])
    #expect(zero.changes.first?.factor == "now 0" && zero.changes.first?.decades == nil)
    let back = try RunComparison(of: run([0, 1, 1, 1]).trace, with: run().trace)
    #expect(changed(back) == ["dense-1"] && back.changes.first?.factor == "was 0")
    #expect(
      changed(try RunComparison(of: run([0, 1, 1, 1]).trace, with: run([0, 1, 1, 1]).trace)) == [])
    let broken = try RunComparison(of: run().trace, with: run([.nan, 1, 1, 1]).trace)
    #expect(changed(broken) == ["dense-1"] && broken.changes.first?.factor == "not finite")
    #expect(try broken.jsonText.contains("\"after\" : \"NaN\""))
  }

  @Test func layersOfOneAloneAreNamed() throws {
    var other = run()
    other.editHeader = { $0.layers[1].name = "renamed" }
    let comparison = try RunComparison(of: run().trace, with: other.trace)
    #expect(comparison.removed == ["dense-1"] && comparison.added == ["renamed"])
    #expect(!comparison.entries.contains { $0.layer == "dense-1" })
  }

  @Test func runsOfUnequalLengthAreComparedWhereBothHaveSteps() throws {
    let short = run(steps: 30)
    let long = run([0.1, 1, 1, 1], steps: 100)
    let comparison = try RunComparison(of: short.trace, with: long.trace)
    #expect(comparison.steps == 0...29 && changed(comparison) == ["dense-1"])
    let early = try RunComparison(of: run().trace, with: long.trace, upTo: 60)
    #expect(early.steps == 11...60)
    let none = try RunComparison(of: run(steps: 0).trace, with: long.trace)
    #expect(none.steps == nil && none.headline == "nothing that both runs recorded")
  }

  /// A run whose first layer starts with weights, outputs and a loss of another size, for which training makes up within 30
  /// steps.
  private func start(_ scale: Double, outputs: Double? = nil, from first: Int = 0) -> Trace {
    var run = SyntheticRun(depth: 3)
    run.edit = { record in
      record.step += first
      guard record.step < 30 else { return }
      record.layers[1]?.parameters[0]?.rms = 0.18 * scale
      record.layers[1]?.activation?.rms = outputs ?? scale
      record.loss = record.loss.map { $0 * max(1, scale) }
    }
    return run.trace
  }

  @Test func whatTrainingMakesUpForIsSeenInTheFirstSteps() throws {
    let baseline = try RunBaseline(of: [1, 1.1, 0.9, 1.05, 0.95].map { start($0) })
    #expect(baseline.firstSteps == 0...4 && baseline.steps == 50...99)
    let large = try RunComparison(of: baseline, with: start(3))
    #expect(large.end.worse == [] && large.changes == [] && large.isLossWorse)
    #expect(large.worse.map(\.layer) == ["dense-1"])
    #expect(large.worse.map(\.quantity) == [.weight])
    #expect(
      large.worseSummary == """
        worse than the baseline in the first steps, 0 to 4: the loss is 6.00, before 2.06; the \
        weights' scale is worse in dense-1: 4.3, before 1.4 (× 3, noise ×÷ 1.5).
        Noise is how 5 runs of the baseline differ.
        """)
    // What random weights make of an input may differ by chance, but not by any factor.
    #expect(try RunComparison(of: baseline, with: start(1, outputs: 9)).worseSummary == nil)
    #expect(
      try RunComparison(of: baseline, with: start(1, outputs: 11)).worse.map(\.quantity)
        == [.activation])
    // Another seed, and a start that is off by less than a factor of 2.
    for scale in [1.02, 0.98, 1.7] {
      #expect(try RunComparison(of: baseline, with: start(scale)).worseSummary == nil, "\(scale)")
    }
    // What is mended is no worse.
    let tripled = try RunBaseline(of: [3, 3.1, 2.9, 3.05, 2.95].map { start($0) })
    #expect(try RunComparison(of: tripled, with: start(1)).worseSummary == nil)
  }

  @Test func aRunWithoutFirstStepsIsHeldAgainstTheLast() throws {
    let baseline = try RunBaseline(of: [1, 1.1, 0.9].map { start($0) })
    let resumed = try RunComparison(of: baseline, with: start(3, from: 30))
    #expect(resumed.start == nil && resumed.steps == 50...99 && resumed.worseSummary == nil)
    // Runs that are as short as the first steps have no others, and those that began later not these.
    #expect(try RunBaseline(of: [run(steps: 5).trace]).firstSteps == nil)
    #expect(try RunBaseline(of: [run(steps: 6).trace]).firstSteps == 0...4)
    #expect(try RunBaseline(of: [start(1), start(1, from: 30)]).firstSteps == nil)
    #expect(try RunComparison(of: run().trace, with: run().trace).start == nil)
  }
}
