import Backpropagation

extension Dataset {
  /// This data set with the mean of each input over the examples of `reference` in place of its NaNs.
  func fillingGaps(withMeansOf reference: Dataset) -> Dataset {
    guard features.contains(where: { $0.values.contains(where: \.isNaN) }) else { return self }
    var means = reference.features.map { $0.means(lengths: reference.lengths) }.makeIterator()
    return mappingInputs { input in
      guard let means = means.next(), !means.isEmpty else { return input.values }
      return input.values.enumerated().map { place, value in
        value.isNaN ? means[place % means.count] : value
      }
    }
  }
}

extension Dataset.Features {
  /// The mean of each feature over what is there of it; of sequences of unequal length, over all their positions.
  fileprivate func means(lengths: [Int]?) -> [Double] {
    let width = lengths == nil ? shape.count : shape.last
    var sums = [Double](repeating: 0, count: width)
    var counts = [Int](repeating: 0, count: width)
    for (place, value) in values.enumerated() where !value.isNaN {
      let example = place / shape.count, position = place % shape.count / width
      if let lengths, position >= lengths[example] { continue }
      sums[place % width] += value
      counts[place % width] += 1
    }
    return zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : 0 }
  }
}
