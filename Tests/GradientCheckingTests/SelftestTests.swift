import Backpropagation
import Foundation
import Testing

@testable import GradientChecking

/// The checker is asked about wrong gradients; and whoever asks is asked about wrong checkers.
struct SelftestTests {
  /// All that the command does, once.
  private static let whole = FullSelftest()
  private static var test: Selftest { whole.layers }

  @Test func everyMistakeIsCaughtAndNamed() {
    let test = Self.test
    #expect(test.missed.isEmpty, "\(test.missed.prefix(5))")
    #expect(test.falseAlarms.isEmpty, "\(test.falseAlarms.prefix(5))")
    #expect(test.rightGradients > 500)
    #expect(test.trials.count > 5_000)
    let unnamed = test.trials.filter { !$0.isNamed }
    #expect(Double(unnamed.count) <= 0.05 * Double(test.trials.count), "\(unnamed.prefix(20))")
    #expect(test.hasPassed)
  }

  /// Being in a catalog is being in the table; every kind of mistake is planted in several layers, at every magnitude.
  @Test func theTableIsComplete() {
    let test = Self.test
    #expect(test.subjects == LayerCatalog.all.entries.map(\.id) + LossCatalog.all.entries.map(\.id))
    #expect(SelftestSubject.all.count == LayerSample.all.count + LossSample.all.count)
    for subject in test.subjects {
      #expect(test.trials.contains { $0.subject == subject }, "\(subject)")
    }
    #expect(Mutation.allCases.count >= 14)
    for mutation in Mutation.allCases {
      let trials = test.trials.filter { $0.mutation == mutation }
      #expect(Set(trials.map(\.subject)).count >= 5, "\(mutation)")
      #expect(Set(trials.map(\.scale)) == Set(Selftest.scales), "\(mutation)")
    }
    #expect(Selftest.scales.min() == 1e-12 && Selftest.scales.max() == 1e6)
  }

  @Test func everyPartPasses() {
    #expect(Self.whole.hasPassed, "\(Self.whole)")
    #expect(Self.whole.description.contains("mistakes in 7 whole networks are caught"))
  }

  @Test func thePageIsWhatTheCommandPrints() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Documentation/selftest.md")
    #expect(try String(contentsOf: page, encoding: .utf8) == Self.whole.markdown)
  }

  /// A mistake that changes nothing isn't planted, nor one that another goes by the name of.
  @Test func whatAppliesIsWhatChangesTheGradient() {
    func mutations(_ subject: String, _ part: String) -> Set<Mutation> {
      Set(
        Self.test.trials.filter { $0.subject == subject && $0.tensor.hasSuffix(part) }
          .map(\.mutation))
    }
    // δ = Wᵀδ doesn't depend on the inputs, dE/dw = δ·z does.
    #expect(!mutations("dense", "/input").contains(.stale))
    #expect(mutations("dense", "/weight").contains(.stale))
    #expect(mutations("relu", "/input").contains(.stale))
    // The sign of z = max(a, 0) is that of a, σ(σ(a)) is another number than σ(a).
    #expect(!mutations("relu", "/input").contains(.atOutput))
    #expect(mutations("sigmoid", "/input").contains(.atOutput))
    // A vector has no rows.
    #expect(mutations("dense", "/bias").isDisjoint(with: [.transposed, .shiftedByRow, .zeroed]))
    #expect(mutations("dense", "/bias").isSuperset(of: [.biasDropped, .lastExample]))
    #expect(mutations("embedding", "/input").isEmpty)
  }

  private static let few: [SelftestSubject] = [
    .layer(Dense(5), id: "dense", inputs: [[7]]), .layer(Tanh(), id: "tanh", inputs: [[7]]),
    .loss(.halfSquaredError, id: "half-squared-error", output: [5]),
  ]

  private static func check(
    _ variable: Variable, _ method: CheckMethod, _ seed: UInt64
  ) -> TensorCheck {
    var source = RandomSource(seed: seed)
    return TensorChecker(variable: variable).checkEntries(
      batch: Selftest.examples, method: method, from: &source)
  }

  private static func passing(_ check: TensorCheck) -> TensorCheck {
    TensorCheck(
      name: check.name, layer: check.layer, count: check.count, checked: check.checked,
      passed: check.checked, failed: 0, unverifiable: 0, atKink: 0, worst: nil, signature: nil)
  }

  @Test func theRealCheckerPasses() {
    #expect(Selftest(seed: 3, subjects: Self.few).hasPassed)
  }

  /// An absolute tolerance passes whatever is below it.
  @Test func anAbsoluteToleranceIsFoundOut() {
    let test = Selftest(seed: 1, subjects: Self.few) { variable, method, seed in
      let check = Self.check(variable, method, seed)
      let isSmall = check.worst.map { abs($0.analytic - $0.numeric) < 1e-5 } ?? false
      return isSmall ? Self.passing(check) : check
    }
    #expect(!test.hasPassed)
    #expect(test.missed.contains { $0.scale == 1e-12 && $0.mutation == .negated })
    #expect(!test.missed.contains { $0.scale >= 1 && $0.mutation == .negated })
    #expect(test.description.contains("FAIL   doubled in dense/weight was not caught"))
  }

  /// A single mistake that isn't caught is enough, as is a right gradient that isn't passed.
  @Test func oneMissIsEnough() {
    let blind = Selftest(seed: 1, subjects: Self.few, scales: [1]) { variable, method, seed in
      let check = Self.check(variable, method, seed)
      let isMissed = check.recognized == .transposed && variable.name == "dense/weight"
      return isMissed ? Self.passing(check) : check
    }
    #expect(blind.missed.map(\.mutation) == [.transposed])
    #expect(!blind.hasPassed)
    let nervous = Selftest(seed: 1, subjects: Self.few, scales: [1]) { variable, method, seed in
      var check = Self.check(variable, method, seed)
      if variable.name == "tanh/input" { check.failed += 1 }
      return check
    }
    #expect(nervous.missed.isEmpty)
    #expect(nervous.falseAlarms.map(\.tensor) == ["tanh/input"])
    #expect(!nervous.hasPassed)
  }

  /// Who catches everything and names nothing has no license either.
  @Test func namesAreAskedFor() {
    let mute = Selftest(seed: 1, subjects: Self.few, scales: [1]) { variable, method, seed in
      var check = Self.check(variable, method, seed)
      check.recognized = nil
      return check
    }
    #expect(mute.missed.isEmpty && mute.falseAlarms.isEmpty)
    #expect(mute.named == 0)
    #expect(!mute.hasPassed)
  }

  /// What rounding does to a gradient is no mistake.
  @Test(arguments: Selftest.scales)
  func nearMissesPass(scale: Double) throws {
    for distance in [1e-15, 1e-13] {
      let layer = OneEntryWrong(.off(distance), at: 17, in: Dense(5))
      let alone = try LayerAlone(
        layer, at: [[7]], examples: 6, deltaScale: scale, method: .automatic, seed: 1)
      for variable in alone.variables {
        #expect(Self.check(variable, .automatic, 1).failed == 0, "\(distance) of \(variable.name)")
      }
    }
    let wrong = try LayerAlone(
      OneEntryWrong(.off(1e-6), at: 17, in: Dense(5)), at: [[7]], examples: 6, deltaScale: scale,
      method: .automatic, seed: 1)
    #expect(Self.check(wrong.variables[0], .automatic, 1).failed == 1)
  }

  /// A tensor whose gradient is a trillionth of its siblings' is checked as well as they are.
  @Test(arguments: [1e-12, 1e-6, 1e6])
  func aTensorOfAnotherSizeThanItsSiblingsIsChecked(scale: Double) throws {
    let right = try GradientCheck(layer: Rescaled(scale: scale), input: [7], method: .dual)
    #expect(right.verdict == .pass, "\(right)")
    for mutation in [Mutation.doubled, .transposed, .shiftedByRow, .zeroed, .entryOff, .stale] {
      let layer = PlantedLayer(
        mutation, at: .parameter(0, isBias: false), in: Rescaled(scale: scale))
      let check = try GradientCheck(layer: layer, input: [7], method: .dual)
      #expect(check.failures.map(\.name) == ["rescaled/weight"], "\(mutation): \(check)")
      let isNamed = mutation.isNamed(
        by: check.failures.first?.recognized, batch: GradientCheck.batch, outputs: 5)
      #expect(isNamed, "\(mutation): \(check)")
    }
  }
}

/// z = s·W·a + b: the gradient by W is s times what it is in a dense layer.
private struct Rescaled: Layer {
  var scale: Double
  private let base = Dense(5)

  init(scale: Double) { self.scale = scale }

  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try base.outputShape(of: inputs)
  }
  func parameters(for inputs: [Shape]) -> [ParameterSpecification] { base.parameters(for: inputs) }
  func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assignProduct(of: pass.input, byTransposeOf: pass.parameters[0])
    for place in 0..<pass.output.count {
      pass.output[place] =
        S(scale) * pass.output[place] + pass.parameters[1][place % pass.output.shape.last]
    }
  }
  func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assignProduct(of: pass.outputDelta, by: pass.parameters[0])
    pass.parameterGradients[0].assignProduct(ofTranspose: pass.outputDelta, by: pass.input)
    pass.parameterGradients[1].assignSumOfRows(of: pass.outputDelta)
    for gradient in [pass.inputDelta, pass.parameterGradients[0]].compactMap({ $0 }) {
      for place in 0..<gradient.count { gradient[place] = S(scale) * gradient[place] }
    }
  }
}
