import Foundation
import GradientHealth

/// What the tests assert of: a healthy model of the digits, and its sick twins.
enum Subjects {
  static let examples = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Examples")

  /// The model file of an example.
  static func example(_ name: String) -> String {
    examples.appending(path: "\(name)/model.yaml").path
  }

  /// The file of the digits.
  static let digitsFile = examples.appending(path: "data/digits.csv.gz").path

  static func digits() throws -> DataSplit {
    try Dataset(csv: digitsFile, target: .last)
      .split(train: 0.7, validation: 0.1, test: 0.2, seed: 1).normalized(.standard)
  }

  static func healthy(seed: UInt64 = 1, learningRate: Double = 0.1) throws -> Trainer {
    let network = try NeuralNetwork(input: [64], loss: .softmaxCrossEntropy) {
      Dense(32, initializer: .heNormal)
      ReLU()
      Dense(10)
    }
    return Trainer(
      network, optimizer: .sgd(learningRate: learningRate, momentum: 0.9), seed: seed)
  }

  /// Ten layers of sigmoids, through which δ vanishes.
  static func vanishing() throws -> Trainer {
    let network = try NeuralNetwork(input: [64], loss: .softmaxCrossEntropy) {
      for _ in 0..<10 {
        Dense(32)
        Sigmoid()
      }
      Dense(10)
    }
    return Trainer(network, optimizer: .sgd(learningRate: 0.1), seed: 1)
  }

  /// The run of a trainer, in memory.
  static func trace(of trainer: Trainer, steps: Int = 200) throws -> Trace {
    let memory = RunMemory()
    try trainer.train(on: digits(), for: .steps(steps), observer: memory.recording())
    return memory.trace
  }
}

/// Swish, z = a·σ(a), whose derivative forgets that σ depends on a as well.
struct CarelessSwish: Layer {
  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  func forward<S>(_ pass: ForwardPass<S>) { pass.output.assign(pass.input * sigmoid(pass.input)) }

  func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(pass.outputDelta * sigmoid(pass.input))
  }
}

/// The same with the whole derivative.
struct Swish: Layer {
  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  func forward<S>(_ pass: ForwardPass<S>) { pass.output.assign(pass.input * sigmoid(pass.input)) }

  func backward<S>(_ pass: BackwardPass<S>) {
    let a = pass.input, s = sigmoid(a)
    pass.inputDelta?.assign(pass.outputDelta * (s + a * s * (1 - s)))
  }
}
