import Foundation
import GradientReport
import Testing

struct SVGPictureTests {
  private let blue = Color(0x0072B2)

  private func svg(_ elements: [Drawing.Element]) -> [String] {
    let drawing = Drawing(
      frame: Frame(x: 0, y: 0, width: 60, height: 40), background: Color(0xFFFFFF),
      elements: elements)
    return SVGPicture(drawing).text(description: "δ < 1 & \"x\"")
      .split(separator: "\n").map(String.init)
  }

  @Test func itHasTheDrawingsSizeAndSaysWhatItShows() {
    let lines = svg([])
    #expect(lines[0].contains("width=\"60\" height=\"40\" viewBox=\"0 0 60 40\" role=\"img\""))
    #expect(lines[1] == "<title>δ &lt; 1 &amp; &quot;x&quot;</title>")
    #expect(lines[2] == "<rect x=\"0\" y=\"0\" width=\"60\" height=\"40\" fill=\"#FFFFFF\"/>")
    #expect(lines.last == "</svg>")
  }

  @Test func shapesAreWhatTheyAre() {
    let stroke = Stroke(blue, width: 2, dash: 6)
    let lines = svg([
      .line(Point(1, 2), Point(3.456, 4), stroke), .polygon([Point(0, 0), Point(1, 1)], blue),
      .disc(center: Point(5, 6), radius: 3, blue),
    ])
    #expect(
      lines[3] == "<polyline points=\"1,2 3.46,4\" fill=\"none\" stroke=\"#0072B2\" "
        + "stroke-width=\"2\" stroke-linejoin=\"round\" stroke-dasharray=\"6\"/>")
    #expect(lines[4] == "<polygon points=\"0,0 1,1\" fill=\"#0072B2\"/>")
    #expect(lines[5] == "<circle cx=\"5\" cy=\"6\" r=\"3\" fill=\"#0072B2\"/>")
  }

  @Test func equalNeighborsAreOneRectangle() {
    let white = Color(0xFFFFFF)
    let raster = Raster(
      frame: Frame(x: 0, y: 0, width: 30, height: 20), columns: 3,
      cells: [blue, blue, white, white, white, white])
    let lines = svg([.raster(raster)])
    #expect(lines.count { $0.hasPrefix("<rect ") } == 1 + 3)
    #expect(
      lines.contains("<rect x=\"20\" y=\"0\" width=\"10\" height=\"10.5\" fill=\"#FFFFFF\"/>"))
  }

  @Test func textIsNeverObeyed() {
    let text = Text(
      "</text><script>\u{FFFE}]]>", at: Point(1, 1), .init(.leading, .top),
      font: Font(10, bold: true),
      color: blue, role: .mark)
    let line = svg([.text(text)])[3]
    #expect(line.contains(">&lt;/text&gt;&lt;script&gt;\u{FFFD}]]&gt;</text>"))
    #expect(line.contains("font-weight=\"bold\""))
  }

  @Test(arguments: LayoutTests.runs.indices)
  func everyChartIsWellFormed(index: Int) throws {
    let sample = LayoutTests.runs[index].run
    let drawing = OverviewSheet(
      try RunDigest(sample.trace, sample.diagnosis), sample.diagnosis
    ).drawing(theme: .dark)
    let text = SVGPicture(drawing).text(description: "overview")
    #expect(text.count { $0 == "<" } == text.count { $0 == ">" })
    // Nothing is fetched.
    #expect(!text.replacing("http://www.w3.org/2000/svg", with: "").contains("http"))
  }

  @Test func aPictureOfTwiceTheResolutionIsTwiceAsLarge() throws {
    let drawing = Drawing(
      frame: Frame(x: 0, y: 0, width: 60, height: 40), background: Color(0xFFFFFF),
      elements: [.rectangle(Frame(x: 10, y: 5, width: 20, height: 10), blue)])
    let canvas = try Canvas(drawing, dotsPerInch: 192)
    #expect(canvas.pixel(20, 10) == blue && canvas.pixel(59, 29) == blue)
    #expect(canvas.pixel(19, 10) == Color(0xFFFFFF) && canvas.pixel(119, 79) == Color(0xFFFFFF))
  }
}
