import GradientHealth

/// Two networks that train each other (Goodfellow et al., 2014).
///
/// One draws digits from noise, the other tells them from real ones. Each is recorded in a trace of its own, and judged by
/// it.
///
/// From the package's folder: `swift run gan`; after `swift run gan uneven` the second is far ahead of the first, which then
/// learns nothing from it any more.
@main
struct GAN {
  private static let batch = 32, noise = 16, steps = 400

  static func main() throws {
    let digits = try Dataset(csv: "Examples/data/digits.csv.gz", target: .last)
    let isUneven = CommandLine.arguments.dropFirst().contains("uneven")
    let generator = try Learner<Float>(
      drawing(), rule(isUneven ? 1e-5 : 5e-4), capacity: batch, seed: 1)
    let discriminator = try Learner<Float>(
      judging(), rule(isUneven ? 0.01 : 5e-4), capacity: 2 * batch, seed: 2,
      wantsInputDeltas: true)

    var random = RandomSource(seed: 1, stream: "gan")
    let generated = try LearnerRecording(
      generator, to: "generator.gradtrace", name: "generator", plannedSteps: steps,
      probe: vectors(&random))
    let judged = try LearnerRecording(
      discriminator, to: "discriminator.gradtrace", name: "discriminator", plannedSteps: steps,
      probe: images(of: digits, &random))

    let real = [Double](repeating: 1, count: batch), drawn = [Double](repeating: 0, count: batch)
    for _ in 0..<steps {
      // The discriminator learns to tell real digits from drawn ones.
      let examples =
        images(of: digits, &random).scalars + generator.forward(vectors(&random)).copy.scalars
      discriminator.forward(Tensor(shape: [2 * batch, 64], scalars: examples))
      discriminator.backward(.values(real + drawn, perExample: 1))
      discriminator.update()
      try judged.record()

      // The generator learns to have its digits taken for real: δ at the discriminator's input is δ at its output. The
      // discriminator isn't updated by this pass, which is no step of it.
      discriminator.forward(generator.forward(vectors(&random)))
      let loss = discriminator.backward(.values(real, perExample: 1))
      generator.backward(delta: discriminator.inputDelta, loss: loss)
      generator.update()
      try generated.record()
    }
    print("Generator, \(generator.updates) steps\n\(try Diagnosis(of: generated.finish()))\n")
    print("Discriminator, \(discriminator.updates) steps\n\(try Diagnosis(of: judged.finish()))")
  }

  private static func rule(_ learningRate: Double) -> UpdateRule {
    UpdateRule(.adam(learningRate: learningRate, betas: Betas(0.5, 0.999)))
  }

  /// Noise → a digit of 8 × 8 pixels.
  private static func drawing() throws -> NeuralNetwork {
    try NeuralNetwork(input: [noise], loss: .halfSquaredError) {
      Dense(64)
      LeakyReLU(slope: 0.2)
      Dense(64)
      Tanh()
    }
  }

  /// A digit → how real it looks.
  private static func judging() throws -> NeuralNetwork {
    try NeuralNetwork(input: [64], loss: .binaryCrossEntropy) {
      Dense(64)
      LeakyReLU(slope: 0.2)
      Dense(1)
    }
  }

  private static func vectors(_ random: inout RandomSource) -> Tensor<Float> {
    Tensor(
      shape: [batch, noise], scalars: (0..<batch * noise).map { _ in Float(random.normal()) })
  }

  /// Random digits, their pixels from −1 to 1.
  private static func images(of digits: Dataset, _ random: inout RandomSource) -> Tensor<Float> {
    let picked = digits.selecting((0..<batch).map { _ in random.below(digits.count) })
    return Tensor(shape: [batch, 64], scalars: picked.inputs.map { Float($0 / 8 - 1) })
  }
}
