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
  /// A feature that is constant in the training part is centered only.
  public func normalized(_ normalization: Normalization) -> DataSplit {
    let transform = AffineTransform(fitting: normalization, to: training)
    return DataSplit(
      training: transform(training), validation: transform(validation), test: transform(test))
  }
}

/// x ↦ (x − offset) · factor for each feature, or x ↦ x / ‖x‖₂ for each example.
private struct AffineTransform {
  var offsets: [Double]
  var factors: [Double]
  var perExample = false

  init(fitting normalization: Normalization, to data: Dataset) {
    let size = data.inputShape.count
    offsets = [Double](repeating: 0, count: size)
    factors = [Double](repeating: 1, count: size)
    guard data.count > 0 else { return }
    switch normalization {
    case .none: break
    case .unitNorm: perExample = true
    case .standard:
      for feature in 0..<size {
        let values = stride(from: feature, to: data.inputs.count, by: size).map { data.inputs[$0] }
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
        let values = stride(from: feature, to: data.inputs.count, by: size).map { data.inputs[$0] }
        let low = values.min() ?? 0, high = values.max() ?? 0
        offsets[feature] = low
        factors[feature] = high > low ? 1 / (high - low) : 1
      }
    }
  }

  func callAsFunction(_ data: Dataset) -> Dataset {
    let size = data.inputShape.count
    var inputs = data.inputs
    for example in 0..<data.count {
      let range = example * size..<(example + 1) * size
      if perExample {
        let norm = inputs[range].reduce(0) { $0 + $1 * $1 }.squareRoot()
        if norm > 0 { for index in range { inputs[index] /= norm } }
      } else {
        for (feature, index) in range.enumerated() {
          inputs[index] = (inputs[index] - offsets[feature]) * factors[feature]
        }
      }
    }
    return Dataset(inputShape: data.inputShape, inputs: inputs, targets: data.targets)
  }
}
