import Backpropagation
import Testing

@testable import GradientChecking

/// Being in the catalog is being checked: whatever is added there is run here.
struct LayerCatalogTests {
  @Test(arguments: LayerSample.all, [1, 8])
  func anEntryIsRightAlone(_ sample: LayerSample, examples: Int) throws {
    let layer = try sample.layer()
    let inputs = LayerSample.inputs(of: layer)
    try #require(inputs.count >= 2)
    for (place, shapes) in inputs.enumerated() {
      let check = try GradientCheck(
        layer: layer, inputs: shapes, examples: examples, seed: UInt64(place))
      #expect(check.verdict == .pass, "\(sample) of \(shapes): \(check)")
      #expect(check.tensors.allSatisfy { $0.checked > 0 && $0.unverifiable == 0 })
    }
  }

  @Test(arguments: LayerSample.all, [1, 8])
  func anEntryIsRightInAGraph(_ sample: LayerSample, examples: Int) throws {
    let graphs = try LayerGraph.all(with: sample.layer())
    try #require(!graphs.isEmpty)
    for graph in graphs {
      #expect(graph.network.nodes.contains { $0.layer.kind == sample.id })
      let check = try GradientCheck(graph.network, on: graph.examples(examples))
      #expect(check.verdict == .pass, "\(graph.network.inputShape): \(check)")
    }
  }

  /// What trains in Float is what is checked in Double.
  @Test(arguments: LayerSample.all)
  func floatGradientsAreTheDoubleOnes(_ sample: LayerSample) throws {
    for graph in try LayerGraph.all(with: sample.layer()) {
      let data = graph.examples(8), network = graph.network
      let inFloat = graph.gradients(on: data, Float.self)
      let inDouble = graph.gradients(on: data, Double.self)
      let isDropped = sample.arguments["rate"] == .integer(1)
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
  @Test(arguments: LossSample.all, [1, 8])
  func anEntryIsRight(_ sample: LossSample, examples: Int) throws {
    let loss = try sample.loss()
    for scale in [1e-3, 1, 5] {
      for units in sample.outputs.map({ [$0] }) ?? [2, 3, 11] {
        let check = try GradientCheck(
          loss: loss, output: [units], examples: examples, scale: scale)
        #expect(
          check.verdict == .pass, "\(sample), \(units) outputs, scale \(scale): \(check)")
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
  @Test(arguments: LossSample.all)
  func floatDeltasAreTheDoubleOnes(_ sample: LossSample) throws {
    let loss = try sample.loss()
    let outputs = sample.outputs ?? 7
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
