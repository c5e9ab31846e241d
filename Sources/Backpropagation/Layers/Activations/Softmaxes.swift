// Activations that see all features of an example, or of a position, at once. Shifted by the largest of them, no
// exponential overflows.

/// Shares of one: z_k = e^{a_k} / Σ_j e^{a_j}; δ_{a,k} = z_k(δ_{z,k} − Σ_j δ_{z,j} z_j).
///
/// Before softmax-cross-entropy it has no place: that loss takes the logits.
public struct Softmax: Layer {
  /// Creates the activation.
  public init() {}

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try featuresAlone(inputs)
  }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.expectSameCount(pass.input, in: "softmax")
    S.kernels.activations.softmax.forward(
      pass.input.rows, pass.input.columns, pass.input.pointer, pass.output.pointer)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    guard let inputDelta = pass.inputDelta else { return }
    S.kernels.activations.softmax.backward(
      pass.output.rows, pass.output.columns, pass.output.pointer, pass.outputDelta.pointer,
      inputDelta.pointer)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "softmax", "Shares of one over the features: z_k = e^{a_k} / Σ_j e^{a_j}."
  ) { _ throws(ArgumentError) in Softmax() }
}

/// The logarithms of shares of one: z_k = a_k − log Σ_j e^{a_j}; δ_{a,k} = δ_{z,k} − e^{z_k} Σ_j δ_{z,j}.
public struct LogSoftmax: Layer {
  /// Creates the activation.
  public init() {}

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try featuresAlone(inputs)
  }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.expectSameCount(pass.input, in: "log-softmax")
    S.kernels.activations.logSoftmax.forward(
      pass.input.rows, pass.input.columns, pass.input.pointer, pass.output.pointer)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    guard let inputDelta = pass.inputDelta else { return }
    S.kernels.activations.logSoftmax.backward(
      pass.output.rows, pass.output.columns, pass.output.pointer, pass.outputDelta.pointer,
      inputDelta.pointer)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "log-softmax", "The logarithms of shares of one over the features: z_k = a_k − log Σ_j e^{a_j}."
  ) { _ throws(ArgumentError) in LogSoftmax() }
}

/// The shape of features, or of a sequence of features.
private func featuresAlone(_ inputs: [Shape]) throws(ShapeError) -> Shape {
  let input = try inputs.single
  guard input.rank == 1 || input.rank == 2 else {
    throw ShapeError(
      "takes features or a sequence of features, got \(input); put flatten before it")
  }
  return input
}
