public import GradientHealth

/// A classifier of handwritten digits, 8 × 8 pixels each, with an activation of its own.
public enum DigitClassifier {
  /// The digits of a CSV file, in three parts.
  public static func digits(_ file: String) throws -> DataSplit {
    try Dataset(csv: file, target: .last)
      .split(train: 0.7, validation: 0.1, test: 0.2, seed: 1).normalized(.standard)
  }

  /// The network, and how it is trained.
  public static func trainer() throws -> Trainer {
    let network = try NeuralNetwork(input: [64], loss: .softmaxCrossEntropy) {
      Dense(32, initializer: .heNormal)
      Swish()
      Dense(32, initializer: .heNormal)
      Swish()
      Dense(10)
    }
    return Trainer(
      network, optimizer: .sgd(learningRate: 0.05, momentum: 0.9), batch: 32, seed: 1)
  }
}
