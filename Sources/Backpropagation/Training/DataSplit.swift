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
    var groups: [Int32]?
    if stratify, case .classes(let classes, _, 1) = targets { groups = classes.map { Int32($0) } }
    let parts = SplitIndices(
      of: count, groups: groups, train: train, validation: validation, test: test, seed: seed)
    return DataSplit(
      training: selecting(parts.training.lazy.map { Int($0) }),
      validation: selecting(parts.validation.lazy.map { Int($0) }),
      test: selecting(parts.test.lazy.map { Int($0) }))
  }
}
