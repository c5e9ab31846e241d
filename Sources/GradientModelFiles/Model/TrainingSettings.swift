public import Backpropagation
import GzipIO

/// How a model file says that its network is trained.
public struct TrainingSettings: Sendable {
  /// At which findings of the diagnosis training stops.
  public enum StopFinding: String, Sendable, CaseIterable { case warning, error }

  /// The seed of initialization, shuffling and dropout; 1 where nothing is said.
  public var seed: UInt64
  /// The numbers it is trained in; `float` where nothing is said.
  public var precision: Trainer.Precision
  /// The examples of a batch; 64 where nothing is said.
  public var batch: Int
  /// The batches of an update; 1 where nothing is said.
  public var accumulate: Int
  /// How long it is trained.
  public var length: Trainer.Length
  /// The optimizer.
  public var optimizer: any Optimizer
  /// Layers that are trained in another way.
  public var groups: [ParameterGroup]
  /// What is added to the loss for large weights.
  public var regularization: Regularization
  /// The schedules of the learning rate, which run in turn.
  public var schedule: [any Schedule]
  /// How large gradients are cut down.
  public var clipping: Clipping?
  /// What ends training before its planned end.
  public var stopping: StoppingCriteria
  /// From which severity on a finding ends it.
  public var stopFinding: StopFinding?

  static let keys = [
    "seed", "precision", "batch", "accumulate", "epochs", "steps", "optimizer", "groups",
    "regularization", "schedule", "clip", "stop",
  ]
  private static let longest = 1_000_000_000

  init(_ node: YAMLNode, model: String, network: NeuralNetwork) throws(InputError) {
    let section = try Section(node, path: "training", file: model, keys: Self.keys)
    seed = try section.seed()
    precision = try section.choice(
      "precision", Trainer.Precision.allCases.map { ($0.rawValue, $0) }, default: .float)
    (batch, accumulate, length) = try section.read("batch", "accumulate", "epochs", "steps") {
      arguments throws(ArgumentError) in
      guard arguments["epochs"] == nil || arguments["steps"] == nil else {
        throw ArgumentError(key: "steps", message: "training has epochs and steps, expected one")
      }
      guard arguments["epochs"] != nil || arguments["steps"] != nil else {
        throw ArgumentError(key: nil, message: "training needs \"epochs\" or \"steps\"")
      }
      let range = 1...Self.longest
      let length: Trainer.Length =
        arguments["steps"] == nil
        ? .epochs(try arguments.integer("epochs", in: range))
        : .steps(try arguments.integer("steps", in: range))
      return (
        try arguments.integer("batch", in: 1...1 << 24, default: 64),
        try arguments.integer("accumulate", in: 1...1 << 20, default: 1), length
      )
    }
    _ = try section.required("optimizer", "the name of an optimizer")
    guard let optimizer = try section.member("optimizer", of: OptimizerCatalog.all) else {
      throw section.error("optimizer", "training.optimizer names no optimizer")
    }
    self.optimizer = optimizer
    groups = try section.groups(optimizer, network)
    regularization = try section.regularization()
    schedule = try section.schedules()
    clipping = try section.clipping()
    (stopping, stopFinding) = try section.stopping()
    do throws(NetworkError) { try network.checkRoom(forBatch: batch) } catch {
      throw section.error("batch", error.message)
    }
  }
}

extension Section {
  /// The seed, a whole number from 0.
  func seed() throws(InputError) -> UInt64 {
    try read("seed") { arguments throws(ArgumentError) in
      UInt64(try arguments.integer("seed", in: 0...Int.max, default: 1))
    }
  }

  /// One item or a list of them; empty where nothing is said.
  private func items(_ key: String) -> [YAMLNode] {
    guard let node = self[key] else { return [] }
    guard case .list(let nodes) = node.content else { return [node] }
    return nodes
  }

  /// `groups: [{layers: "hidden*", learning-rate: 0.01}, …]`.
  fileprivate func groups(
    _ optimizer: any Optimizer, _ network: NeuralNetwork
  ) throws(InputError) -> [ParameterGroup] {
    var groups: [ParameterGroup] = []
    for node in items("groups") {
      let section = try Section(
        node, path: title("groups"), file: file,
        keys: ["layers", "learning-rate", "weight-decay", "frozen"])
      _ = try section.required("layers", "a pattern of layers' names, such as \"hidden*\"")
      var patterns: [NamePattern] = []
      for pattern in section.items("layers") {
        guard let text = pattern.text else {
          throw InputError(
            file: file, line: pattern.line,
            "\(section.title("layers")) is \(pattern.written), expected a pattern of layers' names")
        }
        patterns.append(NamePattern(text))
      }
      let group = try section.read("learning-rate", "weight-decay", "frozen") {
        arguments throws(ArgumentError) in
        ParameterGroup(
          patterns,
          learningRate: try arguments.optional("learning-rate", expected: "a positive number") {
            $0 > 0
          },
          weightDecay: try arguments.optional("weight-decay", expected: "0 or more") { $0 >= 0 },
          isFrozen: try arguments.boolean("frozen", default: false))
      }
      do { _ = try UpdateRule(optimizer, groups: [group]).optimizers(for: network) } catch {
        throw section.error("layers", error.message)
      }
      groups.append(group)
    }
    return groups
  }

  /// `regularization: {l1: 0, l2: 0.001}`.
  fileprivate func regularization() throws(InputError) -> Regularization {
    guard let node = self["regularization"] else { return Regularization() }
    let section = try Section(
      node, path: title("regularization"), file: file, keys: ["l1", "l2"])
    return try section.read("l1", "l2") { arguments throws(ArgumentError) in
      Regularization(
        l1: try arguments.number("l1", default: 0, expected: "0 or more") { $0 >= 0 },
        l2: try arguments.number("l2", default: 0, expected: "0 or more") { $0 >= 0 })
    }
  }

  /// One schedule or a list of them.
  fileprivate func schedules() throws(InputError) -> [any Schedule] {
    var schedules: [any Schedule] = []
    let nodes = items("schedule")
    for (place, node) in nodes.enumerated() {
      let schedule = try ScheduleCatalog.all.member(node, path: title("schedule"), file: file)
      guard place == nodes.count - 1 || schedule.steps != nil else {
        throw InputError(
          file: file, line: node.line,
          "\(schedule.id) in \(title("schedule")) needs \"steps\": only the last schedule may "
            + "take all that are left")
      }
      schedules.append(schedule)
    }
    return schedules
  }

  /// `clip: {global-norm: 1}`.
  fileprivate func clipping() throws(InputError) -> Clipping? {
    guard let node = self["clip"] else { return nil }
    let kinds: [(String, (Double) -> Clipping)] = [
      ("value", { .value($0) }), ("norm", { .norm($0) }), ("global-norm", { .globalNorm($0) }),
    ]
    let section = try Section(
      node, path: title("clip"), file: file, keys: kinds.map(\.0))
    let given = kinds.filter { section[$0.0] != nil }
    guard let (key, make) = given.first, given.count == 1 else {
      throw error(
        "clip", "\(title("clip")) has \(given.count) keys, expected value, norm or global-norm")
    }
    return try section.read("value", "norm", "global-norm") { arguments throws(ArgumentError) in
      make(try arguments.number(key, expected: "a positive number") { $0 > 0 })
    }
  }

  /// `stop: {patience: 5, min-delta: 0.001, loss: 0.01, seconds: 60, finding: error, non-finite: true}`.
  fileprivate func stopping() throws(InputError) -> (
    StoppingCriteria, TrainingSettings.StopFinding?
  ) {
    guard let node = self["stop"] else { return (StoppingCriteria(), nil) }
    let section = try Section(
      node, path: title("stop"), file: file,
      keys: ["patience", "min-delta", "loss", "seconds", "finding", "non-finite"])
    let finding: TrainingSettings.StopFinding? = try section.choice(
      "finding", TrainingSettings.StopFinding.allCases.map { ($0.rawValue, $0) }, default: nil)
    let criteria = try section.read("patience", "min-delta", "loss", "seconds", "non-finite") {
      arguments throws(ArgumentError) in
      guard arguments["patience"] != nil || arguments["min-delta"] == nil else {
        throw ArgumentError(
          key: "min-delta", message: "\(section.title("min-delta")) stands without patience")
      }
      return StoppingCriteria(
        patience: arguments["patience"] == nil
          ? nil : try arguments.integer("patience", in: 1...1_000_000_000),
        minimumDelta: try arguments.number("min-delta", default: 0, expected: "0 or more") {
          $0 >= 0
        },
        loss: try arguments.optional("loss", expected: "a number") { _ in true },
        seconds: try arguments.optional("seconds", expected: "a positive number") { $0 > 0 },
        nonFinite: try arguments.boolean("non-finite", default: false))
    }
    return (criteria, finding)
  }
}

extension Arguments {
  /// A number for which `fits` holds, or nil where none is given.
  fileprivate func optional(
    _ key: String, expected: String, where fits: (Double) -> Bool
  ) throws(ArgumentError) -> Double? {
    self[key] == nil ? nil : try number(key, expected: expected, where: fits)
  }
}
