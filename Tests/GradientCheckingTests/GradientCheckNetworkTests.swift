import Backpropagation
import Testing

@testable import GradientChecking

struct GradientCheckNetworkTests {
  @Test(arguments: TestNetwork.allCases)
  func aRightNetworkPasses(_ network: TestNetwork) throws {
    let check = try GradientCheck(network.make(), on: randomExamples(8))
    #expect(check.verdict == .pass, "\(check)")
    #expect(check.tensors.allSatisfy { $0.failed == 0 })
    #expect(check.tensors.contains { $0.isWholeNetwork })
  }

  @Test(arguments: TestNetwork.allCases, [0, 1, 2])
  func aSignErrorIsFoundWhereItIs(_ kind: TestNetwork, place: Int) throws {
    let network = try kind.make { $0 == place ? PlantedLayer(.inputSign, in: $1) : $1 }
    let check = try GradientCheck(network, on: randomExamples(8))
    let layer = network.nodes[place + 1].name
    #expect(check.verdict == .fail)
    #expect(check.failures.map(\.name) == ["\(layer)/input"])
    let failure = try #require(check.failures.first)
    #expect(failure.signature == "the analytic gradient is the numeric one times -1.000")
    #expect(failure.likelyCause == "a sign is wrong")
    #expect(failure.equation == .recursion)
  }

  /// A residual, a diamond, and a layer whose weights are used twice.
  static func graph(
    _ activation: any Layer = Tanh(), input: Shape = [7]
  ) throws -> NeuralNetwork {
    try NeuralNetwork(input: input, loss: .halfSquaredError) {
      Dense(5, biasInitializer: .normal(standardDeviation: 0.5)).named("stem")
      LayerNode(activation, name: "bend")
      Dense(5).named("left")
      Dense(5).from("bend").named("right")
      Add().from("left", "right", "stem").named("sum")
      Dense(5).sharingWeights(of: "left").named("again")
      LayerNode(activation, name: "bend-again")
      Concatenate().from("bend-again", "bend").named("both")
      Dense(3)
    }
  }

  static let graphExamples = graphExamples(input: [7])

  /// Eight examples for the graph of that input, which has three outputs at each position.
  static func graphExamples(input: Shape) -> Dataset {
    var source = RandomSource(seed: 5, stream: "graph")
    let targets = input.replacingLast(with: 3).count
    return Dataset(
      inputShape: input, inputs: (0..<8 * input.count).map { _ in source.normal() },
      targets: .values((0..<8 * targets).map { _ in source.normal() }, perExample: targets))
  }

  @Test func anyAcyclicGraphPasses() throws {
    let check = try GradientCheck(Self.graph(), on: Self.graphExamples)
    #expect(check.verdict == .pass, "\(check)")
  }

  @Test func assigningInsteadOfAddingFails() throws {
    let check = try GradientCheck(
      Self.graph(), on: Self.graphExamples, seed: 1, combination: .overwrite)
    #expect(check.verdict == .fail)
    // Exactly where several contributions meet; what only passes them on is right.
    let expected: Set = ["bend", "stem", "left"]
    #expect(Set(check.failures.map(\.layer)) == expected, "\(check)")
    #expect(check.failures.allSatisfy { $0.isWholeNetwork })
  }

  /// What goes with a bias that starts at zero is right at first; once it is trained, the layer at fault is named.
  @Test(arguments: [CheckMethod.automatic, .dual, .finiteDifference])
  func aMistakeThatShowsOnceItIsTrainedIsFoundInItsLayer(method: CheckMethod) throws {
    let network = try NeuralNetwork(input: [7], loss: .halfSquaredError) {
      Dense(5)
      Tanh()
      WrongWithBias()
      Tanh()
      Dense(3)
    }
    let check = try GradientCheck(
      network, on: randomValues(8, features: 7, outputs: 3), method: method)
    #expect(check.failures.map(\.name) == ["dense-2/input after 10 steps"], "\(check)")
    #expect(check.failures.first?.equation == .recursion)
  }

  @Test func dataThatDoNotFitAreRefused() throws {
    let network = try TestNetwork.digits.make()
    let misfit = #expect(throws: NetworkError.self) {
      try GradientCheck(network, on: randomExamples(8, features: 63))
    }
    #expect(misfit?.message == "the data's examples are 63, but the network's input is 64")
    let error = #expect(throws: NetworkError.self) {
      try GradientCheck(network, on: randomExamples(0))
    }
    #expect(error?.message == "a check needs at least one example, the data have none")
  }

  @Test func aSeedGivesTheSameResultEachTime() throws {
    let network = try TestNetwork.leaky.make()
    let checks = try (0..<2).map { _ in
      try GradientCheck(network, on: randomExamples(8), seed: 3)
    }
    #expect(checks[0] == checks[1])
    let texts = try checks.map { try $0.jsonText }
    #expect(texts[0] == texts[1])
  }
}

/// A dense layer that passes back more the larger its first bias is.
private struct WrongWithBias: LayerWrapper {
  let base: any Layer = Dense(5)
  var kind: String { "dense" }

  func backward<S>(_ pass: BackwardPass<S>) {
    base.backward(pass)
    guard let delta = pass.inputDelta else { return }
    let factor = 1 + pass.parameters[1][0]
    for place in 0..<delta.count { delta[place] = factor * delta[place] }
  }
}
