/// Examples in memory: inputs of one shape or several, and what a network should make of them.
public struct Dataset: Sendable, Equatable {
  /// One input of every example.
  public struct Features: Sendable, Equatable {
    /// The name of the network's input that it is for.
    public var name: String
    /// The shape of one example's input.
    public var shape: Shape
    /// The numbers, example after example.
    public var values: [Double]

    /// Creates the features of some examples.
    public init(name: String = "input", shape: Shape, values: [Double]) {
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// The inputs, in the order of the network's.
  public let features: [Features]
  /// What the network should make of each example: one set for each loss, in the order of the network's.
  public let targetSets: [Targets]
  /// How many positions of each example are valid, where they are sequences of unequal length; nil if all are.
  public let lengths: [Int]?

  /// Creates a data set with one input and one set of targets; traps if they don't speak of the same number of examples.
  public init(inputShape: Shape, inputs: [Double], targets: Targets) {
    self.init(features: [Features(shape: inputShape, values: inputs)], targetSets: [targets])
  }

  /// Creates a data set; traps if its parts don't speak of the same number of examples.
  public init(features: [Features], targetSets: [Targets], lengths: [Int]? = nil) {
    precondition(!features.isEmpty && !targetSets.isEmpty, "a data set has inputs and targets")
    let count = targetSets[0].count
    for targets in targetSets {
      precondition(
        targets.perExample > 0 && targets.numberCount == count * targets.perExample,
        "expected \(targets.perExample) targets an example, got \(targets.numberCount) numbers")
    }
    for input in features {
      precondition(
        input.values.count == count * input.shape.count,
        "expected \(count) inputs of \(input.shape), got \(input.values.count) numbers")
    }
    if let lengths {
      precondition(lengths.count == count, "expected \(count) lengths, got \(lengths.count)")
    }
    self.features = features
    self.targetSets = targetSets
    self.lengths = lengths
  }

  /// The number of examples.
  public var count: Int { targetSets[0].count }
  /// The shape of one example's first input.
  public var inputShape: Shape { features[0].shape }
  /// The first input, example after example.
  public var inputs: [Double] { features[0].values }
  /// The first set of targets.
  public var targets: Targets { targetSets[0] }

  /// The examples at `indices`, in that order.
  public func selecting(_ indices: some Collection<Int>) -> Dataset {
    Dataset(
      features: features.map { input in
        let size = input.shape.count
        var values: [Double] = []
        values.reserveCapacity(indices.count * size)
        for index in indices { values += input.values[index * size..<(index + 1) * size] }
        return Features(name: input.name, shape: input.shape, values: values)
      },
      targetSets: targetSets.map { $0.selecting(indices) },
      lengths: lengths.map { lengths in indices.map { lengths[$0] } })
  }

  /// The first `count` examples, or all if there are fewer.
  public func prefix(_ count: Int) -> Dataset {
    count < self.count ? selecting(0..<count) : self
  }

  /// The same examples with their inputs' numbers mapped, input by input.
  public func mappingInputs(_ map: (Features) -> [Double]) -> Dataset {
    Dataset(
      features: features.map { Features(name: $0.name, shape: $0.shape, values: map($0)) },
      targetSets: targetSets, lengths: lengths)
  }
}
