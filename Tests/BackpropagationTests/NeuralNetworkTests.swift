import Testing

@testable import Backpropagation

struct NeuralNetworkTests {
  private func error(
    input: Shape = [4], loss: any Loss = .halfSquaredError,
    @NetworkBuilder _ layers: () -> [LayerNode]
  ) -> NetworkError? {
    #expect(throws: NetworkError.self) {
      try NeuralNetwork(input: input, loss: loss, layers: layers())
    }
  }

  @Test func layersAreNamedByKindAndPlace() throws {
    let network = try NeuralNetwork(input: [4], loss: .halfSquaredError) {
      Dense(3)
      ReLU()
      Dense(3).named("middle/one")
      ReLU()
      Dense(2)
    }
    // A named layer takes its place among those of its kind.
    #expect(
      network.nodes.map(\.name) == [
        "input", "dense-1", "relu-1", "middle/one", "relu-2", "dense-3",
      ])
    #expect(
      network.parameters.map(\.name) == [
        "dense-1/weight", "dense-1/bias", "middle/one/weight", "middle/one/bias",
        "dense-3/weight", "dense-3/bias",
      ])
    #expect(network.parameterCount == 4 * 3 + 3 + 3 * 3 + 3 + 3 * 2 + 2)
    #expect(network.nodes[network.output].name == "dense-3")
  }

  @Test func layersMayBeWrittenInAnyOrder() throws {
    let network = try NeuralNetwork(input: [4], loss: .halfSquaredError) {
      Add().from("late", "early").named("sum")
      Dense(3).from("input").named("early")
      Tanh().from("early").named("late")
    }
    #expect(network.nodes.map(\.name) == ["input", "early", "late", "sum"])
    #expect(network.nodes[3].inputs == [2, 1])
  }

  /// One example fits, with the weights of its attention and their δ; two don't.
  @Test func aBatchThatNoMemoryHoldsIsRefused() throws {
    let network = try NeuralNetwork(input: [30_000, 1], loss: .halfSquaredError) {
      Attention(heads: 1)
    }
    try network.check(batch: 2, of: 1)
    let error = #expect(throws: NetworkError.self) { try network.check(batch: 2, of: 2) }
    #expect(
      error?.message == "a batch of 2 examples, 1800270000 numbers each, is more than the "
        + "2147483647 numbers that are supported")
  }

  @Test func sharedWeightsAreOneParameter() throws {
    let network = try NeuralNetwork(input: [3], loss: .halfSquaredError) {
      Dense(3).named("first")
      Dense(3).sharingWeights(of: "first").named("second")
    }
    #expect(network.parameters.map(\.name) == ["first/weight", "first/bias"])
    #expect(network.nodes[1].parameters == network.nodes[2].parameters)
  }

  @Test func weightsStartAsWhatTheyFeedAsksFor() throws {
    let network = try NeuralNetwork(input: [50], loss: .halfSquaredError) {
      Dense(200).named("he")
      ReLU()
      Dense(200).named("glorot")
      Tanh()
      Dense(200).named("leaky")
      LeakyReLU()
      Dense(2)
    }
    let parameters = ParameterStore<Double>(network, seed: 1)
    func rms(_ name: String) -> Double {
      defer { withExtendedLifetime(parameters) {} }
      return network.parameters.firstIndex { $0.name == name }.map {
        parameters.views[$0].summary.rms
      }
        ?? .nan
    }
    #expect(abs(rms("he/weight") / (2.0 / 50).squareRoot() - 1) < 0.03)
    #expect(abs(rms("glorot/weight") / (2.0 / 400).squareRoot() - 1) < 0.03)
    #expect(abs(rms("leaky/weight") / (2.0 / 200).squareRoot() - 1) < 0.03)
    #expect(rms("he/bias") == 0)
  }

  @Test func aLayerElsewhereChangesNoOthersStart() throws {
    let short = try NeuralNetwork(input: [3], loss: .halfSquaredError) { Dense(2).named("a") }
    let long = try NeuralNetwork(input: [3], loss: .halfSquaredError) {
      Dense(2).named("a")
      Dense(2).named("b")
    }
    func first<S: TensorScalar & BinaryFloatingPoint>(_ network: NeuralNetwork, _: S.Type) -> [S] {
      let store = ParameterStore<S>(network, seed: 9)
      return withExtendedLifetime(store) { store.views[0].copy.scalars }
    }
    #expect(first(short, Double.self) == first(long, Double.self))
    #expect(first(short, Double.self).map { Float($0) } == first(long, Float.self))
  }

  @Test func misshapenNetworksAreRefusedByName() {
    #expect(error {}?.description == "a network needs at least one layer")
    #expect(
      error {
        Dense(3).named("a")
        Dense(4).named("b")
        Add().from("a", "b").named("sum")
      }?.description
        == "layer \"sum\": add takes inputs of one shape, got 3 and 4, from \"a\" and \"b\"")
    #expect(
      error(input: [1, 8, 8]) { Dense(3) }?.description
        == "layer \"dense-1\": dense takes features or a sequence of features, got 1 × 8 × 8; "
        + "put flatten before it, from \"input\"")
    #expect(
      error(loss: .softmaxCrossEntropy) { Dense(1) }?.description
        == "layer \"dense-1\": softmax-cross-entropy takes an output for each class, at least 2, "
        + "got 1")
    #expect(
      error {
        Dense(3).named("a")
        Dense(3).from("input").named("b")
      }?.description == "\"a\" and \"b\" feed nothing; the loss takes the output of one layer")
  }

  @Test func cyclesAndUnknownNamesAreRefused() {
    let cycle = error {
      Add().from("input", "c").named("a")
      Dense(4).named("b")
      Dense(4).named("c")
    }
    #expect(
      cycle?.description
        == "layer \"a\": feeds itself: there is a cycle among \"a\", \"b\", \"c\"")
    #expect(cycle?.index == 0)
    // What only comes after a cycle is no part of it.
    let late = error {
      Dense(4).from("c").named("a")
      Dense(4).from("c").named("b")
      Dense(4).from("b").named("c")
    }
    #expect(
      late?.description == "layer \"b\": feeds itself: there is a cycle among \"b\", \"c\"")
    #expect(late?.index == 1)
    let unknown = error {
      Dense(4).named("hidden")
      Dense(4).from("hiden")
    }
    #expect(
      unknown?.description
        == "layer \"dense-2\": from names \"hiden\", which is no layer; did you mean \"hidden\"?")
    #expect(unknown?.index == 1)
  }

  @Test func namesAreUniqueAndPlain() {
    #expect(
      error {
        Dense(4).named("a")
        Dense(4).named("a")
      }?.description == "layer \"a\": two layers have this name")
    #expect(
      error { Dense(4).named("input") }?.description
        == "layer \"input\": is the name of the network's input")
    for name in ["", "a b", "a//b", "/a", "a/", "ü", "a\n"] {
      #expect(
        error { Dense(4).named(name) }?.message
          == "a layer's name is made of letters, digits, '.', '_', '-' and single '/'")
    }
  }

  @Test func weightsAreSharedOnlyWhereThatMakesSense() {
    #expect(
      error {
        Dense(4).named("a")
        Dense(3).sharingWeights(of: "a").named("b")
      }?.description
        == "layer \"b\": needs weights of 3 × 4 and 3, but those of \"a\" are 4 × 4 and 4")
    for other in ["a", "b", "input"] {
      #expect(
        error {
          Dense(4).sharingWeights(of: other).named("a")
          Dense(4).sharingWeights(of: "a").named("b")
        }?.message.hasPrefix("weights-of must name a layer that has weights of its own") == true)
    }
    #expect(
      error { Dense(4).sharingWeights(of: "x") }?.description
        == "layer \"dense-1\": weights-of names \"x\", which is no layer")
  }

  @Test func absurdSizesAreRefused() {
    #expect(
      error {
        Dense(1 << 20).named("wide")
        Dense(1 << 20).named("wider")
      }?.layer == "wider")
    for units in [0, -3, Int.max] {
      #expect(
        error { Dense(units) }?.description
          == "layer \"dense-1\": dense takes 1 to 16,777,216 units, got \(units), from \"input\"")
    }
    #expect(
      error(input: [0]) { Dense(3) }?.description
        == "the input of 0 holds 0 numbers, expected 1 to 2147483647")
  }

  @Test func dataMustFit() throws {
    let network = try NeuralNetwork(input: [4], loss: .softmaxCrossEntropy) { Dense(3) }
    func message(_ data: Dataset) -> String? {
      #expect(throws: NetworkError.self) { try network.check(data) }?.description
    }
    #expect(
      message(randomExamples(2, input: [5], outputs: 3))
        == "the data's examples are 5, but the network's input is 4")
    #expect(
      message(randomExamples(40, input: [4], outputs: 5))
        == "the data have 5 classes, but the output has 3")
    func classes(_ number: Int) -> Dataset {
      Dataset(
        inputShape: [4], inputs: [0, 0, 0, 0], targets: .classes([number], names: []))
    }
    #expect(
      message(classes(-1)) == "softmax-cross-entropy takes class numbers from 0 as targets, got -1")
    #expect(
      message(classes(.max))
        == "the data have 9223372036854775808 classes, but the output has 3")
  }
}
