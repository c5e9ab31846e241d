/// The mean of each channel: C × H × W, or C × length, becomes C.
///
/// Backward, each element gets δ / (H · W).
public struct GlobalAveragePool: Layer {
  /// Creates a pooling.
  public init() {}

  public var keepsPositions: Bool { false }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try channels(of: inputs)
  }

  public func forward<S>(_ pass: ForwardPass<S>) {
    PoolingWindow(around: pass.input).averageForward(pass)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    PoolingWindow(around: pass.input).averageBackward(pass)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "global-average-pool", "The mean of each channel of C × H × W, or of C × length."
  ) { _ throws(ArgumentError) in GlobalAveragePool() }
}

/// The largest number of each channel: C × H × W, or C × length, becomes C.
///
/// Backward, the first of the largest gets δ.
public struct GlobalMaxPool: Layer {
  /// Creates a pooling.
  public init() {}

  public var keepsPositions: Bool { false }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try channels(of: inputs)
  }

  public func forward<S>(_ pass: ForwardPass<S>) {
    PoolingWindow(around: pass.input).maxForward(pass)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    PoolingWindow(around: pass.input).maxBackward(pass)
  }

  public func decisions(of pass: ForwardPass<Double>) -> [Int] {
    PoolingWindow(around: pass.input).largest(in: pass.input)
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "global-max-pool", "The largest number of each channel of C × H × W, or of C × length."
  ) { _ throws(ArgumentError) in GlobalMaxPool() }
}

private func channels(of inputs: [Shape]) throws(ShapeError) -> Shape {
  let input = try inputs.single
  guard (2...3).contains(input.rank) else {
    throw ShapeError("takes channels × height × width or channels × length, got \(input)")
  }
  return [input[0]]
}

extension PoolingWindow {
  /// A window as large as the planes of a batch.
  fileprivate init<S>(around batch: TensorView<S>) {
    let planes = Planes(batch: batch.shape)
    self.init(.plane, Extent(planes.height, planes.width), stride: nil, padding: 0)
  }
}
