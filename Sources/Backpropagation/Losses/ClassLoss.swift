import Foundation

/// A loss whose targets are class numbers, each of which may have a weight.
protocol ClassLoss: Loss {}

extension ClassLoss {
  public var takesClasses: Bool { true }

  public func check(output: Shape, targets: Targets?) throws(ShapeError) {
    guard output.rank == 1, output.count >= 2 else {
      throw ShapeError("\(id) takes an output for each class, at least 2, got \(output)")
    }
    if let classWeights, classWeights.count != output.count {
      throw ShapeError(
        "\(id) has \(classWeights.count) class-weights, but the output has \(output.count) "
          + "classes")
    }
    switch targets {
    case nil: return
    case .values: throw ShapeError("\(id) takes class numbers as targets, got other numbers")
    case .classes(let classes, let names, _):
      if let lowest = classes.min(), lowest < 0 {
        throw ShapeError("\(id) takes class numbers from 0 as targets, got \(lowest)")
      }
      let highest = max(names.count - 1, classes.max() ?? 0)
      guard highest < output.count else {
        throw ShapeError(
          "the data have \(highest.magnitude + 1) classes, but the output has \(output.count)")
      }
    }
  }

  /// Calls `body` with the weights as the kernels read them.
  func withClassWeights(_ body: (UnsafePointer<Double>?) -> Void) {
    guard let classWeights else { return body(nil) }
    classWeights.withUnsafeBufferPointer { body($0.baseAddress) }
  }

  /// Σ_n E_n / Σ_n w_n for the best constant distribution, where E_n = −Σ_k q_nk log p_k and q_nk is w_n (1 − smoothing) at
  /// the target and w_k · smoothing / K everywhere: the entropy of the mean of q_n.
  func entropy(of targets: Targets, outputs: Int, smoothing: Double) -> Double {
    guard case .classes(let classes, _, _) = targets, !classes.isEmpty, outputs > 0 else {
      return 0
    }
    var counts = [Double](repeating: 0, count: outputs)
    for target in classes where counts.indices.contains(target) { counts[target] += 1 }
    let weights = classWeights ?? [Double](repeating: 1, count: outputs)
    let divisor = zip(counts, weights).reduce(0) { $0 + $1.0 * $1.1 }
    guard divisor > 0 else { return 0 }
    let spread = smoothing / Double(outputs) * Double(classes.count)
    let shares = zip(counts, weights).map { count, weight in
      ((1 - smoothing) * count + spread) * weight / divisor
    }
    let total = shares.reduce(0, +)
    return shares.reduce(0) { $1 > 0 ? $0 - $1 * log($1 / total) : $0 }
  }

  static var classWeightsDescription: ArgumentDescription {
    ArgumentDescription(
      "class-weights", "how much each class counts, a list of numbers from 0", default: "all alike")
  }
}

extension Arguments {
  /// A weight for each class, or nil where none are given.
  func classWeights() throws(ArgumentError) -> [Double]? {
    guard let value = self["class-weights"] else { return nil }
    let weights: [Double?] =
      if case .list(let values) = value {
        values.map { value in
          switch value {
          case .integer(let number): Double(number)
          case .number(let number): number
          default: nil
          }
        }
      } else { [nil] }
    let numbers = weights.compactMap { $0 }.filter { $0 >= 0 && $0.isFinite }
    guard numbers.count == weights.count, numbers.contains(where: { $0 > 0 }) else {
      throw unfitting("class-weights", value, "a list of numbers from 0, not all of them 0")
    }
    return numbers
  }
}
