import GradientHealth

/// Trains a classifier of handwritten digits with every backward pass recorded, and judges the run.
///
/// From the package's folder: `swift run learn-digits`.
@main
struct LearnDigits {
  static func main() throws {
    let digits = try Dataset(csv: "Examples/data/digits.csv.gz", target: .last)
      .split(train: 0.7, validation: 0.1, test: 0.2, seed: 1).normalized(.standard)
    let network = try NeuralNetwork(input: [64], loss: .softmaxCrossEntropy) {
      Dense(128, initializer: .heNormal)
      ReLU()
      Dense(10)
    }
    let check = try GradientCheck(network, on: digits.training.prefix(8))
    print(check)

    let trainer = Trainer(network, optimizer: .sgd(learningRate: 0.1, momentum: 0.9), seed: 1)
    let trace = try trainer.train(on: digits, epochs: 20, recordingTo: "digits.gradtrace")
    let diagnosis = try Diagnosis(of: trace)
    print(diagnosis)
    try Report(trace, diagnosis, check).write(to: "digits-report")
  }
}
