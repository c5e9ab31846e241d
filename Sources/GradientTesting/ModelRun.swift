import GradientHealth

/// A model file that was trained as it says, recorded in memory.
struct ModelRun {
  let trace: Trace
  let policy: HealthPolicy

  init(_ path: String, steps: Int?, policy: HealthPolicy?) throws {
    var file = try ModelFile(contentsOf: path)
    try file.loadWeights()
    guard let data = try file.readData()?.split else { throw file.lackOfData }
    let (trainer, length) = try file.requireTraining()
    self.policy = try policy ?? file.policy ?? .standard
    let memory = RunMemory()
    try trainer.train(
      on: data,
      for: steps.map { trainer.length(length, atMost: $0, examples: data.training.count) }
        ?? length,
      observer: memory.recording())
    trace = memory.trace
  }
}
