/// Sees every δ of a backward pass while it is there: afterwards its memory may hold another one.
protocol DeltaWatcher<Scalar>: AnyObject {
  associatedtype Scalar: TensorScalar

  /// The δ of a node is whole, and is about to be passed back.
  func isWhole(_ delta: TensorView<Scalar>, of node: Int)
}
