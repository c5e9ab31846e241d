import Foundation
import GradientDiagnosis
import GradientReport
import GradientTrace
import Testing

/// The maps of activations and of weight gradients.
struct LayerMapTests {
  /// A run of two dense layers in which activation and gradient of the second are as `size` says at each step.
  private func run(_ steps: Int = 20, _ size: (Int) -> Double) throws -> RunDigest {
    let weight = ParameterDescription(name: "weight", shape: [2, 2])
    let layers = [
      LayerDescription(name: "input", kind: "input"),
      LayerDescription(name: "a", kind: "dense", inputs: ["input"], parameters: [weight]),
      LayerDescription(name: "b", kind: "dense", inputs: ["a"], parameters: [weight]),
    ]
    func layer(_ size: Double) -> LayerRecord {
      LayerRecord(
        activation: TensorStatistics(count: 4, rms: size),
        parameters: [ParameterStatistics(rms: 1, gradientRMS: size)])
    }
    let header = TraceHeader(producer: "test", run: RunDescription(), layers: layers)
    return try RunDigest(
      Trace(
        header: header,
        steps: (0..<steps).map {
          StepRecord(step: $0, layers: [nil, layer(1), layer(size($0))])
        }), diagnosis)
  }

  private let diagnosis = SampleRun.healthy().diagnosis

  private func titles(_ size: (Int) -> Double) throws -> [String] {
    let run = try self.run(20, size)
    return [
      try ActivationMapChart(run, diagnosis, about: nil).title,
      try GradientMapChart(run, diagnosis, about: nil).title,
    ]
  }

  @Test func theTitleIsTheResult() throws {
    #expect(
      try titles { _ in 0.5 } == [
        "Outputs have about the same size in all layers",
        "Weight gradients have about the same size in all layers",
      ])
    #expect(
      try titles { _ in 1e-3 } == [
        "The output of ‘b’ ends 3.0 decades below that of ‘a’",
        "The weight gradient of ‘b’ ends 3.0 decades below that of ‘a’",
      ])
    // That gradients shrink while a model learns is nothing to tell.
    #expect(
      try titles { pow(10, -Double($0) / 9.5) } == [
        "The output of ‘b’ shrinks by 2.0 decades during the run",
        "The weight gradient of ‘b’ ends 2.0 decades below that of ‘a’",
      ])
    #expect(
      try titles { $0 < 7 ? 1 : 0 } == [
        "The output of ‘b’ is exactly zero from step 7 on",
        "The weight gradient of ‘b’ is exactly zero from step 7 on",
      ])
    #expect(
      try titles { $0 < 7 ? 1 : .infinity } == [
        "The output of ‘b’ is not finite at step 7",
        "The weight gradient of ‘b’ is not finite at step 7",
      ])
  }

  @Test func withoutTheirDataTheySaySo() throws {
    let bare = try RunDigest(
      Trace(
        header: TraceHeader(
          producer: "test", run: RunDescription(),
          layers: [LayerDescription(name: "input", kind: "input")]), steps: [StepRecord(step: 0)]),
      diagnosis)
    #expect(throws: NotEnoughData("no activations in this trace")) {
      try ActivationMapChart(bare, diagnosis, about: nil)
    }
    #expect(throws: NotEnoughData("no weight gradients in this trace")) {
      try GradientMapChart(bare, diagnosis, about: nil)
    }
  }
}
