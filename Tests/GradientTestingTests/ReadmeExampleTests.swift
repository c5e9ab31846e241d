import GradientHealth
import GradientTesting
import Testing

/// The README's example; a test holds the README against these lines.
@Test func learnsHealthily() throws {
  let digits = try Dataset(csv: Subjects.digitsFile, target: .last)
    .split(train: 0.7, validation: 0.1, test: 0.2, seed: 1).normalized(.standard)
  let network = try NeuralNetwork(input: [64], loss: .softmaxCrossEntropy) {
    Dense(128, initializer: .heNormal)
    ReLU()
    Dense(10)
  }
  let trainer = Trainer(network, optimizer: .sgd(learningRate: 0.1, momentum: 0.9), seed: 1)
  try expectCorrectGradients(of: network, on: digits.training)
  try expectHealthyGradients(training: trainer, on: digits, steps: 200)
}
