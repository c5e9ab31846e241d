/// Squares of small errors, distances of large ones: E_n = 1/K Σ_k h(y_k − t_k) with h(d) = ½d² where |d| ≤ Δ, else
/// Δ(|d| − ½Δ) (Huber, 1964).
///
/// The topmost delta is y_k − t_k limited to ±Δ, over K.
public struct Huber: Loss, ElementwiseLoss {
  /// The error from which on distances count, Δ.
  public var delta: Double

  /// Creates the loss.
  public init(delta: Double = 1) { self.delta = delta }

  public var id: String { "huber" }
  var parameter: Double { delta }

  func kernels<S>(_ table: LossKernels<S>) -> LossKernels<S>.Elementwise { table.huber }

  /// The mean error of the constant at which the limited differences sum to zero.
  func constantLoss(ofOne targets: [Double]) -> Double {
    let best = location(of: targets)
    return targets.map { target in
      let distance = abs(target - best)
      return distance <= delta ? distance * distance / 2 : delta * (distance - delta / 2)
    }.mean
  }

  /// Huber's estimate of location, by Newton's method within an interval that shrinks around it.
  private func location(of targets: [Double]) -> Double {
    guard var low = targets.min(), var high = targets.max(), low < high else {
      return targets.first ?? 0
    }
    var best = targets.mean
    // The interval halves at least every other time, so that this reaches the last digit.
    for iteration in 0..<128 where low < high {
      var sum = 0.0, within = 0
      for target in targets {
        let difference = target - best
        sum += min(max(difference, -delta), delta)
        within += abs(difference) <= delta ? 1 : 0
      }
      guard sum != 0 else { break }
      if sum > 0 { low = best } else { high = best }
      let next = best + sum / Double(max(within, 1))
      let middle = low + (high - low) / 2
      let isUsable = iteration.isMultiple(of: 2) && within > 0 && next > low && next < high
      guard (isUsable ? next : middle) != best else { break }
      best = isUsable ? next : middle
    }
    return best
  }

  public func decisions(_ output: TensorView<Double>, _ targets: BatchTargets<Double>) -> [Int] {
    zip(output.elements, targets.values.elements).map { output, target in
      output - target > delta ? 1 : output - target < -delta ? -1 : 0
    }
  }

  static let catalogEntry = CatalogEntry<any Loss>(
    "huber",
    "1/K Σ_k h(y_k − t_k), with h(d) = ½d² where |d| ≤ delta, else delta · (|d| − ½ delta).",
    arguments: [
      ArgumentDescription(
        "delta", "the error from which on distances count, a positive number", default: "1")
    ], shorthand: "delta"
  ) { arguments throws(ArgumentError) in
    Huber(delta: try arguments.positive("delta", default: 1))
  }
}

extension Loss where Self == Huber {
  /// Squares of errors up to `delta`, distances of larger ones.
  public static func huber(delta: Double = 1) -> Huber { Huber(delta: delta) }
}
