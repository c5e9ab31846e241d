/// How feature values are brought to one scale before training.
public enum Normalization: String, Sendable, CaseIterable {
  /// As they are.
  case none
  /// (x − mean) / standard deviation, feature by feature.
  case standard
  /// (x − minimum) / (maximum − minimum), feature by feature.
  case minMax = "min-max"
  /// x / ‖x‖₂, example by example.
  case unitNorm = "unit-norm"
}

extension DataSplit {
  /// The split with its inputs brought to one scale; what that takes is fitted on the training part alone.
  ///
  /// A feature that is constant in the training part is centered only. Indices, which `except` names by their input, stay
  /// as they are.
  public func normalized(
    _ normalization: Normalization, except indices: Set<String> = []
  ) -> DataSplit {
    let transforms = training.features.map { features in
      AffineTransform(
        fitting: indices.contains(features.name) ? .none : normalization, to: features,
        lengths: training.lengths)
    }
    func transformed(_ part: Dataset) -> Dataset {
      var transforms = transforms.makeIterator()
      return part.mappingInputs { features in
        transforms.next()?(features, lengths: part.lengths) ?? features.values
      }
    }
    return DataSplit(
      training: transformed(training), validation: transformed(validation),
      test: transformed(test))
  }
}

/// x ↦ (x − offset) · factor for each feature, or x ↦ x / ‖x‖₂ for each example.
private struct AffineTransform {
  var offsets: [Double]
  var factors: [Double]
  var perExample = false

  init(fitting normalization: Normalization, to data: Dataset.Features, lengths: [Int]?) {
    // The positions of a sequence of unequal length share their features' scale, since few examples have the last ones.
    let size = lengths == nil ? data.shape.count : data.shape.last
    offsets = [Double](repeating: 0, count: size)
    factors = [Double](repeating: 1, count: size)
    guard !data.values.isEmpty else { return }
    switch normalization {
    case .none: break
    case .unitNorm: perExample = true
    case .standard:
      for feature in 0..<size {
        let values = Self.values(of: feature, size, data, lengths)
        let mean = values.reduce(0, +) / Double(values.count)
        let variance =
          values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        offsets[feature] = mean
        // Rounding leaves a constant feature with a variance of about (mean · ε)², not of zero.
        let noise = mean * mean * 1e-28
        factors[feature] = variance > noise ? 1 / variance.squareRoot() : 1
      }
    case .minMax:
      for feature in 0..<size {
        let values = Self.values(of: feature, size, data, lengths)
        let low = values.min() ?? 0, high = values.max() ?? 0
        offsets[feature] = low
        factors[feature] = high > low ? 1 / (high - low) : 1
      }
    }
  }

  /// The values of one feature, without padding.
  private static func values(
    of feature: Int, _ size: Int, _ data: Dataset.Features, _ lengths: [Int]?
  ) -> [Double] {
    let rows = data.values.count / size, positions = data.shape.count / size
    return (0..<rows).compactMap { row in
      if let lengths, row % positions >= lengths[row / positions] { return nil }
      return data.values[row * size + feature]
    }
  }

  func callAsFunction(_ data: Dataset.Features, lengths: [Int]?) -> [Double] {
    let size = data.shape.count, features = offsets.count
    var values = data.values
    for example in 0..<values.count / max(size, 1) {
      let valid = lengths.map { min($0[example] * features, size) } ?? size
      let range = example * size..<example * size + valid
      if perExample {
        let norm = values[range].reduce(0) { $0 + $1 * $1 }.squareRoot()
        if norm > 0 { for index in range { values[index] /= norm } }
      } else {
        for (place, index) in range.enumerated() {
          let feature = place % features
          values[index] = (values[index] - offsets[feature]) * factors[feature]
        }
      }
    }
    return values
  }
}
