/// A window on elements that something else owns: what layers read and write in a pass.
///
/// The next pass writes into the same elements: to keep them, take a ``copy``. A view of a ``Tensor`` is valid within the
/// closure that is called with it, like the pointers of an array.
public struct TensorView<Scalar: TensorScalar> {
  /// The sizes of the axes, the examples first.
  public let shape: Shape
  package let elements: UnsafeMutableBufferPointer<Scalar>
  /// Who frees the elements, where that can be kept from happening.
  private let owner: AnyObject?

  package init(
    shape: Shape, elements: UnsafeMutableBufferPointer<Scalar>, owner: AnyObject? = nil
  ) {
    precondition(
      elements.count == shape.count,
      "a view of \(shape) has \(shape.count) elements, got \(elements.count)")
    self.shape = shape
    self.elements = elements
    self.owner = owner
  }

  /// The number of elements.
  public var count: Int { elements.count }

  /// The element at `index` in row-major order.
  public subscript(index: Int) -> Scalar {
    get { elements[index] }
    nonmutating set { elements[index] = newValue }
  }

  /// Writes `values`, of the same shape, into the window.
  public func assign(_ values: some TensorReadable<Scalar>) {
    values.withView { values in
      precondition(
        values.shape == shape, "assign: expected a tensor of \(shape), got \(values.shape)")
      pointer.update(from: values.pointer, count: count)
    }
  }

  /// Writes `value` into each element.
  public func fill(_ value: Scalar) { elements.update(repeating: value) }

  /// The same elements as another shape of the same count.
  public func reshaped(_ shape: Shape) -> TensorView {
    TensorView(shape: shape, elements: elements, owner: owner)
  }

  /// A copy that owns its elements.
  public var copy: Tensor<Scalar> { Tensor(shape: shape, scalars: Array(elements)) }

  /// The same elements as a matrix whose rows are the innermost axis: rows × columns.
  var rows: Int { shape.last == 0 ? 0 : count / shape.last }
  var columns: Int { shape.last }

  var pointer: UnsafeMutablePointer<Scalar> {
    guard let start = elements.baseAddress else {
      preconditionFailure("a view of \(shape) has no memory")
    }
    return start
  }
}

/// What can be read as a tensor: one that owns its elements, or a view.
public protocol TensorReadable<Scalar> {
  /// The type of the elements.
  associatedtype Scalar: TensorScalar
  /// Calls `body` with a view of the elements, which it only reads.
  func withView<Result>(_ body: (TensorView<Scalar>) throws -> Result) rethrows -> Result
}

extension TensorView: TensorReadable {
  public func withView<Result>(
    _ body: (TensorView<Scalar>) throws -> Result
  ) rethrows -> Result {
    try body(self)
  }
}
