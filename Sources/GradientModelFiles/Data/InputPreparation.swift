import Backpropagation

/// What is done to the numbers of an input before a network gets them: means take the place of those that are missing,
/// then all are brought to one scale.
struct InputPreparation: Sendable {
  /// What takes the place of a missing number, feature by feature; empty where none is missing.
  var means: [Double] = []
  var scale: InputScale?

  /// Prepares the numbers of some examples.
  func apply(to values: inout [Double], examples: Int, lengths: [Int]?) {
    fillGaps(of: &values)
    scale?.apply(to: &values, examples: examples, lengths: lengths)
  }

  /// Puts the means where numbers are missing.
  func fillGaps(of values: inout [Double]) {
    guard !means.isEmpty else { return }
    for place in values.indices where values[place].isNaN {
      values[place] = means[place % means.count]
    }
  }
}

/// The mean of each feature over what is there of it.
struct PresentMeans {
  private var sums: [Double]
  private var counts: [Double]

  init(features: Int) {
    sums = [Double](repeating: 0, count: features)
    counts = sums
  }

  /// Adds an example, of one position or several.
  mutating func add(_ values: UnsafeBufferPointer<Double>) {
    for (place, value) in values.enumerated() where !value.isNaN {
      sums[place % sums.count] += value
      counts[place % sums.count] += 1
    }
  }

  /// The means; 0 for a feature of which nothing is there.
  var means: [Double] { zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 } }
}
