/// Some columns of sequences of unequal length: examples × steps × columns, rows of `stride` apart.
struct Steps<Scalar: TensorScalar> {
  let start: UnsafeMutablePointer<Scalar>
  let examples: Int
  let count: Int
  let columns: Int
  let stride: Int
  private let lengths: UnsafePointer<Int32>?

  /// Of examples × steps × features, the features of one of `parts` equal parts.
  init(
    _ view: TensorView<Scalar>, part: Int = 0, of parts: Int = 1, lengths: UnsafePointer<Int32>?
  ) {
    precondition(
      view.shape.rank == 3 && view.shape[2].isMultiple(of: parts),
      "steps of \(view.shape) in \(parts) parts")
    examples = view.shape[0]
    count = view.shape[1]
    stride = view.shape[2]
    columns = stride / parts
    start = view.pointer + part * columns
    self.lengths = lengths
  }

  /// Copies the valid steps of `other`, the last one first if they are reversed; the others become zero.
  func assign(_ other: Steps, reversed: Bool) { copy(other, reversed: reversed, adds: false) }

  /// Adds the valid steps of `other`, the last one first if they are reversed.
  func add(_ other: Steps, reversed: Bool) { copy(other, reversed: reversed, adds: true) }

  private func copy(_ other: Steps, reversed: Bool, adds: Bool) {
    precondition(
      (other.examples, other.count, other.columns) == (examples, count, columns),
      "steps of unequal shapes")
    Scalar.kernels.recurrent.copySteps(
      examples, count, columns, lengths, reversed ? 1 : 0, adds ? 1 : 0, other.start, other.stride,
      start, stride)
  }

  /// Writes each example's last valid step into one of `parts` equal parts of the rows of `target`.
  func copyLast(to target: TensorView<Scalar>, part: Int, of parts: Int) {
    precondition(
      stride == columns && target.count == examples * parts * columns,
      "the last step of \(columns) columns does not fit \(target.shape)")
    Scalar.kernels.recurrent.copyLastStep(
      examples, count, columns, lengths, start, target.pointer + part * columns, parts * columns)
  }

  /// Writes one of `parts` equal parts of the rows of `source` to each example's last valid step, zero to the others.
  func assignLast(_ source: TensorView<Scalar>, part: Int, of parts: Int) {
    precondition(
      source.count == examples * parts * columns,
      "the last step of \(columns) columns does not fit \(source.shape)")
    Scalar.kernels.recurrent.copyToLastStep(
      examples, count, columns, lengths, source.pointer + part * columns, parts * columns, start,
      stride)
  }
}
