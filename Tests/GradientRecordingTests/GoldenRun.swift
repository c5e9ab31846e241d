import Backpropagation
import Foundation
import GradientModelFiles
import GradientRecording
import GradientTrace
import Testing

/// A short run recorded in PyTorch, and the same run here: the same weights, batches and optimizer.
///
/// Written by Benchmarks/peers/golden_traces.py.
struct GoldenRun {
  /// What PyTorch's recorder wrote.
  let theirs: Trace
  /// What ours writes.
  let ours: Trace

  init(_ name: String, _ optimizer: any Optimizer) throws {
    theirs = try Trace(contentsOf: Self.fixture("\(name).jsonl.gz"))
    let file = try SafeTensors(contentsOf: Self.fixture("\(name).safetensors"))
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = folder.appending(path: "model.yaml")
    try Data(try #require(file.metadata["model"]).utf8).write(to: model)

    let inputs = try #require(file.tensors["input"]), targets = try #require(file.tensors["target"])
    let steps = targets.shape[0], examples = targets.shape[1]
    let learner = try Learner<Float>(
      ModelFile(contentsOf: model.path).network, UpdateRule(optimizer), capacity: examples)
    try Self.setParameters(of: learner, to: file)
    let batches = (0..<steps).map { step in
      let size = inputs.numbers.count / steps
      return Tensor(
        shape: Shape(Array(inputs.shape.dropFirst())),
        scalars: inputs.numbers[step * size..<(step + 1) * size].map { Float($0) })
    }
    let recording = try LearnerRecording(
      learner, to: folder.appending(path: "run.gradtrace").path, plannedSteps: steps,
      probe: batches[0])
    for (step, batch) in batches.enumerated() {
      learner.forward(batch)
      let classes = targets.numbers[step * examples..<(step + 1) * examples].map { Int($0) }
      learner.backward(.classes(classes, names: []))
      learner.update()
      try recording.record()
    }
    let trace = try recording.finish()
    var records: [StepRecord] = []
    try trace.forEachStep { records.append($0) }
    ours = Trace(header: trace.header, steps: records)
  }

  private static func setParameters(of learner: Learner<Float>, to file: SafeTensors) throws {
    for (parameter, view) in zip(learner.network.parameters, learner.parameters.views)
    where parameter.isTrainable {
      let values = try #require(file.tensors["parameter/\(parameter.name)"])
      try #require(values.shape == parameter.shape.sizes)
      for (index, value) in values.numbers.enumerated() { view[index] = Float(value) }
    }
  }

  private static func fixture(_ name: String) throws -> String {
    let url = Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures")
    return try #require(url, "there is no \(name)").path
  }
}
