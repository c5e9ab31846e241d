// Rectifiers z = h(a), bent at zero, element by element, and their backward δ_a = δ_z · h′(a).

/// The rectifier z = max(0, a); δ_a = δ_z where a > 0, else 0 (Nair and Hinton, 2010).
///
/// NaN passes through, forward and backward, so that it can be found.
public struct ReLU: Layer {
  /// Creates a rectifier.
  public init() {}

  public var kind: String { "relu" }
  public var nonlinearity: Nonlinearity? { .rectifier }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  @specialized(where S == Float)
  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(S.kernels.activations.relu.forward, of: pass.input)
  }

  @specialized(where S == Float)
  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(S.kernels.activations.relu.backward, of: pass.output, pass.outputDelta)
  }

  public func decisions(of pass: ForwardPass<Double>) -> [Int] {
    pass.input.pieces(dividedAt: 0)
  }

  static let catalogEntry = CatalogEntry<any Layer>("relu", "The rectifier z = max(0, a).") {
    _ throws(ArgumentError) in ReLU()
  }
}

/// The leaky rectifier z = a where a > 0, else slope · a; δ_a = δ_z or slope · δ_z (Maas et al., 2013).
public struct LeakyReLU: Layer {
  /// The slope on the negative side.
  public var slope: Double

  /// Creates a leaky rectifier.
  public init(slope: Double = 0.01) { self.slope = slope }

  public var kind: String { "leaky-relu" }
  public var nonlinearity: Nonlinearity? { .leakyRectifier }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(S.kernels.activations.leakyReLU.forward, S(slope), of: pass.input)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(
      S.kernels.activations.leakyReLU.backward, S(slope), of: pass.input, pass.outputDelta)
  }

  public func decisions(of pass: ForwardPass<Double>) -> [Int] {
    pass.input.pieces(dividedAt: 0)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "leaky-relu", "The leaky rectifier z = a where a > 0, else slope · a.",
    arguments: [
      ArgumentDescription("slope", "the slope on the negative side, from 0 to 1", default: "0.01")
    ], shorthand: "slope"
  ) { arguments throws(ArgumentError) in
    LeakyReLU(
      slope: try arguments.number("slope", default: 0.01, expected: "a number from 0 to 1") {
        (0...1).contains($0)
      })
  }
}

/// The leaky rectifier whose slope is learned: z = a where a > 0, else w · a (He et al., 2015).
///
/// δ_a = δ_z or w · δ_z; dE/dw = Σ δ_z · a over the elements that are not positive. There is one slope, or one for each
/// channel of channels × height × width and each feature of features or positions × features.
public struct PReLU: Layer {
  /// Whether each channel has a slope of its own.
  public var isPerChannel: Bool
  /// The slope at the start.
  public var slope: Double

  /// Creates a rectifier with learned slopes.
  public init(perChannel: Bool = false, slope: Double = 0.25) {
    isPerChannel = perChannel
    self.slope = slope
  }

  public var kind: String { "prelu" }
  public var nonlinearity: Nonlinearity? { .leakyRectifier }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    let channels = isPerChannel ? featureSize(of: inputs[0]) : 1
    return [
      ParameterSpecification("weight", shape: [channels], initializer: .constant(slope))
    ]
  }

  public func forward<S>(_ pass: ForwardPass<S>) {
    let slopes = pass.parameters[0], layout = layout(of: pass.input, channels: slopes.count)
    pass.output.expectSameCount(pass.input, in: "prelu")
    S.kernels.activations.prelu(
      layout.outer, slopes.count, layout.inner, slopes.pointer, pass.input.pointer,
      pass.output.pointer)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    let slopes = pass.parameters[0], layout = layout(of: pass.input, channels: slopes.count)
    let delta = pass.outputDelta
    if let inputDelta = pass.inputDelta {
      S.kernels.activations.preluBackward(
        layout.outer, slopes.count, layout.inner, slopes.pointer, pass.input.pointer,
        delta.pointer, inputDelta.pointer)
    }
    S.kernels.activations.preluGradient(
      layout.outer, slopes.count, layout.inner, pass.input.pointer, delta.pointer,
      pass.parameterGradients[0].pointer)
  }

  public func decisions(of pass: ForwardPass<Double>) -> [Int] {
    pass.input.pieces(dividedAt: 0)
  }

  /// The elements of one slope: `inner` that lie together, `outer` times.
  private func layout<S>(
    of view: TensorView<S>, channels: Int
  ) -> (outer: Int, inner: Int) {
    // The examples stand in front of channels × height × width.
    let inner =
      !isPerChannel ? view.count : view.shape.rank == 4 ? view.shape[2] * view.shape[3] : 1
    return (view.count / max(1, channels * inner), inner)
  }

  private func featureSize(of shape: Shape) -> Int { shape.rank == 3 ? shape[0] : shape.last }

  static let catalogEntry = CatalogEntry<any Layer>(
    "prelu", "The leaky rectifier whose slope is learned: z = a where a > 0, else w · a.",
    arguments: [
      ArgumentDescription(
        "per-channel", "whether each channel or feature has a slope of its own", default: "false"),
      ArgumentDescription("slope", "the slope at the start", default: "0.25"),
    ]
  ) { arguments throws(ArgumentError) in
    PReLU(
      perChannel: try arguments.boolean("per-channel", default: false),
      slope: try arguments.number("slope", default: 0.25))
  }
}
