import Foundation
import GradientDiagnosis
import GradientReport
import Testing

@testable import GradientTrials

/// The charts of a sweep, drawn from figures that are made up.
@Suite struct SweepChartTests {
  private func sweep(slope: Double, layers: Int = 3, severity: Severity) -> Sweep {
    let sizes = [0.25, 0.5, 1, 2, 4]
    let lines = [Sweep.Quantity.activation, .delta].flatMap { quantity in
      (1...layers).map { layer in
        Sweep.Line(
          quantity: quantity, layer: "dense-\(layer)",
          values: sizes.map { pow($0, slope * Double(layer)) }, slope: slope * Double(layer),
          ownSlope: slope)
      }
    }
    let judgments = [Sweep.Quantity.activation, .delta].map {
      Sweep.Judgment(
        quantity: $0, trend: severity == .info ? .steady : .grows, severity: severity,
        layers: severity == .info ? [] : ["dense-2", "dense-3"], slope: slope, limit: 0.3,
        message: "dense-2 does something.")
    }
    var sweep = Sweep(examples: 64, seeds: 5)
    sweep.parts = [
      Sweep.Part(
        dimension: .width, sizes: sizes, subject: "dense-1 and dense-2, 16 to 256 units",
        lines: lines, judgments: judgments)
    ]
    return sweep
  }

  @Test func theTitleSaysWhatGrows() throws {
    let grows = sweep(slope: 0.5, severity: .error)
    let chart = try SweepChart(grows.parts[0], of: grows)
    #expect(chart.title == "The outputs at the start grow with the width")
    let texts = chart.drawing().texts.map(\.string)
    #expect(texts.contains("grows: width^0.5 at dense-2 and dense-3"))
    #expect(texts.count { $0 == "×1/4" } == 2)
    #expect(texts.contains("δ at the start, L2 per example"))

    let steady = sweep(slope: 0, severity: .info)
    let calm = try SweepChart(steady.parts[0], of: steady)
    #expect(calm.title == "Nothing depends on the width, from ×1/4 to ×4")
    #expect(calm.drawing().texts.map(\.string).contains("steady: width^0"))
  }

  @Test func everythingLiesWithinThePicture() throws {
    for layers in [1, 3, 40] {
      let many = sweep(slope: 0.5, layers: layers, severity: .warning)
      let drawing = try SweepChart(many.parts[0], of: many).drawing()
      for text in drawing.texts { #expect(drawing.frame.contains(text.box), "\(text.string)") }
      let ticks = drawing.texts.filter { $0.role == .tick }
      for (place, tick) in ticks.enumerated() {
        #expect(!ticks[..<place].contains { $0.box.overlaps(tick.box) }, "\(tick.string)")
      }
    }
  }

  @Test func withoutFiguresThereIsNoPicture() {
    var empty = sweep(slope: 0, severity: .info)
    empty.parts[0].lines = []
    #expect(throws: NotEnoughData("nothing was measured at two sizes")) {
      try SweepChart(empty.parts[0], of: empty)
    }
  }
}
