import Backpropagation
import CAllocations
import Foundation
import GradientRecording
import GradientTrace
import Testing

/// A recorded step allocates nothing on the training thread, the ends of windows included.
@Suite struct AllocationTests {
  /// The networks hold what is recorded beyond summaries: units, chance, saturation, δ by time step.
  @Test(arguments: ["dense", "convolution", "recurrent"])
  func aRecordedStepAllocatesNothing(kind: String) throws {
    #expect(try mostAllocations(of: try network(kind)) == 0)
  }

  /// One array made in one step is seen.
  @Test func anAllocationIsSeen() throws {
    var kept: [Double] = []
    let most = try mostAllocations(of: try network("dense")) { step in
      if step == 60 { kept = [Double](repeating: 1, count: step) }
    }
    #expect(kept.count == 60 && most > 0)
  }

  private func network(_ kind: String) throws -> NeuralNetwork {
    switch kind {
    case "convolution":
      try NeuralNetwork(input: [2, 6, 6], loss: .softmaxCrossEntropy) {
        Convolution2D(4, kernel: 3)
        ReLU()
        Flatten()
        Dense(3)
      }
    case "recurrent":
      try NeuralNetwork(input: [5, 4], loss: .softmaxCrossEntropy) {
        LSTM(6)
        Dense(3)
      }
    default:
      try NeuralNetwork(input: [8], loss: .softmaxCrossEntropy) {
        Dense(16)
        ReLU()
        Dense(12)
        Tanh()
        Dense(3)
      }
    }
  }

  /// The most allocations of a step after the first, over several blocks of the trace and windows.
  private func mostAllocations(
    of network: NeuralNetwork, besides: @escaping (Int) -> Void = { _ in }
  ) throws -> Int {
    let size = network.inputShape.count
    var random = RandomSource(seed: 2, stream: "allocations")
    let data = Dataset(
      inputShape: network.inputShape, inputs: (0..<20 * size).map { _ in random.normal() },
      targets: .classes((0..<20).map { $0 % 3 }, names: []))
    let path = NSTemporaryDirectory() + "allocations-\(UUID().uuidString).gradtrace"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var recorder: TraceRecorder?
    var before: Int?, most = 0
    let recording = RunRecording(
      begin: { recorder = try TraceRecorder(to: path, header: $0) },
      record: { row in
        try recorder?.record(row)
        besides(row.head.step)
        let now = allocations_of_this_thread()
        if let before { most = max(most, now - before) }
        before = allocations_of_this_thread()
        return .goOn
      })
    try Trainer(network, optimizer: .adam(), batch: 20).train(
      on: DataSplit(training: data, validation: data.prefix(0), test: data.prefix(0)),
      for: .steps(270), observer: recording)
    try recorder?.finish()
    return most
  }
}
