/// Examples in memory: inputs of one shape, and what a network should make of them.
public struct Dataset: Sendable, Equatable {
  /// The shape of one example's input.
  public let inputShape: Shape
  /// The inputs, example after example.
  public let inputs: [Double]
  /// What the network should make of each.
  public let targets: Targets

  /// Creates a data set; traps if inputs and targets don't speak of the same number of examples.
  public init(inputShape: Shape, inputs: [Double], targets: Targets) {
    if case .values(let values, let perExample) = targets {
      precondition(
        perExample > 0 && values.count.isMultiple(of: perExample),
        "expected \(perExample) targets an example, got \(values.count) numbers")
    }
    precondition(
      inputs.count == targets.count * inputShape.count,
      "expected \(targets.count) inputs of \(inputShape), got \(inputs.count) numbers")
    self.inputShape = inputShape
    self.inputs = inputs
    self.targets = targets
  }

  /// The number of examples.
  public var count: Int { targets.count }

  /// The examples at `indices`, in that order.
  public func selecting(_ indices: some Collection<Int>) -> Dataset {
    let size = inputShape.count
    var selected: [Double] = []
    selected.reserveCapacity(indices.count * size)
    for index in indices { selected += inputs[index * size..<(index + 1) * size] }
    return Dataset(
      inputShape: inputShape, inputs: selected, targets: targets.selecting(indices))
  }

  /// The first `count` examples, or all if there are fewer.
  public func prefix(_ count: Int) -> Dataset { selecting(0..<min(count, self.count)) }
}

/// What a network should make of each example.
public enum Targets: Sendable, Equatable {
  /// A class number from 0 for each example, and the classes' names where they have any.
  case classes([Int], names: [String])
  /// Numbers, `perExample` of them for each example, example after example.
  case values([Double], perExample: Int)

  /// The number of examples.
  public var count: Int {
    switch self {
    case .classes(let classes, _): classes.count
    case .values(let values, let perExample): values.count / perExample
    }
  }

  /// The targets of the examples at `indices`, in that order.
  public func selecting(_ indices: some Collection<Int>) -> Targets {
    switch self {
    case .classes(let classes, let names): .classes(indices.map { classes[$0] }, names: names)
    case .values(let values, let size):
      .values(
        indices.flatMap { values[$0 * size..<($0 + 1) * size] }, perExample: size)
    }
  }
}
