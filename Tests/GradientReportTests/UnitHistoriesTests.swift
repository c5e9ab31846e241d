import Foundation
import GradientDiagnosis
import GradientReport
import GradientTrace
import Testing

/// δ by time step and by unit, over the windows of a run.
struct UnitHistoriesTests {
  private let healthy = SampleRun.healthy().diagnosis

  private func digest(
    _ steps: Int, layer: LayerDescription, _ record: (Int) -> LayerRecord
  ) throws -> RunDigest {
    let header = TraceHeader(producer: "test", run: RunDescription(), layers: [layer])
    return try RunDigest(
      Trace(
        header: header, steps: (0..<steps).map { StepRecord(step: $0, layers: [record($0)]) }),
      healthy)
  }

  @Test(arguments: [1, 50, 51, 3200, 3201, 10_000])
  func theFirstAndTheLastWindowThroughTimeAreKept(steps: Int) throws {
    let run = try digest(steps, layer: LayerDescription(name: "rnn", kind: "rnn")) {
      LayerRecord(deltaRMSByTime: [0, pow(10, Double($0 / 50)), 1])
    }
    let windows = run.timeHistories[0].windows
    #expect(windows.count <= 64)
    #expect(windows.first?.steps.lowerBound == 0)
    #expect(windows.last?.steps == (steps - 1) / 50 * 50...steps - 1)
    for (window, next) in zip(windows, windows.dropFirst()) {
      #expect(window.steps.upperBound < next.steps.lowerBound)
    }
    for window in windows where window.steps.lowerBound < 15_000 {
      let decades = window.decades
      #expect(decades.count == 3 && decades[0] == nil && decades[2] == 0)
      // From 1e308 on a window's number is none.
      let expected = Double(window.steps.lowerBound / 50)
      if expected < 300 { #expect(abs((decades[1] ?? .nan) - expected) < 1e-9) }
    }
  }

  @Test func unitsAreComparedWithinTheirWindow() throws {
    let layer = LayerDescription(name: "relu", kind: "relu", units: 2)
    let run = try digest(2, layer: layer) { step in
      LayerRecord(unitDeltas: step == 0 ? [3e-200, -4e-200] : [0, 0])
    }
    let windows = run.unitDeltas[0].windows
    // The root mean square of 3 and 4 is √12.5.
    #expect(abs(windows[0].values[0] - 3 / Float(12.5).squareRoot()) < 1e-6)
    #expect(abs(windows[0].values[1] + 4 / Float(12.5).squareRoot()) < 1e-6)
    #expect(windows[1].values == [0, 0])
  }

  @Test func manyWindowsOfUnitsBecomeTheirMeans() throws {
    let layer = LayerDescription(name: "relu", kind: "relu", units: 2)
    let run = try digest(1000, layer: layer) { step in
      LayerRecord(unitDeltas: step.isMultiple(of: 2) ? [1, 1] : [1, -1])
    }
    let windows = run.unitDeltas[0].windows
    #expect(windows.count == 250)
    #expect(windows.allSatisfy { $0.steps.count == 4 && $0.values == [1, 0] })
    #expect(windows.last?.steps.upperBound == 999)
  }

  @Test func unitsThatAreNotFiniteOrTooManyAreLeftOut() throws {
    let layer = LayerDescription(name: "relu", kind: "relu", units: 2)
    let run = try digest(3, layer: layer) { step in
      LayerRecord(unitDeltas: [[1, .nan], [1, 2, 3], [1, 2]][step])
    }
    #expect(run.unitDeltas[0].windows.map(\.steps) == [2...2])
  }
}
