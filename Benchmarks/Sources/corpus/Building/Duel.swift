import Foundation
import GradientHealth

/// Two networks that train against each other: one draws points out of noise, the other tells them from real ones.
struct Duel: Sendable {
  /// The learning rates of the two, both Adam's.
  var drawing = 1e-3
  var judging = 1e-3
  /// How often the judge learns for each step of the other.
  var rounds = 1
  var steps = 200

  private static let batch = 32, noise = 8, size = 8

  /// Trains both from the seed; the run is that of the network that draws, paired with the judge's.
  func run(seed: UInt64) throws -> RecordedRun {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let generator = try Recorded(
      [Dense(24).named("hidden"), LayerNode(LeakyReLU()), LayerNode(Dense(Self.size))],
      input: Self.noise, loss: .halfSquaredError, rate: drawing, steps: steps, seed: seed,
      to: folder.appending(path: "drawing.gradtrace").path)
    let judge = try Recorded(
      [Dense(24).named("hidden"), LayerNode(LeakyReLU()), LayerNode(Dense(1))],
      input: Self.size, loss: .binaryCrossEntropy, rate: judging, steps: steps * rounds,
      seed: seed + 1000, to: folder.appending(path: "judging.gradtrace").path)
    var random = RandomSource(seed: seed, stream: "duel")
    let places = (0..<4 * Self.size).map { _ in 2 * random.normal() }
    let real = [Double](repeating: 1, count: Self.batch)
    let invented = [Double](repeating: 0, count: Self.batch)
    for _ in 0..<steps {
      for _ in 0..<rounds {
        let points = (0..<Self.batch * Self.size).map { place in
          Float(places[place / Self.size % 4 * Self.size + place % Self.size] + random.normal())
        }
        let fakes = generator.learner.forward(Self.noise(&random)).copy.scalars
        judge.learner.forward(
          Tensor(shape: [2 * Self.batch, Self.size], scalars: points + fakes))
        judge.learner.backward(.values(real + invented, perExample: 1))
        judge.learner.update()
        try judge.record()
      }
      judge.learner.forward(generator.learner.forward(Self.noise(&random)))
      let loss = judge.learner.backward(.values(real, perExample: 1))
      generator.learner.backward(delta: judge.learner.inputDelta, loss: loss)
      generator.learner.update()
      try generator.record()
    }
    let drawn = try generator.finish()
    return RecordedRun(
      header: drawn.header, steps: drawn.steps, result: nil, paired: try judge.finish().steps)
  }

  private static func noise(_ random: inout RandomSource) -> Tensor<Float> {
    Tensor(
      shape: [batch, noise], scalars: (0..<batch * noise).map { _ in Float(random.normal()) })
  }

  /// One of the two, with its trace.
  private struct Recorded {
    let learner: Learner<Float>
    private let recording: LearnerRecording<Float>

    init(
      _ layers: [LayerNode], input: Int, loss: any Loss, rate: Double, steps: Int, seed: UInt64,
      to path: String
    ) throws {
      learner = try Learner(
        NeuralNetwork(input: [input], loss: loss, layers: layers),
        UpdateRule(.adam(learningRate: rate, betas: Betas(0.5, 0.999))),
        capacity: 2 * Duel.batch, seed: seed, wantsInputDeltas: true)
      var random = RandomSource(seed: seed, stream: "probe")
      recording = try LearnerRecording(
        learner, to: path, plannedSteps: steps,
        probe: Tensor(
          shape: [Duel.batch, input],
          scalars: (0..<Duel.batch * input).map { _ in Float(random.normal()) }))
    }

    func record() throws { try recording.record() }

    func finish() throws -> (header: TraceHeader, steps: [StepRecord]) {
      let trace = try recording.finish()
      var steps: [StepRecord] = []
      try trace.forEachStep { steps.append($0) }
      return (trace.header, steps)
    }
  }
}
