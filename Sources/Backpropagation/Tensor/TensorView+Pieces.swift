extension TensorView<Double> {
  /// For each element between which of some thresholds it lies, in ascending order: how many of them it exceeds.
  func pieces(dividedAt thresholds: Double...) -> [Int] {
    elements.map { element in thresholds.count { element > $0 } }
  }
}
