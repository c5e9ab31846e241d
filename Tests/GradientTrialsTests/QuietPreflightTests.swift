import Backpropagation
import Foundation
import GradientDiagnosis
import GradientModelFiles
import GradientTrials
import Testing

/// A preflight says nothing about networks that are odd and healthy.
@Suite struct QuietPreflightTests {
  private func expectQuiet(
    _ data: Dataset = Points.classes(), loss: any Loss = .softmaxCrossEntropy,
    groups: [ParameterGroup] = [], batch: Int = 64,
    @NetworkBuilder _ layers: () -> [LayerNode],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let network = try NeuralNetwork(input: data.inputShape, loss: loss, layers: layers())
    let result = try Preflight(
      Trainer(network, optimizer: .sgd(learningRate: 0.1), groups: groups, batch: batch),
      on: data.split)
    #expect(result.warnings == [], sourceLocation: sourceLocation)
  }

  @Test func zerosThatLeaveZero() throws {
    try expectQuiet {
      Dense(16)
      ReLU()
      Dense(4, initializer: .zeros)
    }
    // ReZero: the branch is worth nothing until its gate opens.
    try expectQuiet {
      Dense(16).named("first")
      ReLU().named("trunk")
      Dense(16)
      ReLU()
      Gate().named("branch")
      Add().from("branch", "trunk")
      Dense(4)
    }
    // An adapter: the second of two thin layers starts at zero.
    try expectQuiet {
      Dense(16).named("first")
      ReLU().named("trunk")
      Dense(2)
      Dense(16, initializer: .zeros).named("adapter")
      Add().from("adapter", "trunk")
      Dense(4)
    }
    try expectQuiet {
      Dense(16, initializer: .constant(0.1))
      ReLU()
      Dense(4)
    }
  }

  @Test func scalesThatSomethingMendsOrNobodyMinds() throws {
    try expectQuiet {
      Dense(16, initializer: .normal(standardDeviation: 50))
      BatchNorm()
      ReLU()
      Dense(4)
    }
    try expectQuiet {
      Dense(16)
      ReLU()
      Dense(4, initializer: .normal(standardDeviation: 1e-4))
    }
    for scale in [0.1, 10, 30] {
      try expectQuiet(Points.classes(scale: scale)) {
        Dense(32)
        ReLU()
        Dense(32)
        ReLU()
        Dense(4)
      }
    }
    for scale in [1e-3, 30] {
      try expectQuiet(Points.classes(scale: scale)) {
        LayerNorm()
        Dense(16)
        ReLU()
        Dense(4)
      }
    }
  }

  @Test func partsThatAreFrozen() throws {
    try expectQuiet(groups: [ParameterGroup(layers: "first", isFrozen: true)]) {
      Dense(16).named("first")
      ReLU()
      Dense(4)
    }
    try expectQuiet(groups: [ParameterGroup(layers: "*", isFrozen: true)]) {
      Dense(16)
      ReLU()
      Dense(4)
    }
  }

  @Test(arguments: [(1.0, 0.0), (1e5, 1e6), (1e-4, 0), (1, 1000)])
  func numbersOfAnyScale(scale: Double, shift: Double) throws {
    let losses: [any Loss] = [.meanSquaredError, .meanAbsoluteError, .huber()]
    for loss in losses {
      try expectQuiet(Points.numbers(scale: scale, shift: shift), loss: loss) {
        Dense(32)
        ReLU()
        Dense(1)
      }
    }
  }

  @Test func plainModels() throws {
    // A straight line cannot pass through four points, and isn't meant to.
    let line = Dataset(
      inputShape: [1], inputs: (0..<32).map { Double($0) / 16 - 1 },
      targets: .values((0..<32).map { Double($0 % 5) }, perExample: 1))
    try expectQuiet(line, loss: .meanSquaredError) { Dense(1) }
    try expectQuiet { Dense(4) }
    // The two largest principal components.
    try expectQuiet(Points.themselves(), loss: .meanSquaredError) {
      Dense(2)
      Dense(8)
    }
  }

  @Test func targetsWithLittleInThem() throws {
    let alike = Dataset(
      inputShape: [Points.features], inputs: Points.inputs(32, 1),
      targets: .classes([Int](repeating: 1, count: 32), names: []))
    try expectQuiet(alike) {
      Dense(16)
      ReLU()
      Dense(4)
    }
    // One in sixteen is of the second class: guessing costs little, and a network that knows nothing more.
    let rare = Dataset(
      inputShape: [Points.features], inputs: Points.inputs(64, 1),
      targets: .classes((0..<64).map { $0 % 16 == 3 ? 1 : 0 }, names: []))
    try expectQuiet(rare) {
      Dense(16)
      ReLU()
      Dense(2)
    }
    // Four different inputs, a tenth of their labels wrong.
    let noisy = Dataset(
      inputShape: [2], inputs: (0..<64).flatMap { [Double($0 % 2), Double($0 / 2 % 2)] },
      targets: .classes(
        (0..<64).map { ($0 % 2) ^ ($0 / 2 % 2) ^ ($0 % 10 == 7 ? 1 : 0) }, names: []))
    try expectQuiet(noisy) {
      Dense(16)
      Tanh()
      Dense(2)
    }
  }

  @Test func oddShapes() throws {
    try expectQuiet(batch: 1) {
      Dense(16)
      BatchNorm()
      ReLU()
      Dropout(0.8)
      Dense(4)
    }
    try expectQuiet {
      Reshape([4, 2])
      LSTM(12)
      Dense(4)
    }
    try expectQuiet {
      Reshape([1, 2, 4])
      Convolution2D(6, kernel: 3, padding: .same)
      SiLU()
      GlobalAveragePool()
      Dense(4)
    }
    try expectQuiet(loss: .negativeLogLikelihood) {
      Dense(12)
      GELU()
      Dense(4)
      LogSoftmax()
    }
    try expectQuiet {
      for _ in 0..<10 {
        Dense(24)
        Tanh()
      }
      Dense(4)
    }
    try expectQuiet {
      for _ in 0..<20 {
        Dense(32)
        ReLU()
      }
      Dense(4)
    }
    try expectQuiet(Points.classes(2)) {
      Dense(16)
      ReLU()
      Dense(4)
    }
  }

  @Test func twoHeads() throws {
    let data = Points.classes()
    let both = Dataset(
      features: data.features,
      targetSets: [data.targets, Points.numbers(scale: 100, shift: 5000).targets])
    let network = try NeuralNetwork(
      inputs: [NetworkInput([Points.features])],
      losses: [
        NetworkLoss(.softmaxCrossEntropy, output: "kind"),
        NetworkLoss(.meanSquaredError, output: "size", weight: 1e-3),
      ]
    ) {
      Dense(24)
      ReLU().named("body")
      Dense(4).named("kind").from("body")
      Dense(1).named("size").from("body")
    }
    let result = try Preflight(
      Trainer(network, optimizer: .sgd(learningRate: 0.1)), on: both.split)
    #expect(result.warnings == [])
  }

  private static let examples = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Examples")

  @Test(
    arguments: [
      "digits", "digits-convolution", "digits-lstm", "digits-transformer", "autoencoder",
      "dead-relu", "vanishing",
    ])
  func theExamplesStartWell(name: String) throws {
    #expect(try preflight(ofExample: name).warnings.filter { $0.check != .overfit } == [])
    if !["dead-relu", "vanishing"].contains(name) {
      #expect(try preflight(ofExample: name).warnings == [])
    }
  }

  @Test func theExplodingOneStartsBadly() throws {
    let warnings = try preflight(ofExample: "exploding").warnings
    #expect(warnings.first?.check == .initialScale)
    #expect(warnings.first?.layers == (1...13).map { "dense-\($0)" })
    #expect(warnings.first?.headline == "initial scale in dense-1 … dense-13")
  }

  private func preflight(ofExample name: String) throws -> Preflight {
    let file = try ModelFile(
      contentsOf: Self.examples.appending(path: "\(name)/model.yaml").path)
    let data = try #require(try file.trainingExamples())
    return try Preflight(try #require(file.trainer), on: data.data)
  }
}
