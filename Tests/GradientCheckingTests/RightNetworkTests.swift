import Backpropagation
import Testing

@testable import GradientChecking

/// Right networks whose gradients are hard to check: none is called wrong, and what is wrong in them still is.
struct RightNetworkTests {
  /// Every layer at ten seeds, each in one of the combinations of weather, batch and method.
  @Test func nothingRightIsCalledWrong() {
    let test = RightNetworkSelftest(seeds: 1...10, isSample: true)
    #expect(test.faults.isEmpty, "\(test.faults)")
    #expect(test.falseAlarms.isEmpty, "\(test.falseAlarms.prefix(5))")
    #expect(test.trials.count == 10 * LayerSample.all.count)
    #expect(Set(test.trials.map(\.layer)) == Set(LayerCatalog.all.entries.map(\.id)))
    let combinations = test.trials.map { "\($0.weather) \($0.examples) \($0.method)" }
    #expect(Set(combinations).count == Weather.allCases.count * 2 * test.methods.count)
    #expect(test.trials.allSatisfy { $0.checked > 0 })
    #expect(test.hasPassed)
  }

  /// The δ of the layer at the bottom.
  private func delta(in weather: Weather, seed: UInt64) throws -> Double {
    let sample = weather.network(over: Dense(5), called: "dense", inputs: [[7]], seed: seed)
    let network = try sample.network()
    let point = CheckPoint(
      network, ParameterStore(network, seed: seed), sample.examples(8, for: network, seed: seed),
      .add)
    let whole = WholeNetwork(point)
    let variable = try #require(whole.variables.first { $0.layer == "checked" })
    return variable.gradientRMS
  }

  /// The weather is as bad as it says.
  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func gradientsVanishAndExplode(seed: UInt64) throws {
    let vanished = try delta(in: .vanished, seed: seed)
    #expect(vanished > 0 && vanished < 1e-9)
    if seed.isMultiple(of: 2) { #expect(try delta(in: .exploded, seed: seed) > 1e3) }
  }

  @Test(arguments: Weather.allCases, RightNetworkSelftest.methods)
  func aMistakeIsCalledOne(in weather: Weather, method: CheckMethod) throws {
    for (place, name) in [
      (GradientPlace.input(0), "checked/input"),
      (.parameter(0, isBias: false), "checked/weight"),
    ] {
      let layer = PlantedLayer(.doubled, at: place, in: Dense(5))
      let sample = weather.network(over: layer, called: "dense", inputs: [[7]], seed: 2)
      let network = try sample.network()
      let check = try GradientCheck(
        network, on: sample.examples(8, for: network, seed: 2), method: method)
      #expect(check.verdict == .fail)
      #expect(check.failures.map(\.name) == [name], "\(check)")
    }
  }

  /// A loss that is almost zero, whose δ would be the rounding of 1 were it p − 1.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func roundingIsNotCalledWrong(seed: UInt64) throws {
    let network = try NeuralNetwork(input: [3], loss: .softmaxCrossEntropy) {
      Dense(4)
      Tanh()
      Dense(3, initializer: .normal(standardDeviation: 60))
    }
    let check = try GradientCheck(
      network, on: randomExamples(1, features: 3, classes: 3, seed: seed), seed: seed)
    #expect(check.verdict == .pass, "\(check)")
  }

  /// At one of these seeds every step whose remainder shows lies beyond a kink, and the point itself before it.
  @Test func aRemainderBeyondAKinkIsNotCalledWrong() {
    let test = RightNetworkSelftest(
      seeds: 5...8, methods: [.taylor], samples: LayerSample.all.filter { $0.id == "relu" },
      isSample: false)
    #expect(!test.trials.isEmpty && test.falseAlarms.map(\.tensors) == [])
  }

  /// Here the forward pass has rounded away already what the target's logarithm differs from 0 by.
  @Test(
    arguments: 1...20 as ClosedRange<UInt64>,
    CheckMethod.allCases)
  func roundingOfLogarithmsIsNotCalledWrong(seed: UInt64, method: CheckMethod) throws {
    let network = try NeuralNetwork(input: [3], loss: .negativeLogLikelihood) {
      Dense(4)
      Tanh()
      Dense(3, initializer: .normal(standardDeviation: 60))
      LogSoftmax()
    }
    let check = try GradientCheck(
      network, on: randomExamples(1, features: 3, classes: 3, seed: seed), method: method,
      seed: seed)
    #expect(check.failures.map(\.name) == [], "\(check)")
  }

  /// Squares of numbers below 1e-154 are zero, and those above 1e154 infinite; the numbers themselves are neither.
  @Test(arguments: [1e-300, 1e-170, 1e-160, 1, 1e160, 1e300])
  func theSizeOfATensorIsKnownAtAnyMagnitude(scale: Double) {
    let values = [3, -4, 0, 12, 0].map { $0 * scale }
    #expect(abs(values.rootOfSquares / (13 * scale) - 1) < 1e-15)
    #expect(abs(values.rms / (13 * scale / 5.0.squareRoot()) - 1) < 1e-15)
  }

  @Test func theSizeOfWhatHasNone() {
    #expect([Double]().rms == 0 && [0.0, 0].rms == 0)
    #expect([1.0, .nan].rms.isNaN && [1.0, .infinity].rms == .infinity)
  }

  /// Softmax undoes what is added to all keys: a bias without a gradient, among gradients of 1e-200.
  @Test func aBiasWithoutAGradientIsRightHoweverSmallTheOthersAre() throws {
    let layer = Attention(heads: 1)
    let alone = try LayerAlone(
      layer, at: [[5, 3]], examples: 2, deltaScale: 1e-200, method: .dual, seed: 1)
    for variable in alone.variables {
      var source = RandomSource(seed: 1)
      let check = TensorChecker(variable: variable).checkEntries(
        batch: 2, method: .dual, from: &source)
      #expect(check.failed == 0 && check.unverifiable == 0, "\(variable.name): \(check)")
    }
    let wrong = try LayerAlone(
      PlantedLayer(.entryOff, at: .parameter(0, isBias: false), in: layer), at: [[5, 3]],
      examples: 2, deltaScale: 1e-100, method: .dual, seed: 1)
    var source = RandomSource(seed: 1)
    let check = TensorChecker(variable: wrong.variables[0]).checkEntries(
      batch: 2, method: .dual, from: &source)
    #expect(check.failed == 1)
  }
}
