/// Everything that a training carries from one step to the next, so that another one can go on from there.
///
/// The order of the examples and the masks of dropout follow from the seed and the number of steps.
public struct TrainingState: Sendable, Equatable {
  /// The numbers of one tensor.
  public struct Values: Sendable, Equatable {
    /// The parameter's name; in ``optimizer`` behind the place among what is kept of it: `0/dense-1/weight`.
    public var name: String
    /// The shape.
    public var shape: Shape
    /// The numbers; those of a Float are exact.
    public var numbers: [Double]

    /// Names some numbers.
    public init(name: String, shape: Shape, numbers: [Double]) {
      self.name = name
      self.shape = shape
      self.numbers = numbers
    }
  }

  /// The steps taken.
  public var steps: Int
  /// The network's parameters.
  public var parameters: [Values]
  /// What the optimizer keeps of them.
  public var optimizer: [Values]
  /// What schedules, stopping criteria and the observer have taken in, by name.
  public var memory: [String: [Double]]

  /// Creates a state.
  public init(
    steps: Int, parameters: [Values], optimizer: [Values], memory: [String: [Double]]
  ) {
    self.steps = steps
    self.parameters = parameters
    self.optimizer = optimizer
    self.memory = memory
  }
}

/// A moment at which a training's state can be kept: the end of an epoch, or of the training.
public struct SavePoint {
  /// Whether no further step follows.
  public let isLast: Bool
  /// The state at this moment.
  public let state: () -> TrainingState
}

extension Learner {
  /// The values of the parameters, and of what the optimizer keeps.
  var values: (parameters: [TrainingState.Values], optimizer: [TrainingState.Values]) {
    func values(_ name: String, _ view: TensorView<Scalar>) -> TrainingState.Values {
      TrainingState.Values(
        name: name, shape: view.shape, numbers: view.elements.map { Double($0) })
    }
    let names = network.parameters.map(\.name)
    return (
      zip(names, parameters.views).map(values),
      zip(names, states).flatMap { name, states in
        states.enumerated().map { values("\($0)/\(name)", $1) }
      }
    )
  }

  /// Takes over the values of a state.
  ///
  /// - Throws: A ``NetworkError`` that names the first tensor that doesn't fit.
  func restore(_ state: TrainingState) throws(NetworkError) {
    let names = network.parameters.map(\.name)
    try Self.fill(Array(zip(names, parameters.views)), from: state.parameters)
    try Self.fill(
      zip(names, states).flatMap { name, states in
        states.enumerated().map { ("\($0)/\(name)", $1) }
      }, from: state.optimizer)
  }

  private static func fill(
    _ views: [(name: String, view: TensorView<Scalar>)], from values: [TrainingState.Values]
  ) throws(NetworkError) {
    var rest = Dictionary(values.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for (name, view) in views {
      guard let values = rest.removeValue(forKey: name) else {
        throw NetworkError(message: "the checkpoint has no tensor \"\(name)\"")
      }
      guard values.shape == view.shape else {
        throw NetworkError(
          message: "the checkpoint's \"\(name)\" is \(values.shape), the network's \(view.shape)")
      }
      for (index, number) in values.numbers.enumerated() { view[index] = Scalar(number) }
    }
    if let surplus = rest.keys.min() {
      throw NetworkError(
        message: "the checkpoint has a tensor \"\(surplus)\", which the network doesn't have")
    }
  }
}
