/// A data set's training, validation and test parts.
public struct DataSplit: Sendable, Equatable {
  /// What the network is trained on.
  public var training: Dataset
  /// What is measured while it trains; may be empty.
  public var validation: Dataset
  /// What is measured at the end; may be empty.
  public var test: Dataset

  /// Creates a split of parts that exist already.
  public init(training: Dataset, validation: Dataset, test: Dataset) {
    self.training = training
    self.validation = validation
    self.test = test
  }
}

extension Dataset {
  /// Splits the examples at random into parts of the given shares, the same for a seed on every machine.
  ///
  /// With `stratify`, each class is split by itself, so that each part has its share of each. Shares are rounded to
  /// whole examples; what shares below 1 leave over is left out.
  public func split(
    train: Double, validation: Double = 0, test: Double = 0, seed: UInt64 = 1,
    stratify: Bool = true
  ) -> DataSplit {
    precondition(
      train > 0 && validation >= 0 && test >= 0 && train + validation + test <= 1 + 1e-9,
      "the shares of a split are at most 1 together, got \(train), \(validation) and \(test)")
    var source = RandomSource(seed: seed, stream: "split")
    var groups: [[Int]] = [Array(0..<count)]
    if stratify, case .classes(let classes, _, 1) = targets {
      groups = Dictionary(grouping: 0..<count) { classes[$0] }
        .sorted { $0.key < $1.key }.map(\.value)
    }
    var parts: ([Int], [Int], [Int]) = ([], [], [])
    for var group in groups {
      source.shuffle(&group)
      let size = Double(group.count)
      let first = Int((size * train).rounded())
      let second = min(group.count, Int((size * (train + validation)).rounded()))
      let third = min(group.count, Int((size * (train + validation + test)).rounded()))
      parts.0 += group[..<first]
      parts.1 += group[first..<second]
      parts.2 += group[second..<third]
    }
    // Groups lie one after the other until here; no part should be in the order of its classes.
    source.shuffle(&parts.0)
    source.shuffle(&parts.1)
    source.shuffle(&parts.2)
    return DataSplit(
      training: selecting(parts.0), validation: selecting(parts.1), test: selecting(parts.2))
  }
}
