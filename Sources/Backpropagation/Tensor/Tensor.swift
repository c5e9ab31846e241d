/// A tensor that owns its elements: a shape and the scalars in row-major order.
public struct Tensor<Scalar: TensorScalar>: Equatable, Sendable {
  /// The sizes of the axes.
  public let shape: Shape
  /// The elements in row-major order.
  public private(set) var scalars: [Scalar]

  /// Creates a tensor; traps if the number of scalars is not the shape's.
  public init(shape: Shape, scalars: [Scalar]) {
    precondition(
      scalars.count == shape.count,
      "a tensor of \(shape) has \(shape.count) elements, got \(scalars.count)")
    self.shape = shape
    self.scalars = scalars
  }

  /// Creates a tensor of zeros.
  public init(zeros shape: Shape) {
    self.init(shape: shape, scalars: [Scalar](repeating: 0, count: shape.count))
  }

  /// The element at `index` in row-major order.
  public subscript(index: Int) -> Scalar {
    get { scalars[index] }
    set { scalars[index] = newValue }
  }

  /// Calls `body` with a view of the elements, which it may write to.
  public mutating func withMutableView<Result>(
    _ body: (TensorView<Scalar>) throws -> Result
  ) rethrows -> Result {
    let shape = shape
    return try scalars.withUnsafeMutableBufferPointer { elements in
      try body(TensorView(shape: shape, elements: elements))
    }
  }
}

extension Tensor: TensorReadable {
  public func withView<Result>(
    _ body: (TensorView<Scalar>) throws -> Result
  ) rethrows -> Result {
    try scalars.withUnsafeBufferPointer { elements in
      try body(TensorView(shape: shape, elements: UnsafeMutableBufferPointer(mutating: elements)))
    }
  }
}
