import CGradientKernels

/// The mean of each window on C × H × W, channel by channel: z = Σ a / (kh · kw).
///
/// Output C × H′ × W′ with H′ = ⌊(H + 2p − k)/s⌋ + 1; the zeros of the padding count (as in PyTorch). Backward, each
/// element of a window gets its share, δ / (kh · kw).
public struct AveragePool2D: Layer {
  private let window: PoolingWindow

  /// Creates a pooling; without a `stride` the windows lie side by side.
  public init(_ kernel: Extent, stride: Extent? = nil, padding: Extent = 0) {
    window = PoolingWindow(.plane, kernel, stride: stride, padding: padding)
  }

  public var kind: String { "average-pool-2d" }
  public var keepsPositions: Bool { false }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try window.outputShape(of: inputs)
  }

  public func forward<S>(_ pass: ForwardPass<S>) { window.averageForward(pass) }
  public func backward<S>(_ pass: BackwardPass<S>) { window.averageBackward(pass) }

  static let catalogEntry = CatalogEntry<any Layer>(
    "average-pool-2d", "The mean of each window on C × H × W.", arguments: .pooling,
    shorthand: "kernel"
  ) { arguments throws(ArgumentError) in
    AveragePool2D(
      try arguments.extent("kernel"), stride: try arguments.optionalExtent("stride"),
      padding: try arguments.extent("padding", from: 0, default: 0))
  }
}

/// The mean of each window on C × length, channel by channel, as ``AveragePool2D``.
public struct AveragePool1D: Layer {
  private let window: PoolingWindow

  /// Creates a pooling; without a `stride` the windows lie side by side.
  public init(_ kernel: Int, stride: Int? = nil, padding: Int = 0) {
    window = PoolingWindow(kernel, stride: stride, padding: padding)
  }

  public var kind: String { "average-pool-1d" }
  public var keepsPositions: Bool { false }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try window.outputShape(of: inputs)
  }

  public func forward<S>(_ pass: ForwardPass<S>) { window.averageForward(pass) }
  public func backward<S>(_ pass: BackwardPass<S>) { window.averageBackward(pass) }

  static let catalogEntry = CatalogEntry<any Layer>(
    "average-pool-1d", "The mean of each window on C × length.",
    arguments: .poolingOfLength, shorthand: "kernel"
  ) { arguments throws(ArgumentError) in
    AveragePool1D(
      try arguments.length("kernel"), stride: try arguments.optionalLength("stride"),
      padding: try arguments.integer("padding", in: 0...maximumSize, default: 0))
  }
}

extension PoolingWindow {
  func averageForward<S>(_ pass: ForwardPass<S>) {
    withKernelShape(of: pass.input) { shape, planes in
      S.kernels.convolution.averagePool(shape, planes, pass.input.pointer, pass.output.pointer)
    }
  }

  func averageBackward<S>(_ pass: BackwardPass<S>) {
    guard let inputDelta = pass.inputDelta else { return }
    withKernelShape(of: pass.input) { shape, planes in
      S.kernels.convolution.averagePoolBackward(
        shape, planes, pass.outputDelta.pointer, inputDelta.pointer)
    }
  }
}
