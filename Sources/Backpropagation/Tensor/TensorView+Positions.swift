// Sequences of unequal length: examples × positions × features, of which the positions past an example's length are padding.

extension TensorView {
  /// Writes zero into the padding; gives the number of elements that are padding.
  func clearPadding(lengths: UnsafePointer<Int32>?) -> Int {
    guard let lengths else { return 0 }
    let size = count / max(shape[0], 1), features = size / max(shape[1], 1)
    var padding = 0
    for example in 0..<shape[0] {
      let start = min(Int(lengths[example]) * features, size)
      (pointer + example * size + start).update(repeating: 0, count: size - start)
      padding += size - start
    }
    return padding
  }

  /// Divides each position's terms by the number of valid positions of its example; those of padding become zero.
  func weighPositions(_ positions: Int, lengths: UnsafePointer<Int32>?) {
    let size = count / max(rowsOfExamples(positions), 1), features = size / max(positions, 1)
    for example in 0..<rowsOfExamples(positions) {
      let valid = lengths.map { min(Int($0[example]), positions) } ?? positions
      let start = pointer + example * size
      Scalar.kernels.scale(valid * features, 1 / Scalar(Double(max(valid, 1))), 0, start, start)
      (start + valid * features).update(repeating: 0, count: size - valid * features)
    }
  }

  /// The number of examples, where the first axis counts the positions of all of them.
  private func rowsOfExamples(_ positions: Int) -> Int { shape[0] / max(positions, 1) }
}
