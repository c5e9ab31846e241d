import Foundation
import GradientHealth

/// An example's model as it stands, or with a fault.
struct BaselineSubject: Sendable {
  var name: String
  var fault: BaselineFault?
  private let trainer: Trainer
  private let length: Trainer.Length
  private let data: DataSplit

  /// Reads the model; nil where the fault has no place in it.
  init?(_ name: String, _ fault: BaselineFault?, in examples: String) throws {
    let path = "\(examples)/\(name)/model.yaml"
    let file = try ModelFile(contentsOf: path, allowOutside: true)
    guard let data = try file.readData()?.split else {
      throw InputError(file: path, "has no \"data\"")
    }
    let model = try String(contentsOfFile: path, encoding: .utf8)
    guard let text = fault.map({ $0.text(of: model) }) ?? model else { return nil }
    let changed = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).yaml").path
    defer { try? FileManager.default.removeItem(atPath: changed) }
    try Data(text.utf8).write(to: URL(filePath: changed))
    let described = try ModelFile(contentsOf: changed, allowOutside: true)
    guard let training = described.training, let trainer = described.trainer else {
      throw InputError(file: path, "has no \"training\"")
    }
    self.name = name
    self.fault = fault
    self.trainer = trainer
    self.data = data
    length = training.length
  }

  /// The run from a seed, of which the first steps and the last are kept.
  func run(seed: UInt64) throws -> Trace {
    var trainer = trainer
    trainer.seed = seed
    let memory = RunMemory()
    try trainer.train(
      on: data, for: length, observer: memory.recording(),
      resumingFrom: fault == .scale ? trainer.start(on: data, weightsTimes: 3) : nil)
    let trace = memory.trace
    return Trace(header: trace.header, steps: memory.steps.prefix(10) + memory.steps.suffix(50))
  }
}

extension Trainer {
  /// Where training starts, with all weights, not biases or scales, multiplied by a factor.
  fileprivate func start(on data: DataSplit, weightsTimes factor: Double) throws -> TrainingState? {
    var start: TrainingState?
    try train(on: data, for: .steps(1)) { start = $0.state() }
    let values = ParameterStore<Float>(network, seed: seed).views
    start?.steps = 0
    start?.memory = [:]
    for place in network.parameters.indices {
      let scale = network.parameters[place].shape.rank > 1 ? factor : 1
      start?.parameters[place].numbers = (0..<values[place].count).map {
        scale * Double(values[place][$0])
      }
    }
    for place in start?.optimizer.indices ?? 0..<0 {
      let count = start?.optimizer[place].numbers.count ?? 0
      start?.optimizer[place].numbers = [Double](repeating: 0, count: count)
    }
    return start
  }
}
