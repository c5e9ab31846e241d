public import Backpropagation
import GzipIO

/// How a model file says that its network is trained.
public struct TrainingSettings: Sendable {
  /// The seed of initialization and shuffling; 1 where nothing is said.
  public var seed: UInt64
  /// The numbers it is trained in; `float` where nothing is said.
  public var precision: Trainer.Precision
  /// The examples of a batch; 64 where nothing is said.
  public var batch: Int
  /// How long it is trained.
  public var length: Trainer.Length
  /// The optimizer.
  public var optimizer: any Optimizer

  static let keys = ["seed", "precision", "batch", "accumulate", "epochs", "steps", "optimizer"]
  static let laterKeys = ["groups", "regularization", "schedule", "clip", "stop"]
  private static let longest = 1_000_000_000

  init(_ node: YAMLNode, model: String, network: NeuralNetwork) throws(InputError) {
    let section = try Section(
      node, path: "training", file: model, keys: Self.keys, later: Self.laterKeys)
    seed = try section.seed()
    precision = try section.choice(
      "precision", Trainer.Precision.allCases.map { ($0.rawValue, $0) }, default: .float)
    (batch, length) = try section.read("batch", "accumulate", "epochs", "steps") {
      arguments throws(ArgumentError) in
      guard arguments["epochs"] == nil || arguments["steps"] == nil else {
        throw ArgumentError(key: "steps", message: "training has epochs and steps, expected one")
      }
      guard arguments["epochs"] != nil || arguments["steps"] != nil else {
        throw ArgumentError(key: nil, message: "training needs \"epochs\" or \"steps\"")
      }
      guard try arguments.integer("accumulate", in: 1...Self.longest, default: 1) == 1 else {
        throw ArgumentError(
          key: "accumulate", message: "accumulate above 1 is not supported by this version")
      }
      let range = 1...Self.longest
      let length: Trainer.Length =
        arguments["steps"] == nil
        ? .epochs(try arguments.integer("epochs", in: range))
        : .steps(try arguments.integer("steps", in: range))
      return (try arguments.integer("batch", in: 1...1 << 24, default: 64), length)
    }
    _ = try section.required("optimizer", "the name of an optimizer")
    guard let optimizer = try section.member("optimizer", of: OptimizerCatalog.all) else {
      throw section.error("optimizer", "training.optimizer names no optimizer")
    }
    self.optimizer = optimizer
    let activations = network.nodes.reduce(0) { $0 + $1.shape.count }
    guard activations <= NeuralNetwork.mostNumbers / batch else {
      throw section.error(
        "batch",
        "a batch of \(batch) examples, \(activations) numbers each, is more than the "
          + "\(NeuralNetwork.mostNumbers) numbers that are supported")
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
}
