import Backpropagation

/// Points around four centers, each center a class.
struct Points {
  static let features = 8
  static let classes = 4

  /// As many points, their targets being their centers' numbers.
  static func classes(_ count: Int = 96, seed: UInt64 = 1, scale: Double = 1) -> Dataset {
    let inputs = inputs(count, seed).map { scale * $0 }
    return Dataset(
      inputShape: [features], inputs: inputs,
      targets: .classes((0..<count).map { $0 % classes }, names: []))
  }

  /// As many points with the sum of the sines of their features as targets, times `scale` and shifted.
  static func numbers(_ count: Int = 96, scale: Double, shift: Double) -> Dataset {
    let inputs = inputs(count, 1)
    let targets = (0..<count).map { example in
      shift
        + scale
        * (0..<features).reduce(0) { $0 + sine(inputs[example * features + $1]) }
    }
    return Dataset(
      inputShape: [features], inputs: inputs, targets: .values(targets, perExample: 1))
  }

  /// As many points that are their own targets.
  static func themselves(_ count: Int = 96) -> Dataset {
    let inputs = inputs(count, 1)
    return Dataset(
      inputShape: [features], inputs: inputs, targets: .values(inputs, perExample: features))
  }

  static func inputs(_ count: Int, _ seed: UInt64) -> [Double] {
    var centers = RandomSource(seed: 7, stream: "centers")
    let places = (0..<classes * features).map { _ in centers.normal() }
    var random = RandomSource(seed: seed, stream: "points")
    return (0..<count * features).map { index in
      places[index / features % classes * features + index % features] + 0.5 * random.normal()
    }
  }

  /// A smooth function that is no polynomial, near enough to the sine.
  private static func sine(_ x: Double) -> Double { x / (1 + x * x) }
}

extension Dataset {
  /// These examples as training data, alone.
  var split: DataSplit {
    DataSplit(training: self, validation: prefix(0), test: prefix(0))
  }
}
