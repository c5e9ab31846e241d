import Backpropagation
import GradientDiagnosis
import GradientRecording
import GradientTrace

/// A small training on points around four centers, recorded and diagnosed.
struct RealRun {
  var optimizer: any Optimizer = SGD.sgd(learningRate: 0.1, momentum: 0.9)
  var steps = 200
  var batch = 32
  var examples = 256
  /// What the points are multiplied by, feature by feature.
  var scale: (_ feature: Int) -> Double = { _ in 1 }
  /// The standard deviation of a point around its center.
  var noise = 1.0
  var clipping: Clipping?
  var schedule: [any Schedule] = []
  var groups: [ParameterGroup] = []
  var seed: UInt64 = 1

  static let features = 8
  static let classes = 4

  /// Trains a network and judges the run.
  func diagnosis(@NetworkBuilder _ layers: () -> [LayerNode]) throws -> Diagnosis {
    let network = try NeuralNetwork(
      input: [Self.features], loss: .softmaxCrossEntropy, layers: layers())
    return try diagnosis(of: network)
  }

  func diagnosis(of network: NeuralNetwork) throws -> Diagnosis {
    let memory = RunMemory()
    try Trainer(
      network, optimizer: optimizer, groups: groups, schedule: schedule, clipping: clipping,
      batch: batch, seed: seed
    ).train(
      on: DataSplit(training: points(examples, 1), validation: points(64, 2), test: points(0, 3)),
      for: .steps(steps), observer: memory.recording())
    return try Diagnosis(of: memory.trace)
  }

  private func points(_ count: Int, _ part: UInt64) -> Dataset {
    var centers = RandomSource(seed: 7, stream: "centers")
    let places = (0..<Self.classes * Self.features).map { _ in 2 * centers.normal() }
    var random = RandomSource(seed: part, stream: "points")
    var values: [Double] = []
    for example in 0..<count {
      for feature in 0..<Self.features {
        let place = places[example % Self.classes * Self.features + feature]
        values.append((place + noise * random.normal()) * scale(feature))
      }
    }
    return Dataset(
      inputShape: [Self.features], inputs: values,
      targets: .classes((0..<count).map { $0 % Self.classes }, names: []))
  }
}
