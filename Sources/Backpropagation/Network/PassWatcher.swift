/// Sees what a pass over a network computes, while it is there: afterwards its memory may hold something else.
protocol PassWatcher<Scalar>: AnyObject {
  associatedtype Scalar: TensorScalar

  /// A node's output has been computed, in a forward pass, or its δ, in a backward pass.
  func isWhole(_ view: TensorView<Scalar>, of node: Int)
}
