import Backpropagation
import Testing

@testable import GradientChecking

/// Being in the catalog is being checked: whatever is added there is run here.
struct LayerCatalogTests {
  /// What the entries are given that need arguments, or are to be checked with several.
  static let arguments: [String: [[String: ArgumentValue]]] = [
    "dense": [["units": .integer(5)], ["units": .integer(5), "bias": .boolean(false)]],
    "rnn": recurrent, "lstm": recurrent, "gru": recurrent,
    "convolution-1d": [
      ["channels": .integer(3), "kernel": .integer(3)],
      ["channels": .integer(5), "kernel": .integer(2), "padding": .text("same")],
    ],
    "convolution-2d": [
      ["channels": .integer(3), "kernel": .integer(3), "padding": .text("same")],
      [
        "channels": .integer(2), "kernel": .list([.integer(2), .integer(1)]),
        "stride": .integer(2), "bias": .boolean(false),
      ],
    ],
    "transposed-convolution-2d": [
      ["channels": .integer(3), "kernel": .integer(2)],
      ["channels": .integer(2), "kernel": .integer(3), "stride": .integer(2)],
    ],
    "max-pool-1d": [["kernel": .integer(2)]], "max-pool-2d": [["kernel": .integer(2)]],
    "average-pool-1d": [["kernel": .integer(2)]], "average-pool-2d": [["kernel": .integer(2)]],
    "reshape": [["sizes": .list([.integer(-1), .integer(1)])]],
    "transpose": [["places": .list([.integer(2), .integer(1)])]],
    "batch-norm": [[:], ["affine": .boolean(false)], ["epsilon": .integer(1)]],
    "instance-norm": [[:], ["affine": .boolean(false)], ["running-statistics": .boolean(true)]],
    "layer-norm": [[:], ["affine": .boolean(false)], ["epsilon": .integer(1)]],
    "rms-norm": [[:], ["affine": .boolean(false)]],
    "group-norm": [["groups": .integer(1)], ["groups": .integer(3), "affine": .boolean(false)]],
    "dropout": [["rate": .number(0.3)], ["rate": .integer(0)], ["rate": .integer(1)]],
    "spatial-dropout": [["rate": .number(0.3)], ["rate": .integer(1)]],
    "embedding": [["vocabulary": .integer(11), "units": .integer(3)]],
    "positional-encoding": [[:], ["kind": .text("learned"), "length": .integer(9)]],
    "attention": [
      ["heads": .integer(1)], ["heads": .integer(3)],
      ["heads": .integer(3), "causal": .boolean(true), "bias": .boolean(false)],
    ],
  ]

  /// So that it keeps the steps, and in the graph the units; and what comes out last.
  private static let recurrent: [[String: ArgumentValue]] = [
    ["units": .integer(3), "output": .text("sequence")],
    ["units": .integer(5), "layers": .integer(2), "bidirectional": .boolean(true)],
  ]

  /// An entry with its arguments.
  struct Configuration: CustomTestStringConvertible {
    var id: String
    var arguments: [String: ArgumentValue]

    var testDescription: String {
      let written = arguments.map { "\($0.key): \($0.value.written)" }.sorted()
      return id + (written.isEmpty ? "" : " (\(written.joined(separator: ", ")))")
    }
    func layer() throws -> any Layer { try LayerCatalog.all.make(id, arguments) }
  }

  static let configurations = LayerCatalog.all.entries.flatMap { entry in
    (arguments[entry.id] ?? [[:]]).map { Configuration(id: entry.id, arguments: $0) }
  }

  /// Inputs of odd sizes, those that the layer takes.
  static func inputs(of layer: any Layer) -> [[Shape]] {
    let candidates: [[Shape]] = [
      [[1]], [[7]], [[5, 3]], [[4, 7]], [[3, 5, 7]], [[2, 4, 3]], [[9, 1, 2]], [[3, 70]],
      [[7], [7]],
      [[5, 3], [5, 3], [5, 3]], [[3], [5], [1]], [[5, 3], [2, 7], [2, 1]],
    ]
    return candidates.filter { (try? layer.outputShape(of: $0)) != nil }
  }

  @Test(arguments: configurations, [1, 8])
  func anEntryIsRightAlone(_ configuration: Configuration, examples: Int) throws {
    let layer = try configuration.layer()
    let inputs = Self.inputs(of: layer)
    try #require(inputs.count >= 2)
    for (place, shapes) in inputs.enumerated() {
      let check = try GradientCheck(
        layer: layer, inputs: shapes, examples: examples, seed: UInt64(place))
      #expect(check.verdict == .pass, "\(configuration.testDescription) of \(shapes): \(check)")
      #expect(check.tensors.allSatisfy { $0.checked > 0 && $0.unverifiable == 0 })
    }
  }

  @Test(arguments: configurations, [1, 8])
  func anEntryIsRightInAGraph(_ configuration: Configuration, examples: Int) throws {
    let graphs = try LayerGraph.all(with: configuration.layer())
    try #require(!graphs.isEmpty)
    for graph in graphs {
      #expect(graph.network.nodes.contains { $0.layer.kind == configuration.id })
      let check = try GradientCheck(graph.network, on: graph.examples(examples))
      #expect(check.verdict == .pass, "\(graph.network.inputShape): \(check)")
    }
  }

  /// What trains in Float is what is checked in Double.
  @Test(arguments: configurations)
  func floatGradientsAreTheDoubleOnes(_ configuration: Configuration) throws {
    for graph in try LayerGraph.all(with: configuration.layer()) {
      let data = graph.examples(8), network = graph.network
      let inFloat = graph.gradients(on: data, Float.self)
      let inDouble = graph.gradients(on: data, Double.self)
      let isDropped = configuration.arguments["rate"] == .integer(1)
      #expect(isDropped || inDouble.joined().contains { $0 != 0 })
      for node in network.nodes {
        // A bias that a normalization undoes has no gradient: what is left is the rounding of its layer's.
        let trained = node.parameters.filter { network.parameters[$0].isTrainable }
        let largest = trained.flatMap { inDouble[$0] }.reduce(0) { max($0, abs($1)) }
        for parameter in trained {
          let difference = zip(inFloat[parameter], inDouble[parameter]).reduce(0) {
            max($0, abs($1.0 - $1.1))
          }
          #expect(
            difference <= 1e-5 * largest,
            "\(network.parameters[parameter].name) of \(network.inputShape)")
        }
      }
    }
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
        delta.withMutableView {
          loss.backward(output, targets, divisor: S(Double(examples)), delta: $0)
        }
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

  /// Where softmax is saturated, deltas of e⁻⁶⁰ can't be told from a change of the error, but from a dual number they can.
  @Test func aSaturatedSoftmaxIsNeverCalledWrong() throws {
    let loss = SoftmaxCrossEntropy()
    let check = try GradientCheck(
      loss: loss, output: [11], scale: 60, method: .finiteDifference)
    #expect(check.verdict == .unverifiable)
    #expect(check.tensors[0].failed == 0 && check.tensors[0].passed > 0)
    #expect(try GradientCheck(loss: loss, output: [11], scale: 60).verdict == .pass)
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
