import Foundation
import GradientReport
import GradientTrace
import Testing

struct LayerHistoryTests {
  private let layers = [
    LayerDescription(name: "input", kind: "input", units: 2),
    LayerDescription(
      name: "a", kind: "dense", inputs: ["input"], units: 2,
      parameters: [
        ParameterDescription(name: "weight", shape: [2, 2]),
        ParameterDescription(name: "bias", shape: [2]),
      ]),
    LayerDescription(
      name: "b", kind: "lstm", inputs: ["a"], units: 2,
      parameters: [
        ParameterDescription(name: "in", shape: [3, 1]),
        ParameterDescription(name: "hidden", shape: [1, 1]),
      ]),
  ]

  private func history(_ steps: [StepRecord], columnLimit: Int = 64) throws -> LayerHistory {
    let header = TraceHeader(producer: "test", run: RunDescription(), layers: layers)
    return try LayerHistory(
      Trace(header: header, steps: steps), isDeltaPerExample: true, columnLimit: columnLimit)
  }

  private func value(
    _ history: LayerHistory, _ quantity: LayerSeries.Quantity, _ layer: Int
  ) throws -> Double {
    let series = try #require(history.layers.series(of: quantity, layer: layer))
    return pow(10, try #require(series.bins[0].mean))
  }

  @Test func everyQuantityIsKept() throws {
    let record = LayerRecord(
      activation: TensorStatistics(count: 8, rms: 0.5),
      delta: TensorStatistics(count: 8, rms: 0.25),
      parameters: [ParameterStatistics(rms: 2, gradientRMS: 0.125, updateRMS: 0.5), nil],
      silentUnits: 1)
    let history = try history([StepRecord(step: 0, examples: 2, layers: [nil, record, nil])])
    // 8 elements of 2 examples: four an example, so twice the RMS.
    #expect(abs(try value(history, .delta, 1) - 0.5) < 1e-12)
    #expect(abs(try value(history, .activation, 1) - 0.5) < 1e-12)
    #expect(abs(try value(history, .gradient, 1) - 0.125) < 1e-12)
    #expect(abs(try value(history, .update, 1) - 0.25) < 1e-12)
    #expect(history.layers.series(of: .silent, layer: 1)?.bins[0].mean == 0.5)
    #expect(history.layers.series(of: .delta, layer: 0) == nil)
    #expect(history.layers.series(of: .update, layer: 2) == nil)
  }

  @Test func severalWeightsOfALayerAreOne() throws {
    let record = LayerRecord(parameters: [
      ParameterStatistics(rms: 1, gradientRMS: 1e-200, updateRMS: 0.1),
      ParameterStatistics(rms: 3, gradientRMS: 3e-200, updateRMS: 0.5),
    ])
    let history = try history([StepRecord(step: 0, layers: [nil, nil, record])])
    // √((3·1² + 1·3²)/4) = √3, of numbers whose squares are none.
    let gradient = try value(history, .gradient, 2)
    #expect(abs(gradient / 3.0.squareRoot() * 1e200 - 1) < 1e-9)
    // √(3·0.1² + 0.5²) against √(3 + 9).
    #expect(abs(try value(history, .update, 2) - (0.28 / 12).squareRoot()) < 1e-12)
  }

  @Test func zerosAndNonFiniteValuesAreKeptApart() throws {
    func step(_ number: Int, _ rms: Double, nonFinite: Int = 0) -> StepRecord {
      let delta = TensorStatistics(count: 4, rms: rms, nonFinite: nonFinite)
      return StepRecord(step: number, examples: 2, layers: [nil, LayerRecord(delta: delta)])
    }
    let history = try history([
      step(0, 1), step(1, 0), step(2, .infinity), step(3, 1, nonFinite: 1),
    ])
    let bins = try #require(history.layers.series(of: .delta, layer: 1)).bins
    #expect(bins.map(\.count) == [1, 0, 0, 0])
    #expect(bins.map(\.zeros) == [0, 1, 0, 0])
    #expect(bins.map(\.nonFinite) == [0, 0, 1, 1])
  }

  @Test func aSpikeOutlivesTheBinning() throws {
    let steps = (0..<5000).map { step in
      StepRecord(
        step: step, examples: 2,
        layers: [
          nil, LayerRecord(delta: TensorStatistics(count: 4, rms: step == 3210 ? 1e6 : 1)),
        ])
    }
    let history = try history(steps)
    #expect(history.columns.ranges.count <= 64)
    let bins = try #require(history.layers.series(of: .delta, layer: 1)).bins
    #expect(bins.map(\.count).reduce(0, +) == 5000)
    #expect(bins.count { $0.high > 6 } == 1)
  }
}
