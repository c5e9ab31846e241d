import Testing

@testable import Backpropagation

/// Networks with several inputs and several losses.
struct HeadTests {
  static func network(weights: [Double] = [1, 1]) throws(NetworkError) -> NeuralNetwork {
    try NeuralNetwork(
      inputs: [NetworkInput([3], name: "left"), NetworkInput([2], name: "right")],
      losses: [
        NetworkLoss(.softmaxCrossEntropy, output: "classes", weight: weights[0]),
        NetworkLoss(.halfSquaredError, output: "trunk", weight: weights[1]),
      ]
    ) {
      Concatenate().from("left", "right")
      Dense(4).named("trunk")
      Tanh()
      Dense(3).named("classes")
    }
  }

  static let data = Dataset(
    features: [
      .init(name: "left", shape: [3], values: [1, -2, 0.5, 0.1, 0.2, 0.3]),
      .init(name: "right", shape: [2], values: [0.7, -0.3, 2, 1]),
    ],
    targetSets: [
      .classes([0, 2], names: []),
      .values([1, 2, 3, 4, 0, 0.5, -1, 0], perExample: 4),
    ])

  func outcome(weights: [Double]) throws -> (loss: Double, gradients: [Double]) {
    let network = try Self.network(weights: weights), data = Self.data
    let workspace = Workspace<Double>(
      network, parameters: ParameterStore(network, seed: 1), capacity: 2)
    let targets = data.targetSets.map { TargetBuffer<Double>($0, capacity: 2) }
    MemorySource<Double>(data).gather(0..<2, into: workspace, targets: targets)
    let batch = targets.map { $0.batch(of: 2) }
    workspace.forward(examples: 2)
    let loss = workspace.loss(batch, examples: 2, divisors: [2, 2])
    workspace.backward(batch, examples: 2, divisors: [2, 2])
    return (loss, workspace.gradients.views.flatMap(\.copy.scalars))
  }

  /// E = Σ_h w_h E_h, also where the output of one head feeds the other.
  @Test func lossesAddUpByTheirWeights() throws {
    let first = try outcome(weights: [1, 1e-300]), second = try outcome(weights: [1e-300, 1])
    let both = try outcome(weights: [0.3, 2])
    #expect(abs(both.loss - 0.3 * first.loss - 2 * second.loss) < 1e-14)
    for (gradient, parts) in zip(both.gradients, zip(first.gradients, second.gradients)) {
      #expect(abs(gradient - 0.3 * parts.0 - 2 * parts.1) < 1e-14)
    }
    #expect(first.loss > 0.1 && second.loss > 0.1)
  }

  @Test func aNetworkWithTwoLossesTrains() throws {
    let network = try Self.network()
    let split = DataSplit(
      training: Self.data, validation: Self.data.selecting([]), test: Self.data)
    let result = try Trainer(network, optimizer: .sgd(learningRate: 0.1), batch: 2)
      .train(on: split, for: .steps(300))
    #expect(try #require(result.part("training")).loss < 0.05)
    #expect(result.part("training")?.accuracy == 1)
  }

  func message(_ losses: [NetworkLoss], inputs: [NetworkInput] = [NetworkInput([3])])
    -> String?
  {
    do throws(NetworkError) {
      _ = try NeuralNetwork(inputs: inputs, losses: losses) {
        Dense(4).named("a")
        Dense(3).from("input").named("b")
      }
      return nil
    } catch { return error.description }
  }

  @Test func whatHasNoLossIsNamed() {
    let loss = SoftmaxCrossEntropy.softmaxCrossEntropy
    #expect(message([NetworkLoss(loss, output: "a"), NetworkLoss(loss, output: "b")]) == nil)
    #expect(
      message([NetworkLoss(loss, output: "a")])
        == "layer \"b\": feeds nothing, and no loss takes its output")
    #expect(
      message([NetworkLoss(loss, output: "a"), NetworkLoss(loss)])
        == "of several losses each says whose output it takes")
    #expect(
      message([NetworkLoss(loss, output: "a"), NetworkLoss(loss, output: "a")])
        == "layer \"a\": two losses take its output")
    #expect(
      message([NetworkLoss(loss, output: "elsewhere")])
        == "a loss takes the output of \"elsewhere\", which is no layer")
    #expect(message([]) == "a network needs a loss")
  }

  @Test func inputsAreNamedAndChosen() {
    let losses = [NetworkLoss(.softmaxCrossEntropy, output: "a")]
    #expect(
      message(losses, inputs: [NetworkInput([3]), NetworkInput([3], name: "input")])
        == "two inputs are called \"input\"")
    #expect(
      message(losses, inputs: [NetworkInput([3]), NetworkInput([3], name: "other")])
        == "layer \"a\": stands below 2 inputs; say with from which of them feed it")
    #expect(message(losses, inputs: []) == "a network needs an input")
    #expect(
      message(losses, inputs: [NetworkInput([3], name: "no name")])
        == "the input \"no name\" has no legal name: letters, digits, '.', '_', '-' and single '/'")
  }
}
