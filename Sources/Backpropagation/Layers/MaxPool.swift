import CGradientKernels

/// The largest number of each window on C × H × W, channel by channel: z = max a.
///
/// Output C × H′ × W′ with H′ = ⌊(H + 2p − k)/s⌋ + 1; the padding is never the largest. Backward, δ goes to the largest, the
/// first of equals (as in PyTorch).
public struct MaxPool2D: Layer {
  private let window: PoolingWindow

  /// Creates a pooling; without a `stride` the windows lie side by side.
  public init(_ kernel: Extent, stride: Extent? = nil, padding: Extent = 0) {
    window = PoolingWindow(.plane, kernel, stride: stride, padding: padding)
  }

  public var kind: String { "max-pool-2d" }
  public var keepsPositions: Bool { false }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try window.outputShape(of: inputs)
  }

  public func forward<S>(_ pass: ForwardPass<S>) { window.maxForward(pass) }
  public func backward<S>(_ pass: BackwardPass<S>) { window.maxBackward(pass) }
  public func decisions(of pass: ForwardPass<Double>) -> [Int] { window.largest(in: pass.input) }

  static let catalogEntry = CatalogEntry<any Layer>(
    "max-pool-2d", "The largest number of each window on C × H × W.", arguments: .pooling,
    shorthand: "kernel"
  ) { arguments throws(ArgumentError) in
    MaxPool2D(
      try arguments.extent("kernel"), stride: try arguments.optionalExtent("stride"),
      padding: try arguments.extent("padding", from: 0, default: 0))
  }
}

/// The largest number of each window on C × length, channel by channel, as ``MaxPool2D``.
public struct MaxPool1D: Layer {
  private let window: PoolingWindow

  /// Creates a pooling; without a `stride` the windows lie side by side.
  public init(_ kernel: Int, stride: Int? = nil, padding: Int = 0) {
    window = PoolingWindow(kernel, stride: stride, padding: padding)
  }

  public var kind: String { "max-pool-1d" }
  public var keepsPositions: Bool { false }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try window.outputShape(of: inputs)
  }

  public func forward<S>(_ pass: ForwardPass<S>) { window.maxForward(pass) }
  public func backward<S>(_ pass: BackwardPass<S>) { window.maxBackward(pass) }
  public func decisions(of pass: ForwardPass<Double>) -> [Int] { window.largest(in: pass.input) }

  static let catalogEntry = CatalogEntry<any Layer>(
    "max-pool-1d", "The largest number of each window on C × length.",
    arguments: .poolingOfLength, shorthand: "kernel"
  ) { arguments throws(ArgumentError) in
    MaxPool1D(
      try arguments.length("kernel"), stride: try arguments.optionalLength("stride"),
      padding: try arguments.integer("padding", in: 0...maximumSize, default: 0))
  }
}

extension PoolingWindow {
  func maxForward<S>(_ pass: ForwardPass<S>) {
    withKernelShape(of: pass.input) { shape, planes in
      S.kernels.convolution.maxPool(shape, planes, pass.input.pointer, pass.output.pointer)
    }
  }

  func maxBackward<S>(_ pass: BackwardPass<S>) {
    guard let inputDelta = pass.inputDelta else { return }
    withKernelShape(of: pass.input) { shape, planes in
      S.kernels.convolution.maxPoolBackward(
        shape, planes, pass.input.pointer, pass.output.pointer, pass.outputDelta.pointer,
        inputDelta.pointer)
    }
  }
}
