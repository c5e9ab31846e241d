import Backpropagation

/// Times a training step of the network that `peers/step.py` times in PyTorch, on a number of threads.
///
/// `step THREADS` prints the fastest milliseconds per step as JSON: with every pass recorded, and without.
@main
struct Step {
  static func main() throws {
    let threads = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1
    MatrixProducts.use(threads: threads)
    let recorded = try fastestMilliseconds(isRecording: true)
    let bare = try fastestMilliseconds(isRecording: false)
    let products = MatrixProducts.backend
    print(#"{"recorded": \#(recorded), "bare": \#(bare), "products": "\#(products)"}"#)
  }

  private static func fastestMilliseconds(isRecording: Bool) throws -> Double {
    let network = try NeuralNetwork(input: [784], loss: .softmaxCrossEntropy) {
      Dense(512)
      ReLU()
      Dense(512)
      ReLU()
      Dense(512)
      ReLU()
      Dense(10)
    }
    let trainer = Trainer(
      network, optimizer: .sgd(learningRate: 0.01, momentum: 0.9), batch: 128,
      isRecording: isRecording)
    let timer = StepTimer(stepsPerRound: 50)
    let data = DataSplit(training: randomExamples(128), validation: none, test: none)
    try trainer.train(on: data, for: .steps(550), observer: timer)
    return timer.fastestMilliseconds
  }

  /// As many examples as a batch has: like the peer, every step sees the same.
  private static func randomExamples(_ count: Int) -> Dataset {
    var source = RandomSource(seed: 1, stream: "examples")
    return Dataset(
      inputShape: [784], inputs: (0..<count * 784).map { _ in source.normal() },
      targets: .classes((0..<count).map { $0 % 10 }, names: []))
  }

  private static var none: Dataset {
    Dataset(inputShape: [784], inputs: [], targets: .classes([], names: []))
  }
}

/// Takes the time of every round of steps; the first round warms up.
final class StepTimer: TrainingObserver {
  private let stepsPerRound: Int
  private let clock = ContinuousClock()
  private var roundBegan: ContinuousClock.Instant?
  private var fastest = Duration.seconds(3600)

  init(stepsPerRound: Int) { self.stepsPerRound = stepsPerRound }

  var fastestMilliseconds: Double { fastest / .milliseconds(stepsPerRound) }

  func trainingBegins(_ run: TrainingRun) {}

  func stepEnded(_ step: StepSummary) -> TrainingDecision {
    if (step.step + 1).isMultiple(of: stepsPerRound) {
      let now = clock.now
      if let roundBegan { fastest = min(fastest, now - roundBegan) }
      roundBegan = now
    }
    return .goOn
  }

  func trainingEnded(_ result: TrainingResult) {}
}
