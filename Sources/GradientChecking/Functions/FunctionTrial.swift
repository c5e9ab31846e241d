import Backpropagation
import GzipIO

/// What a function answers at the point where it is to be checked, asked three times.
struct FunctionTrial {
  let point: NamedArrays<Double>
  let value: Double
  /// The gradient, its arrays in the order of the point's; what isn't a number is for the check to find.
  let gradient: [[Double]]
  /// Why no verdict is possible, where none is.
  let obstacle: String?

  /// How often everything is asked: two equal answers of a coin are no rarity.
  private static let repetitions = 3

  init(_ function: some DifferentiableFunction, at point: NamedArrays<Double>) throws {
    guard point.count > 0 else {
      throw FunctionError("there is nothing to differentiate by: the point has no numbers")
    }
    for part in point.parts {
      guard let place = part.values.firstIndex(where: { !$0.isFinite }) else { continue }
      throw FunctionError(
        "the point's \(part.name.quoted) is \(part.values[place]) at "
          + "\(index(of: place, in: part.shape)), expected a number")
    }
    let values = try (0..<Self.repetitions).map { _ in try function.value(at: point) }
    let gradients = try (0..<Self.repetitions).map { _ in
      try Self.arrays(of: try function.gradient(at: point), like: point)
    }
    self.point = point
    value = values[0]
    gradient = gradients[0]
    if Set(values.map(\.bitPattern)).count > 1 {
      obstacle = Self.differs("its value", values)
    } else if let place = Self.difference(among: gradients) {
      let part = point.parts[place.part]
      obstacle = Self.differs(
        "its gradient by \(part.name.quoted) at \(index(of: place.entry, in: part.shape))",
        gradients.map { $0[place.part][place.entry] })
    } else if values[0].isFinite {
      obstacle = nil
    } else {
      throw FunctionError("its value is \(values[0]) at the start, expected a number")
    }
  }

  /// The arrays of a gradient, in the order of the point's.
  private static func arrays(
    of gradient: NamedArrays<Double>, like point: NamedArrays<Double>
  ) throws(FunctionError) -> [[Double]] {
    let names = point.parts.map(\.name)
    for part in gradient.parts where !names.contains(part.name) {
      throw FunctionError(
        "its gradient has \(part.name.quoted), which the point doesn't have"
          + suggestion(for: part.name, among: names))
    }
    var arrays: [[Double]] = []
    for part in point.parts {
      guard let found = gradient.parts.first(where: { $0.name == part.name }) else {
        throw FunctionError("its gradient has no \(part.name.quoted), which the point has")
      }
      guard found.values.count == part.values.count else {
        throw FunctionError(
          "its gradient by \(part.name.quoted) has \(found.values.count.grouped) numbers, expected "
            + "\(part.values.count.grouped)")
      }
      arrays.append(found.values)
    }
    return arrays
  }

  private static func difference(among gradients: [[[Double]]]) -> (part: Int, entry: Int)? {
    for part in gradients[0].indices {
      if let entry = gradients.map({ $0[part] }).firstDifference { return (part, entry) }
    }
    return nil
  }

  private static func differs(_ what: String, _ values: [Double]) -> String {
    "not deterministic: asked three times at the same point, \(what) was "
      + values.map { "\($0)" }.joined(separator: ", ")
  }
}
