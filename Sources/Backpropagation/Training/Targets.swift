/// What a network should make of each example.
public enum Targets: Sendable, Equatable {
  /// Class numbers from 0, one for each example or for each position of a sequence, and the classes' names where they
  /// have any.
  case classes([Int], names: [String], perExample: Int = 1)
  /// Numbers, `perExample` of them for each example, example after example.
  case values([Double], perExample: Int)

  /// The number of examples.
  public var count: Int { numberCount / perExample }

  /// How many class numbers or other numbers an example has.
  public var perExample: Int {
    switch self {
    case .classes(_, _, let perExample), .values(_, let perExample): perExample
    }
  }

  /// How many class numbers or other numbers there are.
  var numberCount: Int {
    switch self {
    case .classes(let classes, _, _): classes.count
    case .values(let values, _): values.count
    }
  }

  /// The targets of the examples at `indices`, in that order.
  public func selecting(_ indices: some Collection<Int>) -> Targets {
    switch self {
    case .classes(let classes, let names, let size):
      .classes(
        indices.flatMap { classes[$0 * size..<($0 + 1) * size] }, names: names, perExample: size)
    case .values(let values, let size):
      .values(indices.flatMap { values[$0 * size..<($0 + 1) * size] }, perExample: size)
    }
  }

  /// The targets with every `positions` examples as the positions of one.
  public func gathering(_ positions: Int) -> Targets {
    switch self {
    case .classes(let classes, let names, let size):
      .classes(classes, names: names, perExample: size * positions)
    case .values(let values, let size): .values(values, perExample: size * positions)
    }
  }

  /// The targets with each of an example's `positions` as an example of its own, those past its length left out.
  func splitting(into positions: Int, lengths: [Int]?) -> Targets {
    let split: Targets =
      switch self {
      case .classes(let classes, let names, _): .classes(classes, names: names)
      case .values(let values, let size): .values(values, perExample: size / positions)
      }
    guard let lengths else { return split }
    return split.selecting(
      lengths.enumerated().flatMap { example, length in
        (0..<min(length, positions)).map { example * positions + $0 }
      })
  }
}
