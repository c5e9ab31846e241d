import Backpropagation
import Foundation
import Testing

@testable import GradientChecking

/// What a check shows beside its verdict.
struct CheckDetailTests {
  private func detailed(
    _ network: NeuralNetwork, on data: Dataset, method: CheckMethod = .automatic
  ) throws -> GradientCheck {
    try GradientCheck(network, on: data, method: method).withDetails(of: network, on: data)
  }

  private func small(_ second: some Layer = Dense(3)) throws -> NeuralNetwork {
    try NeuralNetwork(input: [7], loss: .halfSquaredError) {
      Dense(5).named("hidden")
      Tanh()
      LayerNode(second, name: "my-layer")
    }
  }

  // MARK: - Entries

  @Test func theShownEntriesAreOfEveryKind() {
    var judgements = (0..<1_000).map { place in
      Judgement(
        outcome: .pass, analytic: Double(place % 900), numeric: Double(place % 900), floor: 0,
        step: 0, excess: 0)
    }
    judgements[500].excess = 0.9
    judgements[501].excess = 0.5
    judgements[333].outcome = .atKink
    judgements[17] = judgements[17].beside(judgements[17])
    var source = RandomSource(seed: 1)
    let shown = ShownEntries.places(of: judgements, rank: \.excess, from: &source)
    #expect(shown.prefix(2) == [500, 501])
    #expect(shown.contains(899) && shown.contains(1) && shown.contains(0) && shown.contains(17))
    #expect(shown.contains(333))
    #expect(Set(shown).count == shown.count && shown.count <= 52)
    #expect(ShownEntries.places(of: [], rank: \.excess, from: &source).isEmpty)
    let few = Array(judgements.prefix(20))
    #expect(ShownEntries.places(of: few, rank: \.excess, from: &source).count <= 20)
  }

  @Test func theOraclesAreCountedSeparately() throws {
    let check = try GradientCheck(TestNetwork.digits.make(), on: randomExamples(8))
    let checked = check.tensors.reduce(0) { $0 + $1.checked }
    #expect(check.tallies.map(\.oracle) == [.dual, .finiteDifference])
    #expect(check.tallies[0].checked == checked && check.tallies[0].agreed == checked)
    #expect((30...100).contains(check.tallies[1].checked))
    #expect(check.tallies[1].agreed == check.tallies[1].checked)
    #expect(check.tallies[0].relativeError < 1e-12)
    #expect(check.tallies[1].relativeError > check.tallies[0].relativeError)
    let entries = check.tensors.flatMap(\.entries)
    #expect(entries.allSatisfy { $0.oracle == .dual && $0.step == 0 })
    #expect(entries.contains { ($0.secondOpinion?.step ?? 0) > 0 })
    let other = try GradientCheck(
      TestNetwork.digits.make(), on: randomExamples(8), method: .finiteDifference)
    #expect(other.tallies.map(\.oracle) == [.finiteDifference])
    #expect(other.tallies[0].checked == other.tensors.reduce(0) { $0 + $1.checked })
  }

  @Test func theWorstEntryOfAFailureComesFirst() throws {
    let check = try GradientCheck(
      small(PlantedLayer(.entryZeroed, in: Dense(3))), on: GradientCheckNetworkTests.graphExamples)
    let tensor = try #require(check.failures.first)
    let first = try #require(tensor.entries.first)
    #expect(first == tensor.worst && first.verdict == .fail && first.index == [2, 0])
    #expect(first.secondOpinion != nil)
    #expect(tensor.entries.dropFirst().allSatisfy { $0.verdict == .pass })
    #expect(check.tallies.first { $0.oracle == .dual }?.failed == 1)
  }

  @Test func aDetailedResultReadsBackFromItsJSON() throws {
    let network = try small()
    let data = GradientCheckNetworkTests.graphExamples
    let check = try detailed(network, on: data).adding(SecondOrder(network, on: data))
    #expect(check.curve != nil && check.float != nil && !check.effects.isEmpty)
    let text = try check.jsonText
    #expect(GradientCheck(json: text) == check)
    let document = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let effects = try #require(document["effects"] as? [[String: Any]])
    #expect((effects[0]["text"] as? String)?.hasPrefix("raising ") == true)
    let order = try #require(document["secondOrder"] as? [String: Any])
    #expect(Set(order.keys) == ["symmetry", "sharpness", "examples", "weights"])
  }

  // MARK: - Error against step

  @Test func aRightDerivativeGivesAV() throws {
    let input = Buffer<Double>([1], filledWith: 0.3), output = Buffer<Double>([1])
    let function = ScalarFunction([.init(output: output.view, cotangent: [1])]) {
      output.elements[0] = exp(input.elements[0])
    }
    let curve = StepCurve(
      entry: 0,
      of: Variable(
        "x", of: "f", shape: [1], function: function, elements: input.elements,
        gradient: [exp(0.3)], equation: .weight, owner: input))
    let errors = curve.points.map { curve.relativeError(of: $0.derivative) }
    let least = try #require(errors.min())
    #expect(errors.count > 40 && least < 1e-9)
    #expect(zip(curve.points, curve.points.dropFirst()).allSatisfy { $0.step > $1.step })
    #expect((errors.first ?? 0) > 0.1 && (errors.last ?? 0) > 0.01)
    #expect(curve.relativeError(of: curve.numeric) < 1e-9)
    #expect(curve.step > 0 && curve.floor > 0)
  }

  @Test func aWrongDerivativeIsApproachedAtNoStep() throws {
    let check = try detailed(
      small(PlantedLayer(.weightDoubled, in: Dense(3))), on: GradientCheckNetworkTests.graphExamples
    )
    let curve = try #require(check.curve)
    #expect(curve.tensor == "my-layer/weight")
    #expect(curve.points.dropLast(6).allSatisfy { curve.relativeError(of: $0.derivative) > 0.4 })
    #expect(abs(curve.relativeError(of: curve.numeric) - 0.5) < 1e-6)
  }

  // MARK: - What a derivative means

  @Test func thePredictedChangeIsTheMeasuredOne() throws {
    let check = try detailed(TestNetwork.digits.make(), on: randomExamples(8))
    #expect(Set(check.effects.map(\.tensor)).count == 4)
    #expect(check.effects.count == 3 * 4)
    for effect in check.effects {
      #expect(effect.isVisible && effect.step <= 0.01)
      #expect(
        abs(effect.predicted - effect.derivative * effect.step) < 1e-9 * abs(effect.predicted))
      #expect(abs(effect.measured - effect.predicted) <= 0.05 * abs(effect.predicted))
    }
    let sizes = check.effects.map { abs($0.derivative) }
    #expect(sizes == sizes.sorted(by: >))
  }

  /// In a quadratic the change is known: E(w + Δ) − E(w) = gΔ + ½HΔ².
  @Test func theMeasuredChangeIsExact() throws {
    let network = try NeuralNetwork(input: [1], loss: .halfSquaredError) { Dense(1, bias: false) }
    let data = Dataset(
      inputShape: [1], inputs: [2], targets: .values([100], perExample: 1))
    let effect = try #require(try detailed(network, on: data).effects.first)
    let exact = effect.derivative * effect.step + 2 * effect.step * effect.step
    #expect(abs(effect.measured - exact) < 1e-12)
    #expect(effect.derivative < -190 && effect.step == 0.01)
  }

  /// A rectifier whose input is exactly zero: raising the bias opens it, lowering it doesn't.
  @Test func anEffectAtAKinkIsSaidToBeAtOne() throws {
    let network = try NeuralNetwork(input: [1], loss: .halfSquaredError) {
      Dense(1)
      ReLU()
    }
    let data = Dataset(inputShape: [1], inputs: [0, 3], targets: .values([9, 4], perExample: 1))
    let parameters = ParameterStore<Double>(zerosFor: network)
    parameters.views[0][0] = 1
    let check = try GradientCheck(
      network, on: data, parameters: parameters, method: .finiteDifference
    ).withDetails(of: network, on: data, parameters: parameters)
    let effect = try #require(check.effects.first { $0.tensor == "dense-1/bias" })
    #expect(effect.isAtKink && effect.text.hasSuffix(" (the error has a kink there)"))
    #expect(check.effects.first { $0.tensor == "dense-1/weight" }?.isAtKink == false)
  }

  @Test func anEffectIsToldInWords() {
    func text(_ predicted: Double, _ measured: Double, floor: Double = 1e-16) -> String {
      WeightEffect(
        tensor: "hidden/weight", index: [3, 17], value: 0.5, derivative: predicted / 0.01,
        step: 0.01, predicted: predicted, measured: measured, floor: floor
      ).text
    }
    #expect(
      text(-0.0012, -0.00119)
        == "raising hidden/weight[3, 17] by 0.01 lowers the error by 0.0012, predicted 0.0012")
    #expect(
      text(3.4e-7, 3.41e-7)
        == "raising hidden/weight[3, 17] by 0.01 raises the error by 3.4e-7, predicted 3.4e-7")
    #expect(
      text(-0.5, 0.25)
        == "raising hidden/weight[3, 17] by 0.01 raises the error by 0.25, but it was predicted "
        + "to fall by 0.5")
    #expect(
      text(-2e-18, 0)
        == "raising hidden/weight[3, 17] by 0.01 should lower the error by 2e-18, which its "
        + "rounding hides")
  }

  /// Behind twelve sigmoids a weight moves the error by less than its last digit.
  @Test func aVanishedEffectIsSaidToBeHidden() throws {
    let effects = try detailed(TestNetwork.vanishing.make(), on: randomExamples(8)).effects
    let bottom = try #require(effects.first { $0.tensor == "dense-1/weight" })
    #expect(abs(bottom.predicted) < 1e-9)
    #expect(effects.first?.tensor.hasPrefix("dense-13/") == true)
  }

  // MARK: - Float beside Double

  @Test(arguments: [TestNetwork.digits, .tanh, .vanishing, .leaky])
  func floatAgreesWithDouble(_ kind: TestNetwork) throws {
    let float = try #require(
      try detailed(kind.make(), on: randomExamples(8)).float)
    #expect(float.agrees, "\(float)")
    #expect(float.relativeError > 1e-9)
  }

  /// A layer that computes something else in Float than in Double.
  @Test func aLayerThatDiffersInFloatIsNamed() throws {
    struct Rough: Layer {
      func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }
      func forward<S>(_ pass: ForwardPass<S>) { pass.output.assign(pass.input) }
      func backward<S>(_ pass: BackwardPass<S>) {
        pass.inputDelta?.assign(pass.outputDelta)
        guard S.self == Float.self, let delta = pass.inputDelta else { return }
        for place in 0..<delta.count { delta[place] = S(1.01) * delta[place] }
      }
    }
    let network = try NeuralNetwork(input: [7], loss: .halfSquaredError) {
      Dense(5).named("below")
      Rough()
      Dense(3).named("above")
    }
    let float = try #require(
      try detailed(network, on: GradientCheckNetworkTests.graphExamples).float)
    #expect(!float.agrees && float.tensor.hasPrefix("below/"))
    #expect(abs(float.relativeError - 0.01) < 1e-4)
  }

  @Test func aGradientThatIsNoNumberDoesNotAgree() {
    #expect([Double.nan, .nan].rootOfSquares.isNaN)
    #expect([1e200, 1e200].rootOfSquares == 1e200 * 2.0.squareRoot())
    #expect([Double]().rootOfSquares == 0)
    #expect(!FloatComparison(relativeError: .infinity, tensor: "a", tensors: 1).agrees)
  }

  @Test func figuresAreShort() {
    #expect(0.0012.figures(2) == "0.0012")
    #expect(3.14159e-11.figures(2) == "3.1e-11")
    #expect((-12345.0).figures(3) == "-1.23e4")
    #expect(0.0.figures(3) == "0")
    #expect(Double.nan.figures(3) == "nan" || Double.nan.figures(3) == "-nan")
  }
}
