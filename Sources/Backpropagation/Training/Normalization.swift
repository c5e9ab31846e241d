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
    let scales = training.features.map { features in
      InputScale(
        fitting: indices.contains(features.name) ? .none : normalization,
        features: features.featureCount(hasLengths: training.lengths != nil)
      ) { features.forEachExample(lengths: training.lengths, $0) }
    }
    func transformed(_ part: Dataset) -> Dataset {
      var scales = scales.makeIterator()
      return part.mappingInputs { features in
        var values = features.values
        scales.next()?.apply(to: &values, examples: part.count, lengths: part.lengths)
        return values
      }
    }
    return DataSplit(
      training: transformed(training), validation: transformed(validation),
      test: transformed(test))
  }
}

extension Dataset.Features {
  /// How many features have a scale of their own.
  ///
  /// The positions of a sequence of unequal length share their features' scale, since few examples have the last ones.
  func featureCount(hasLengths: Bool) -> Int { hasLengths ? shape.last : shape.count }

  /// Hands each example's numbers to `body`, without padding.
  package func forEachExample(lengths: [Int]?, _ body: (UnsafeBufferPointer<Double>) -> Void) {
    let size = shape.count
    values.withUnsafeBufferPointer { values in
      for (example, start) in stride(from: 0, to: values.count, by: max(size, 1)).enumerated() {
        let valid = lengths.map { min($0[example] * shape.last, size) } ?? size
        body(UnsafeBufferPointer(rebasing: values[start..<start + valid]))
      }
    }
  }
}
