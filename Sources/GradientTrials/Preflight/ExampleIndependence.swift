import Backpropagation
import Foundation
import GradientDiagnosis

/// Whether what each layer makes of one example depends on another one of the batch, forward or backward.
///
/// Each layer is run alone on what lies at its inputs: with the second example replaced by the first, the first one's output
/// must stay the same to the last bit; with a δ of the first example alone, the second one's input must get a δ of exactly
/// zero. Layers that mix examples on purpose say so (``Layer/mixesExamples``) and are left out.
struct ExampleIndependence<Scalar: TensorScalar> {
  private var looked = 0
  private var mixing: [String] = []
  private var culprits: [String] = []

  /// Looks at every layer, on two examples that differ.
  init(_ network: NeuralNetwork, on pair: Dataset, seed: UInt64) {
    precondition(pair.count == 2, "expected two examples, got \(pair.count)")
    let first = FirstPass<Scalar>(network, on: pair, seed: seed)
    first.workspace.fill(with: pair)
    // The pass has left its outputs changed where the losses take them.
    first.workspace.forward(examples: 2)
    var random = RandomSource(seed: seed, stream: "independence")
    for (index, node) in network.nodes.enumerated().dropFirst(network.inputCount) {
      guard !node.layer.mixesExamples else {
        mixing.append(node.name)
        continue
      }
      looked += 1
      let (forward, backward) = first.workspace.passes(of: index, examples: 2)
      let isMixed =
        Self.mixes(forward, node.layer)
        || backward.map { Self.mixes($0, node.layer, &random) } ?? false
      if isMixed { culprits.append(node.name) }
    }
  }

  /// Whether the first example's output changes with the second example; everything is left as it was.
  private static func mixes(_ pass: ForwardPass<Scalar>, _ layer: any Layer) -> Bool {
    layer.forward(pass)
    let output = pass.output.copy
    let inputs = pass.inputs.map(\.copy)
    for input in pass.inputs { input.row(1).assign(input.row(0)) }
    layer.forward(pass)
    let isSame =
      output.withView { memcmp($0.row(0).start, pass.output.row(0).start, $0.rowBytes) } == 0
    for (input, values) in zip(pass.inputs, inputs) { input.assign(values) }
    layer.forward(pass)
    return !isSame
  }

  /// Whether a δ of the first example alone reaches the second example's inputs.
  private static func mixes(
    _ pass: BackwardPass<Scalar>, _ layer: any Layer, _ random: inout RandomSource
  ) -> Bool {
    pass.outputDelta.fill(0)
    let delta = pass.outputDelta.row(0)
    for index in 0..<delta.count { delta[index] = Scalar(random.normal()) }
    layer.backward(pass)
    return pass.inputDeltas.compactMap(\.self).contains { inputDelta in
      let leak = inputDelta.row(1).summary
      return leak.zeros + leak.nonFinite < leak.count
    }
  }

  var outcome: PreflightOutcome {
    guard let first = culprits.first else {
      let layers = "exactly, in \(looked == 1 ? "the one layer" : "each of \(looked) layers")"
      return .passed(
        mixing.isEmpty
          ? layers : "\(layers); \(Wording.list(mixing, contiguous: false)) mixes them on purpose")
    }
    let list = Wording.list(culprits, contiguous: false)
    return .warning(
      Preflight.Warning(
        .exampleIndependence, layers: culprits, value: Double(culprits.count), limit: 0,
        message:
          "\(list) \(culprits.count == 1 ? "mixes" : "mix") the examples of a batch: what it "
          + "makes of one changes with another.",
        cause: Cause(
          id: "architecture",
          text:
            "\(first) reads across the first axis, which counts the examples: a reshape, a sum or "
            + "a transposition takes in one axis too many."),
        remedies: [
          Remedy(
            id: "separate-examples",
            text: "Let \(first) treat the first axis as that of the examples; if it mixes them on "
              + "purpose, let it say so (mixesExamples).")
        ]))
  }
}

extension TensorView {
  /// The numbers of one example.
  fileprivate func row(_ index: Int) -> TensorView {
    let size = count / max(shape[0], 1)
    return TensorView(
      shape: [size],
      elements: UnsafeMutableBufferPointer(rebasing: elements[index * size..<(index + 1) * size]))
  }

  /// The bytes of one example's numbers.
  fileprivate var rowBytes: Int { row(0).count * MemoryLayout<Scalar>.stride }

  fileprivate var start: UnsafeRawPointer {
    guard let start = elements.baseAddress else {
      preconditionFailure("a view of \(shape) has no memory")
    }
    return UnsafeRawPointer(start)
  }
}
