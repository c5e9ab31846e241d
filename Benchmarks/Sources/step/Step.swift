import Backpropagation
import Foundation
import GradientRecording
import GradientTrace

/// Times a training step of the network that `peers/step.py` times in PyTorch, on a number of threads.
///
/// `step THREADS` prints JSON: the fastest milliseconds per step with every pass recorded in a trace file and without,
/// the bytes of the trace per weight layer and step, and what computes the matrix products.
@main
struct Step {
  static let steps = 1000

  static func main() throws {
    let threads = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1
    MatrixProducts.use(threads: threads)
    let network = try NeuralNetwork(input: [784], loss: .softmaxCrossEntropy) {
      Dense(512)
      ReLU()
      Dense(512)
      ReLU()
      Dense(512)
      ReLU()
      Dense(10)
    }
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "step-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let trace = folder.appending(path: "step.gradtrace")
    let recorded = try fastestMilliseconds(network, recordingTo: trace.path)
    let bare = try fastestMilliseconds(network, recordingTo: nil)
    let size = try trace.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
    let bytes = size / network.parameters.count(where: { $0.shape.rank > 1 }) / steps
    print(
      #"{"recorded": \#(recorded), "bare": \#(bare), "bytes": \#(bytes), "#
        + #""products": "\#(MatrixProducts.backend)"}"#)
  }

  private static func fastestMilliseconds(
    _ network: NeuralNetwork, recordingTo path: String?
  ) throws -> Double {
    let trainer = Trainer(
      network, optimizer: .sgd(learningRate: 0.01, momentum: 0.9), batch: 128,
      isRecording: path != nil)
    let timer = StepTimer(stepsPerRound: 50)
    let data = DataSplit(training: randomExamples(128), validation: none, test: none)
    guard let path else {
      try trainer.train(on: data, for: .steps(steps), observer: timer)
      return timer.fastestMilliseconds
    }
    var recorder: TraceRecorder?
    let recording = RunRecording(
      begin: { recorder = try TraceRecorder(to: path, header: $0) },
      record: {
        try recorder?.record($0)
        timer.took(step: $0.step)
        return .goOn
      })
    try trainer.train(on: data, for: .steps(steps), observer: recording)
    try recorder?.finish()
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
