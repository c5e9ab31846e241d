import Foundation
import GRDB
import GradientTrace
import Testing

/// What other programs see of a trace: the SQL views.
@Suite struct SchemaTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func database(of steps: [StepRecord], _ header: TraceHeader) throws -> DatabaseQueue {
    let path = folder.path("run.gradtrace")
    let recorder = try TraceRecorder(to: path, header: header)
    for step in steps { try recorder.record(step) }
    try recorder.finish()
    return try DatabaseQueue(path: path)
  }

  @Test func theViewOfALayerAndStepHoldsItsMainScalars() throws {
    var run = SyntheticRun(widths: [5, 4, 3], windowSteps: 10)
    let steps = run.steps(150)
    let database = try database(of: steps, run.header)
    let rows = try database.read {
      try Row.fetchAll(
        $0, sql: "SELECT * FROM layer_step WHERE layer = 'dense-2' ORDER BY step")
    }
    #expect(rows.count == steps.count)
    for (row, step) in zip(rows, steps) {
      let layer = try #require(step.layers[3])
      let weight = try #require(layer.parameters[0])
      #expect(row["step"] == step.step)
      #expect(row["activation_mean"] == layer.activation?.mean)
      #expect(row["activation_rms"] == layer.activation?.rms)
      #expect(row["delta_rms"] == layer.delta?.rms)
      #expect(row["delta_max"] == layer.delta?.max)
      #expect(row["gradient_rms"] == weight.gradientRMS)
      #expect(row["weight_rms"] == weight.rms)
      #expect(row["update_rms"] == weight.updateRMS)
      #expect(row["update_ratio"] == weight.updateRatio)
    }
  }

  /// SQL decodes every type and every kind of number as the reader does.
  @Test(
    arguments: [
      0, 1, -1, 0.5, 3.25, -1e-20, 1e20, 3.4028234663852886e38, 1.1754943508222875e-38, .infinity,
      -.infinity, 1e-60, -1e300, 2.2250738585072014e-308, .greatestFiniteMagnitude,
      .leastNormalMagnitude / 4,
    ])
  func everyNumberIsDecodedBySQL(_ value: Double) throws {
    let expected =
      Float(value).isNormal || value == 0 || !value.isFinite
      ? Double(Float(value)) : value
    let header = TraceHeader(
      producer: "tests 1", run: RunDescription(),
      layers: [LayerDescription(name: "a", kind: "dense")])
    let steps = [nil, value, .nan].enumerated().map { step, mean in
      StepRecord(
        step: step,
        layers: [LayerRecord(activation: TensorStatistics(count: 4_294_967_294, mean: mean))])
    }
    let database = try database(of: steps, header)
    let rows = try database.read {
      try Row.fetchAll(
        $0, sql: "SELECT value FROM measurement WHERE statistic = 'mean' ORDER BY step")
    }
    #expect(rows.count == 3)
    #expect((rows[0][0] as Double?) == nil)
    #expect((rows[1][0] as Double?) == expected)
    #expect((rows[2][0] as Double?) == nil)
    let count = try database.read {
      try Int.fetchOne($0, sql: "SELECT value FROM measurement WHERE statistic = 'count'")
    }
    #expect(count == 4_294_967_294)
  }
}
