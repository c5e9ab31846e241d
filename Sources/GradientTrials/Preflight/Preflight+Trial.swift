public import Backpropagation
public import GradientDiagnosis

extension Preflight {
  /// Tries a model out before it is trained: on copies of its initial weights, on examples of the training part.
  ///
  /// The training that may follow is bit for bit the same as without.
  ///
  /// - Throws: A ``NetworkError`` if the data don't fit the network.
  public init(_ trainer: Trainer, on data: DataSplit) throws {
    try self.init(trainer, on: data as any TrainingData)
  }

  /// Tries a model out on data that need not lie in memory.
  package init(_ trainer: Trainer, on data: any TrainingData) throws {
    try data.check(against: trainer.network)
    switch trainer.precision {
    case .float: self = try PreflightTrial<Float>(trainer, data).run()
    case .double: self = try PreflightTrial<Double>(trainer, data).run()
    }
  }
}

/// The checks of one preflight, in one type of number.
struct PreflightTrial<Scalar: TensorScalar> {
  private let network: NeuralNetwork
  private let frozen: [ParameterGroup]
  private let seed: UInt64
  /// The examples that are looked at.
  private let batch: Dataset
  private let handful: Handful

  /// The most examples that are looked at.
  private static var batchSize: Int { 64 }

  init(_ trainer: Trainer, _ data: any TrainingData) throws {
    // What is dropped at random is noise here: it is no fault of the wiring.
    network = try trainer.network.withoutDropout
    frozen = trainer.rule.groups.filter(\.isFrozen)
    seed = trainer.seed
    let candidates = try data.probe(Self.batchSize)
    // Two at least, of which batch norm can take statistics.
    batch = candidates.prefix(max(2, min(Self.batchSize, trainer.batch)))
    handful = Handful(of: candidates, for: network)
  }

  func run() throws(NetworkError) -> Preflight {
    var preflight = Preflight(seed: seed)
    let first = FirstPass<Scalar>(network, on: batch, seed: seed)
    preflight.layers = first.scales
    let scale = InitialScale(first)
    preflight.add(.initialScale, scale.outcome)
    preflight.add(.initialLoss, InitialLoss(first, scale).outcome)
    preflight.add(.gradientReach, try reach().outcome)
    preflight.add(.exampleIndependence, independence)
    let overfit = OverfitTrial<Scalar>(network, rule(_:), seed: seed)
    let (outcome, result) = try overfit.learn(handful)
    preflight.overfit = result
    preflight.add(.overfit, outcome)
    return preflight
  }

  /// Adam, whose steps don't depend on how a model is scaled, with what is frozen left as it is.
  private func rule(_ learningRate: Double) -> UpdateRule {
    UpdateRule(.adam(learningRate: learningRate), groups: frozen)
  }

  private func reach() throws(NetworkError) -> GradientReach {
    let learner = try Learner<Scalar>(
      network, rule(1e-3), capacity: batch.count, seed: seed, recording: .off)
    return GradientReach(learner, on: batch)
  }

  private var independence: PreflightOutcome {
    guard handful.examples.count > 1 else {
      return .notChecked("it takes two examples that differ")
    }
    return ExampleIndependence<Scalar>(network, on: handful.examples.prefix(2), seed: seed).outcome
  }
}
