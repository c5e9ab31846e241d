import Foundation
import GradientHealth
import GradientTesting
import Testing

/// Each expectation passes on what is as it should be.
struct HealthyTwinTests {
  @Test func gradientsAreRight() throws {
    let trainer = try Subjects.healthy()
    try expectCorrectGradients(of: trainer.network, on: Subjects.digits().training)
    try expectCorrectGradients(ofLayer: Swish(), input: [6])
    try expectCorrectGradients(ofLoss: SoftmaxCrossEntropy(), output: [5])
    try expectCorrectGradients(
      ofModel: Subjects.example("digits"))
  }

  @Test func trainingIsHealthy() throws {
    let diagnosis = try expectHealthyGradients(
      training: Subjects.healthy(), on: Subjects.digits(), steps: 200)
    #expect(diagnosis.verdict == .healthy)
    try expectHealthyGradients(
      ofModel: Subjects.example("digits"), steps: 200)
  }

  @Test func particularsHold() throws {
    let trace = try Subjects.trace(of: Subjects.healthy())
    try expectHealthyGradients(in: trace)
    try expectLiveUnits(in: trace)
    try expectFiniteGradients(in: trace)
    try expectGradientFlow(in: trace)
    try expectUpdateRatios(in: trace)
    let runs = try (1...3).map { try Subjects.trace(of: Subjects.healthy(seed: $0)) }
    let baseline = try RunBaseline(of: runs)
    let other = try Subjects.trace(of: Subjects.healthy(seed: 9))
    try expectNoWorse(other, than: baseline)
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var file = BaselineFile(path: path)
    file.baselines["digits"] = baseline
    try file.write()
    try expectNoWorse(other, thanBaseline: path, of: "digits")
  }

  @Test(.recordsTraining()) func theTraitRecords() throws {
    try Subjects.healthy().train(on: Subjects.digits(), for: .steps(120))
    #expect(RecordedTrainings.current?.traces.count == 1)
  }
}
