import Foundation
import GradientReport
import Testing

struct DrawingTests {
  @Test func aTextHangsAtItsAnchor() {
    let font = Font(10)
    let width = font.width(of: "layer")
    func box(_ anchor: Text.Anchor) -> Frame {
      Text("layer", at: Point(100, 50), anchor, font: font, color: Color(0), role: .body).box
    }
    #expect(box(.init(.leading, .top)) == Frame(x: 100, y: 50, width: width, height: font.height))
    #expect(box(.init(.trailing, .bottom)).maxX == 100)
    #expect(box(.init(.trailing, .bottom)).maxY == 50)
    #expect(abs(box(.init(.center, .middle)).midX - 100) < 1e-9)
    #expect(abs(box(.init(.center, .middle)).midY - 50) < 1e-9)
  }

  @Test func textIsCutToItsWidth() {
    let font = Font(13)
    for width in [20.0, 60, 200] {
      let name = font.fitting(name: "encoder/blocks/7/attention/projection", into: width)
      #expect(font.width(of: name) <= width)
      let line = font.fitting("The quick brown fox jumps over the lazy dog", into: width)
      #expect(font.width(of: line) <= width)
    }
    #expect(font.fitting(name: "dense-1", into: 200) == "dense-1")
    #expect(font.fitting(name: "encoder-first-projection", into: 100).hasPrefix("enc"))
    #expect(font.fitting(name: "encoder-first-projection", into: 100).hasSuffix("ion"))
  }

  @Test func aParagraphIsBrokenIntoLines() {
    let font = Font(13)
    let text = "Every sigmoid multiplies δ by at most a quarter of what it gets from above"
    let lines = font.lines(of: text, width: 150, limit: 10)
    #expect(lines.count > 2)
    #expect(lines.allSatisfy { font.width(of: $0) <= 150 })
    #expect(lines.joined(separator: " ") == text)
    #expect(font.lines(of: text, width: 150, limit: 2).last?.hasSuffix("…") == true)
  }

  @Test(arguments: [0.0...1, 0...399, -0.5...399.5, 1e-9...3e-9, -2e6...7e8, 0.998...1.003])
  func linearTicksAreRoundAndFew(domain: ClosedRange<Double>) {
    let ticks = Scale(.linear, domain).ticks(limit: 7)
    #expect((3...7).contains(ticks.count))
    #expect(ticks.allSatisfy { domain.contains($0.value) })
    #expect(Set(ticks.map(\.label)).count == ticks.count)
  }

  @Test(arguments: [-9.0...2, -0.4...0.3, -46...38, -8.1...(-7.9), 0...300])
  func exponentTicksNameTheValue(domain: ClosedRange<Double>) {
    let ticks = Scale(.exponent, domain).ticks(limit: 7)
    #expect((2...7).contains(ticks.count))
    for tick in ticks {
      #expect(domain.contains(tick.value))
      let named = Double(tick.label).map { abs(log10($0) - tick.value) < 0.01 }
      #expect(named == true, "\(tick.label) stands at 10^\(tick.value)")
    }
  }

  @Test func ticksOfStepsAreWhole() {
    #expect(Scale(.steps, -0.5...2.5).ticks(limit: 7).map(\.label) == ["0", "1", "2"])
    #expect(Scale(.steps, 0...1_000_000).ticks(limit: 7).map(\.label).last == "1M")
  }

  @Test func aScaleOfEqualValuesHasAnExtent() throws {
    for value in [0.0, 5, -3e-7, 1e200] {
      let scale = try #require(Scale(.linear, covering: [value, value]))
      #expect(scale.domain.lowerBound < scale.domain.upperBound)
      #expect(scale.ticks(limit: 7).count >= 1)
    }
    #expect(Scale(.linear, covering: [.nan, .infinity]) == nil)
  }

  @Test func labelsAreSpreadInTheirOrder() {
    #expect(spread([50, 51, 52], apart: 10, within: 0...100) == [50, 60, 70])
    #expect(spread([99, 98], apart: 10, within: 0...100) == [95, 85])
    #expect(spread([10, 90], apart: 10, within: 0...100) == [10, 90])
  }

  @Test func aRampEndsInItsStops() {
    let ramp = ColorRamp(stops: [Color(0x000000), Color(0x808080), Color(0xFFFFFF)])
    #expect(ramp.color(at: -1) == Color(0x000000))
    #expect(ramp.color(at: 0.5) == Color(0x808080))
    #expect(ramp.color(at: 0.25) == Color(0x404040))
    #expect(ramp.color(at: 2) == Color(0xFFFFFF))
  }
}
