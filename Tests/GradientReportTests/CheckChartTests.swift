import Foundation
import GradientChecking
import GradientReport
import Testing

struct CheckChartTests {
  private let theme = Theme.standard

  private func discs(_ drawing: Drawing, _ color: Color) -> Int {
    drawing.elements.count {
      if case .disc(_, _, let own) = $0 { own == color } else { false }
    }
  }

  @Test func theTitleIsTheResult() throws {
    #expect(
      try AgreementChart(SampleCheck.right()).title
        == "The backward pass is right: all 124 entries shown lie on the diagonal")
    #expect(
      try AgreementChart(SampleCheck.mixed()).title
        == "The backward pass is right: all 123 entries shown lie on the diagonal, 1 can't be told"
    )
    #expect(
      try AgreementChart(SampleCheck.doubled()).title
        == "my-layer/weight: the analytic gradient is the numeric one times 2.000")
    #expect(
      try StepCurveChart(SampleCheck.doubled()).title
        == "However small the step, my-layer/weight[2, 11] stays 50 % away from what it should be")
    #expect(
      try StepCurveChart(SampleCheck.right()).title.hasPrefix(
        "Differences come as close as "))
    #expect(
      try StepCurveChart(SampleCheck.right()).title.hasSuffix(
        " to the analytic gradient of my-layer/weight[2, 11]"))
  }

  @Test func whatIsMissingIsSaid() {
    let empty = GradientCheck(seed: 1, evaluations: 0, tensors: [])
    #expect(throws: NotEnoughData("no entries of a gradient were kept")) {
      try AgreementChart(empty)
    }
    #expect(throws: NotEnoughData("no step curve was measured")) { try StepCurveChart(empty) }
  }

  @Test func wrongEntriesHaveAShapeAndAColorOfTheirOwn() throws {
    let right = try AgreementChart(SampleCheck.right()).drawing()
    let wrong = try AgreementChart(SampleCheck.doubled()).drawing()
    // One more stands in the key.
    #expect(discs(right, theme.data) == 124 + 1)
    #expect(discs(wrong, theme.data) == 84 + 1)
    func crosses(_ drawing: Drawing) -> Int {
      drawing.elements.count {
        if case .polyline(let points, let stroke) = $0 {
          stroke.color == theme.accent && points.count == 2
        } else {
          false
        }
      }
    }
    #expect(crosses(right) == 0)
    #expect(crosses(wrong) == 2 * (40 + 1))
    let words = wrong.texts.map(\.string)
    #expect(words.contains { $0.hasPrefix("my-layer/weight[") && $0.contains(" for ") })
    #expect(words.contains("wrong") && words.contains("right"))
    #expect(!right.texts.map(\.string).contains("wrong"))
  }

  @Test func aRightEntryLiesOnTheDiagonal() throws {
    let drawing = try AgreementChart(SampleCheck.right()).drawing()
    let diagonal = try #require(
      drawing.elements.compactMap { element -> [Point]? in
        if case .polyline(let points, let stroke) = element, stroke.color == theme.healthyInk {
          points
        } else {
          nil
        }
      }.first)
    let (start, end) = (diagonal[0], diagonal[1])
    for element in drawing.elements {
      guard case .disc(let center, let radius, theme.data) = element, radius < theme.dotRadius
      else { continue }
      let share = (center.x - start.x) / (end.x - start.x)
      #expect(abs(start.y + share * (end.y - start.y) - center.y) < 0.01)
    }
  }

  @Test func theFloorAndTheStepAreMarked() throws {
    let words = try StepCurveChart(SampleCheck.right()).drawing().texts.map(\.string)
    #expect(words.contains("step used: 0.0002"))
    #expect(words.contains("floor 4.8e-12"))
    #expect(words.contains("← too small: rounding") && words.contains("too large: curvature →"))
    let wrong = try StepCurveChart(SampleCheck.doubled()).drawing().texts.map(\.string)
    #expect(wrong.contains("off by 50 %"))
    #expect(!wrong.contains("← too small: rounding"))
  }

  /// What is linear in a weight has no step that is too large.
  @Test func noCurvatureIsClaimedWhereThereIsNone() throws {
    var check = SampleCheck.right()
    for place in check.curve?.points.indices ?? 0..<0 where place < 24 {
      check.curve?.points[place].derivative = 0.4206 * (1 + 1e-12)
    }
    let words = try StepCurveChart(check).drawing().texts.map(\.string)
    #expect(words.contains("no curvature: large steps are fine"))
  }

  @Test func nothingStandsOutsideThePicture() throws {
    let pictures: [Drawing] = [
      try AgreementChart(SampleCheck.right()).drawing(),
      try AgreementChart(SampleCheck.doubled()).drawing(),
      try AgreementChart(SampleCheck.mixed()).drawing(),
      try StepCurveChart(SampleCheck.right()).drawing(),
      try StepCurveChart(SampleCheck.doubled()).drawing(),
    ]
    for picture in pictures {
      for text in picture.texts { #expect(picture.frame.contains(text.box), "\(text.string)") }
    }
  }

  // MARK: - The symmetric logarithm

  @Test func powersOfTenLieAtEqualDistances() {
    let places = SymmetricLog(threshold: -3)
    #expect(places.place(0) == 0)
    #expect(places.place(1e-3) == 1 && places.place(-1e-3) == -1)
    #expect(abs(places.place(1) - 4) < 1e-12 && abs(places.place(-100) + 6) < 1e-12)
    #expect(places.place(5e-4) == 0.5)
  }

  @Test func theThresholdFollowsTheSmallestMagnitude() {
    #expect(SymmetricLog(covering: [0, 0.02, -3], decades: 12).threshold == -2)
    #expect(SymmetricLog(covering: [1e-30, 1], decades: 12).threshold == -12)
    #expect(SymmetricLog(covering: [0], decades: 12).threshold == 0)
    #expect(SymmetricLog(covering: [.nan, .infinity, 5], decades: 12).threshold == 0)
  }

  @Test(arguments: [3, 5, 7], [-12, -2, 0])
  func ticksAreFewAndOfEitherSign(limit: Int, threshold: Int) {
    let places = SymmetricLog(threshold: threshold)
    let ticks = Scale(.symmetric(places), -7.4...5.2).ticks(limit: limit)
    #expect(ticks.count <= limit && ticks.count >= 2)
    #expect(ticks.contains { $0.label == "0" && $0.value == 0 })
    #expect(ticks.map(\.value) == ticks.map(\.value).sorted())
    for tick in ticks where tick.value < 0 { #expect(tick.label.hasPrefix("−")) }
  }
}
