import GradientHealth

/// What the rules of other systems ask of a run.
extension RecordedRun {
  /// The steps at which they look.
  var inspected: [StepRecord] { steps.filter { $0.step.isMultiple(of: 10) } + steps.suffix(1) }

  /// A mean magnitude out of a root mean square, for normally distributed values.
  static func meanMagnitude(_ rms: Double) -> Double { rms * (2 / Double.pi).squareRoot() }

  /// The mean magnitude of the gradient of each weight at a step.
  func meanGradients(_ step: StepRecord) -> [Double] {
    weightLayers.flatMap { weights($0, step).compactMap(\.statistics.gradientRMS) }
      .map(Self.meanMagnitude)
  }

  /// The L2 norm of the gradient of a layer's weights.
  func gradientNorm(_ layer: Int, _ step: StepRecord) -> Double? {
    let squares = weights(layer, step).compactMap { weight in
      weight.statistics.gradientRMS.map { $0 * $0 * Double(weight.count) }
    }
    return squares.isEmpty ? nil : squares.reduce(0, +).squareRoot()
  }

  /// Whether any tensor of a step holds a number that is not finite.
  func holdsNonFinite(_ step: StepRecord) -> Bool {
    !(step.loss ?? 0).isFinite
      || step.layers.contains { record in
        (record?.activation?.nonFinite ?? 0) > 0 || (record?.delta?.nonFinite ?? 0) > 0
          || record?.parameters.contains { ($0?.nonFinite ?? 0) > 0 } ?? false
      }
  }

  /// The layers whose kind is one of `kinds`.
  func layers(ofKind kinds: String...) -> [Int] {
    header.layers.indices.filter { kinds.contains(header.layers[$0].kind) }
  }

  /// For each rectifier and window the share of units that were active for at most `limit` of what they saw.
  func rarelyActiveShares(atMost limit: Double) -> [Double] {
    layers(ofKind: "relu").flatMap { layer in
      steps.compactMap { step in
        guard let record = step.layers[layer], let window = record.unitWindow,
          let count = record.activation?.count, !window.activeCounts.isEmpty
        else { return nil }
        let seen = Double(count / window.activeCounts.count * window.steps)
        let rare = window.activeCounts.count { Double($0) <= limit * seen }
        return Double(rare) / Double(window.activeCounts.count)
      }
    }
  }

  /// For each sigmoid and tanh the share of its outputs at the flat ends, at the inspected steps.
  var saturatedShares: [Double] {
    layers(ofKind: "sigmoid", "tanh").flatMap { layer in
      inspected.compactMap { step in
        guard let record = step.layers[layer], let saturated = record.saturated,
          let count = record.activation?.count, count > 0
        else { return nil }
        return Double(saturated) / Double(count)
      }
    }
  }
}
