import Backpropagation
import Testing

@testable import GradientChecking

/// Being in the catalog is being checked: whatever is added there is run here.
struct LayerCatalogTests {
  /// What the entries that can't do without are given.
  static let arguments: [String: [String: ArgumentValue]] = [
    "dense": ["units": .integer(5)], "rnn": recurrent, "lstm": recurrent, "gru": recurrent,
  ]
  /// So that it keeps the steps, and in the graph the units.
  private static let recurrent: [String: ArgumentValue] = [
    "units": .integer(5), "output": .text("sequence"),
  ]
  static let ids = LayerCatalog.all.entries.map(\.id)

  static func layer(_ id: String) throws -> any Layer {
    try LayerCatalog.all.make(id, arguments[id] ?? [:])
  }

  /// Inputs of odd sizes, those that the layer takes.
  static func inputs(of layer: any Layer) -> [[Shape]] {
    let candidates: [[Shape]] = [
      [[1]], [[7]], [[5, 3]], [[4, 7]], [[3, 5, 7]], [[7], [7]], [[5, 3], [5, 3], [5, 3]],
      [[3], [5], [1]],
    ]
    return candidates.filter { (try? layer.outputShape(of: $0)) != nil }
  }

  @Test(arguments: ids, [1, 8])
  func anEntryIsRightAlone(_ id: String, examples: Int) throws {
    let layer = try Self.layer(id)
    let inputs = Self.inputs(of: layer)
    try #require(inputs.count >= 2)
    for (place, shapes) in inputs.enumerated() {
      let check = try GradientCheck(
        layer: layer, inputs: shapes, examples: examples, seed: UInt64(place))
      #expect(check.verdict == .pass, "\(id) of \(shapes): \(check)")
      #expect(check.tensors.allSatisfy { $0.checked > 0 && $0.unverifiable == 0 })
    }
  }

  /// The graph of ``GradientCheckNetworkTests``, with this layer in it twice where it keeps a shape: of features, or of a
  /// sequence.
  static func graph(with layer: any Layer) throws -> (network: NeuralNetwork, data: Dataset) {
    for (input, kept) in [([7], [5]), ([3, 7], [3, 5])] as [(Shape, Shape)]
    where (try? layer.outputShape(of: [kept])) == kept {
      return (
        try GradientCheckNetworkTests.graph(layer, input: input),
        GradientCheckNetworkTests.graphExamples(input: input)
      )
    }
    return (try GradientCheckNetworkTests.graph(), GradientCheckNetworkTests.graphExamples)
  }

  @Test(arguments: ids, [1, 8])
  func anEntryIsRightInAGraph(_ id: String, examples: Int) throws {
    let (network, data) = try Self.graph(with: Self.layer(id))
    #expect(network.nodes.contains { $0.layer.kind == id })
    let check = try GradientCheck(network, on: data.prefix(examples))
    #expect(check.verdict == .pass, "\(check)")
  }

  /// What trains in Float is what is checked in Double.
  @Test(arguments: ids)
  func floatGradientsAreTheDoubleOnes(_ id: String) throws {
    let (network, data) = try Self.graph(with: Self.layer(id))
    let inFloat = gradients(of: network, on: data, Float.self)
    let inDouble = gradients(of: network, on: data, Double.self)
    for (parameter, pair) in zip(network.parameters, zip(inFloat, inDouble)) {
      let largest = pair.1.reduce(0) { max($0, abs($1)) }
      let difference = zip(pair.0, pair.1).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(largest > 0)
      #expect(difference <= 1e-5 * largest, "\(parameter.name)")
    }
  }

  private func gradients<S: TensorScalar>(
    of network: NeuralNetwork, on data: Dataset, _: S.Type
  ) -> [[Double]] {
    guard case .values(let numbers, let perExample) = data.targets else { return [] }
    let workspace = Workspace<S>(
      network, parameters: ParameterStore(network, seed: 1), capacity: data.count)
    workspace.input(examples: data.count).assign(
      Tensor(shape: data.inputShape.batch(of: data.count), scalars: data.inputs.map { S($0) }))
    workspace.forward(examples: data.count)
    var targets = Tensor<S>(shape: [data.count, perExample], scalars: numbers.map { S($0) })
    targets.withMutableView {
      workspace.backward(.values($0), examples: data.count, divisor: Double(data.count))
    }
    return workspace.gradients.views.map { $0.copy.scalars.map { Double($0) } }
  }
}

struct LossCatalogTests {
  /// A loss with arguments that it can be given.
  struct Configuration: CustomTestStringConvertible {
    var id: String
    var arguments: [String: ArgumentValue] = [:]
    /// The only number of outputs that it then takes.
    var outputs: Int?

    var testDescription: String { "\(id) with \(arguments.keys.sorted())" }
  }

  static let weights = ArgumentValue.list([.number(0.5), .integer(2), .integer(0)])
  static let configurations =
    LossCatalog.all.entries.map { Configuration(id: $0.id) } + [
      Configuration(id: "huber", arguments: ["delta": .number(0.3)]),
      Configuration(id: "huber", arguments: ["delta": .integer(1000)]),
      Configuration(id: "softmax-cross-entropy", arguments: ["label-smoothing": .number(0.1)]),
      Configuration(id: "softmax-cross-entropy", arguments: ["label-smoothing": .integer(1)]),
      Configuration(
        id: "softmax-cross-entropy", arguments: ["class-weights": weights], outputs: 3),
      Configuration(
        id: "softmax-cross-entropy",
        arguments: ["label-smoothing": .number(0.3), "class-weights": weights], outputs: 3),
      Configuration(
        id: "negative-log-likelihood", arguments: ["class-weights": weights], outputs: 3),
    ]

  @Test(arguments: configurations, [1, 8])
  func anEntryIsRight(_ configuration: Configuration, examples: Int) throws {
    let loss = try LossCatalog.all.make(configuration.id, configuration.arguments)
    for scale in [1e-3, 1, 5] {
      for units in configuration.outputs.map({ [$0] }) ?? [2, 3, 11] {
        let check = try GradientCheck(
          loss: loss, output: [units], examples: examples, scale: scale)
        #expect(
          check.verdict == .pass, "\(configuration), \(units) outputs, scale \(scale): \(check)")
      }
    }
  }

  /// Losses of numbers take images too.
  @Test(arguments: LossCatalog.all.entries.map(\.id))
  func anEntryIsRightAtImages(_ id: String) throws {
    let loss = try LossCatalog.all.make(id, [:])
    guard !loss.takesClasses else { return }
    let check = try GradientCheck(loss: loss, output: [2, 3, 5], examples: 3)
    #expect(check.verdict == .pass, "\(check)")
  }

  /// What trains in Float is what is checked in Double.
  @Test(arguments: configurations)
  func floatDeltasAreTheDoubleOnes(_ configuration: Configuration) throws {
    let loss = try LossCatalog.all.make(configuration.id, configuration.arguments)
    let outputs = configuration.outputs ?? 7
    var source = RandomSource(seed: 3, stream: "outputs")
    let values = (0..<5 * outputs).map { _ in Double(Float(source.normal())) }
    let targets = loss.sampleTargets(for: [outputs], count: 5, from: &source)
    let inFloat = results(of: loss, at: values.map { Float($0) }, targets)
    let inDouble = results(of: loss, at: values, targets)
    for (float, double) in zip(inFloat, inDouble) {
      let largest = double.reduce(0) { max($0, abs($1)) }
      #expect(largest > 0)
      for (a, b) in zip(float, double) { #expect(abs(a - b) <= 1e-5 * largest) }
    }
  }

  /// The errors, and the topmost deltas.
  private func results<S: TensorScalar>(
    of loss: any Loss, at values: [S], _ targets: Targets
  ) -> [[Double]] {
    let examples = targets.count
    let output = Tensor(shape: [examples, values.count / examples], scalars: values)
    var errors = Tensor<S>(zeros: [examples]), delta = Tensor<S>(zeros: output.shape)
    func run(_ targets: BatchTargets<S>) {
      output.withView { output in
        errors.withMutableView { loss.forward(output, targets, errors: $0) }
        delta.withMutableView { loss.backward(output, targets, divisor: S(examples), delta: $0) }
      }
    }
    switch targets {
    case .classes(let classes, _, _):
      classes.map { Int32($0) }.withUnsafeBufferPointer { $0.baseAddress.map { run(.classes($0)) } }
    case .values(let numbers, let perExample):
      Tensor<S>(shape: [examples, perExample], scalars: numbers.map { S($0) })
        .withView { run(.values($0)) }
    }
    return [errors.scalars.map { Double($0) }, delta.scalars.map { Double($0) }]
  }

  /// Where softmax is saturated, deltas of e⁻⁶⁰ can't be told from a change of the error; what can be is right.
  @Test func aSaturatedSoftmaxIsNeverCalledWrong() throws {
    let check = try GradientCheck(loss: .softmaxCrossEntropy, output: [11], scale: 60)
    #expect(check.verdict == .unverifiable)
    #expect(check.tensors[0].failed == 0 && check.tensors[0].passed > 0)
  }

  @Test func aMissingDivisionByTheBatchIsNamed() throws {
    let check = try GradientCheck(loss: SumForMean(), output: [3])
    let failure = try #require(check.failures.first)
    #expect(failure.layer == "loss")
    #expect(failure.equation == .outputDelta)
    #expect(failure.signature == "the analytic gradient is the numeric one times 8.000")
    #expect(failure.likelyCause == "the sum over the batch stands where its mean belongs")
  }
}
