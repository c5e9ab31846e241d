/// Which examples a split puts into which part, each part in a random order.
package struct SplitIndices: Sendable, Equatable {
  /// The examples for training.
  package private(set) var training: [UInt32] = []
  /// The examples for validation.
  package private(set) var validation: [UInt32] = []
  /// The examples for the test.
  package private(set) var test: [UInt32] = []

  /// Splits so many examples into parts of the given shares; with `groups`, a number for each example, the examples of
  /// each number by themselves.
  package init(
    of count: Int, groups numbers: [Int32]?, train: Double, validation: Double, test: Double,
    seed: UInt64
  ) {
    precondition(
      train > 0 && validation >= 0 && test >= 0 && train + validation + test <= 1 + 1e-9,
      "the shares of a split are at most 1 together, got \(train), \(validation) and \(test)")
    var source = RandomSource(seed: seed, stream: "split")
    let examples = 0..<UInt32(count)
    let groups =
      numbers.map { numbers in
        Dictionary(grouping: examples) { numbers[Int($0)] }
          .sorted { $0.key < $1.key }.map(\.value)
      } ?? [Array(examples)]
    for var group in groups {
      source.shuffle(&group)
      let size = Double(group.count)
      let first = Int((size * train).rounded())
      let second = min(group.count, Int((size * (train + validation)).rounded()))
      let third = min(group.count, Int((size * (train + validation + test)).rounded()))
      self.training += group[..<first]
      self.validation += group[first..<second]
      self.test += group[second..<third]
    }
    // Groups lie one after the other until here; no part should be in the order of its classes.
    source.shuffle(&self.training)
    source.shuffle(&self.validation)
    source.shuffle(&self.test)
  }

  /// The examples of a part.
  package subscript(part: DataPart) -> [UInt32] {
    switch part {
    case .training: training
    case .validation: validation
    case .test: test
    }
  }
}
