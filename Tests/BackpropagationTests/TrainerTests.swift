import Testing

@testable import Backpropagation

struct TrainerTests {
  /// Two clouds that a line separates.
  static let clouds: DataSplit = {
    var source = RandomSource(seed: 1, stream: "clouds")
    var inputs: [Double] = [], classes: [Int] = []
    for example in 0..<200 {
      let side = example % 2
      inputs += [source.normal() + (side == 0 ? -2 : 2), source.normal()]
      classes.append(side)
    }
    return Dataset(inputShape: [2], inputs: inputs, targets: .classes(classes, names: []))
      .split(train: 0.7, validation: 0.1, test: 0.2)
  }()

  static func network() throws -> NeuralNetwork {
    try NeuralNetwork(input: [2], loss: .softmaxCrossEntropy) {
      Dense(8)
      ReLU()
      Dense(2)
    }
  }

  private static func trainer(
    seed: UInt64 = 1, precision: Trainer.Precision = .float, recording: RecordingMode = .everyStep
  ) throws -> Trainer {
    Trainer(
      try network(), optimizer: .sgd(learningRate: 0.1, momentum: 0.9), batch: 32, seed: seed,
      precision: precision, recording: recording)
  }

  @Test(arguments: Trainer.Precision.allCases)
  func itLearns(_ precision: Trainer.Precision) throws {
    let result = try Self.trainer(precision: precision).train(on: Self.clouds, for: .epochs(20))
    #expect(result.steps == 20 * 5)
    #expect(result.parts.map(\.name) == ["training", "validation", "test"])
    #expect(result.parts.map(\.examples) == [140, 20, 40])
    #expect((result.part("test")?.accuracy ?? 0) > 0.9)
    #expect((result.part("training")?.loss ?? 1) < 0.2)
  }

  @Test func aSeedGivesTheSameRunEachTime() throws {
    func losses(seed: UInt64) throws -> [Double] {
      let log = Log()
      try Self.trainer(seed: seed).train(on: Self.clouds, for: .steps(12), observer: log)
      return log.steps.map(\.loss)
    }
    let first = try losses(seed: 1), second = try losses(seed: 1), other = try losses(seed: 2)
    #expect(first == second)
    #expect(first != other)
  }

  @Test func everyStepIsObserved() throws {
    let log = Log()
    let result = try Self.trainer().train(on: Self.clouds, for: .epochs(12), observer: log)
    #expect(log.runs == 1 && log.results == [result])
    #expect(log.plannedSteps == 60)
    #expect(log.steps.map(\.step) == Array(0..<60))
    #expect(log.steps.map(\.epoch) == (0..<60).map { $0 / 5 })
    // 140 examples make four batches of 32 and one of 12.
    #expect(log.steps.map(\.examples) == (0..<60).map { $0 % 5 == 4 ? 12 : 32 })
    #expect(log.steps.allSatisfy { $0.lossDivisor == Double($0.examples) })
    #expect(log.steps.map { $0.validationLoss != nil } == (0..<60).map { $0 % 5 == 4 })
    // The last window is shorter.
    #expect(log.steps.map(\.endsWindow) == (0..<60).map { $0 == 49 || $0 == 59 })
    let counted = log.steps.map { $0.parameters[0].gradientHistogram?.reduce(0, +) ?? 0 }
    #expect(counted[48] == 0 && counted[49] > 0 && counted[59] > 0)
    for step in log.steps {
      #expect(step.layers.count == 4 && step.parameters.count == 4)
      #expect(step.layers[1].delta.count == step.examples * 8)
      let active = step.layers[2].activeCounts?.reduce(0, +)
      #expect(active.map { Int($0) } == step.examples * 8 - step.layers[2].activation.zeros)
      #expect(step.parameters.allSatisfy { $0.update.updateRMS > 0 })
    }
  }

  @Test func recordingChangesNothing() throws {
    let recorded = try Self.trainer().train(on: Self.clouds, for: .steps(30))
    let bare = try Self.trainer(recording: .off).train(on: Self.clouds, for: .steps(30))
    #expect(recorded == bare)
  }

  @Test func anObserverMayStop() throws {
    let log = Log(stopAfter: 7)
    let result = try Self.trainer().train(on: Self.clouds, for: .steps(30), observer: log)
    #expect(result.steps == 7 && result.wasStopped)
    #expect(log.steps.count == 7)
  }

  @Test func anObserversErrorEndsTraining() throws {
    struct DiskIsFull: Error {}
    let log = Log(failing: DiskIsFull())
    #expect(throws: DiskIsFull.self) {
      try Self.trainer().train(on: Self.clouds, for: .steps(30), observer: log)
    }
    #expect(log.steps.count == 1)
  }

  @Test func nothingToTrainOnIsAnError() throws {
    let empty = Self.clouds.training.prefix(0)
    let error = #expect(throws: NetworkError.self) {
      try Self.trainer().train(
        on: DataSplit(training: empty, validation: empty, test: empty), for: .steps(1))
    }
    #expect(error?.message == "the training part has no examples")
  }
}

/// Keeps what it is told.
private final class Log: TrainingObserver {
  var runs = 0
  var plannedSteps = 0
  var steps: [StepSummary] = []
  var results: [TrainingResult] = []
  private let stopAfter: Int
  private let failure: (any Error)?

  init(stopAfter: Int = .max, failing failure: (any Error)? = nil) {
    self.stopAfter = stopAfter
    self.failure = failure
  }

  func trainingBegins(_ run: TrainingRun) {
    runs += 1
    plannedSteps = run.plannedSteps
  }

  func stepEnded(_ step: StepSummary) throws -> TrainingDecision {
    steps.append(step)
    if let failure { throw failure }
    return steps.count >= stopAfter ? .stop : .goOn
  }

  func trainingEnded(_ result: TrainingResult) { results.append(result) }
}
