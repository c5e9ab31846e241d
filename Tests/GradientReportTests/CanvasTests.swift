import Foundation
import GradientReport
import Testing

struct CanvasTests {
  private let white = Color(0xFFFFFF)
  private let blue = Color(0x0072B2)

  private func canvas(_ elements: [Drawing.Element], font: FontFile? = .find()) throws -> Canvas {
    try Canvas(
      Drawing(
        frame: Frame(x: 0, y: 0, width: 60, height: 40), background: white, elements: elements),
      font: font)
  }

  @Test func aRectangleFillsItsPixels() throws {
    let canvas = try canvas([.rectangle(Frame(x: 10, y: 5, width: 20, height: 10), blue)])
    #expect(canvas.pixel(10, 5) == blue)
    #expect(canvas.pixel(29, 14) == blue)
    #expect(canvas.pixel(30, 14) == white)
    #expect(canvas.pixel(9, 5) == white)
  }

  @Test func whatLiesOutsideIsCutOff() throws {
    let canvas = try canvas([
      .rectangle(Frame(x: -20, y: -5, width: 30, height: 10), blue),
      .rectangle(Frame(x: 55, y: 35, width: 1e9, height: 1e9), blue),
      .rectangle(Frame(x: -30, y: 10, width: 20, height: 10), blue),
      .rectangle(Frame(x: 10, y: 90, width: 20, height: 10), blue),
    ])
    #expect(canvas.pixel(0, 0) == blue && canvas.pixel(9, 4) == blue)
    #expect(canvas.pixel(10, 4) == white && canvas.pixel(9, 5) == white)
    #expect(canvas.pixel(55, 35) == blue && canvas.pixel(59, 39) == blue)
    #expect(canvas.pixel(0, 15) == white && canvas.pixel(15, 39) == white)
  }

  @Test func whatIsThinIsStillSeen() throws {
    let canvas = try canvas([.rectangle(Frame(x: 10, y: 5, width: 0, height: 10), Color(0))])
    #expect(canvas.pixel(10, 8) != white && canvas.pixel(11, 8) == white)
  }

  @Test func anEdgeBetweenPixelsIsAveraged() throws {
    let canvas = try canvas([.rectangle(Frame(x: 10.5, y: 5, width: 20, height: 10), Color(0))])
    let half = canvas.pixel(10, 8)
    #expect((126...129).contains(half.red))
    #expect(half.red == half.green && half.green == half.blue)
  }

  @Test func aLineKeepsItsWidthInEveryDirection() throws {
    let stroke = Stroke(Color(0), width: 4)
    let canvas = try canvas([.line(Point(5, 5), Point(35, 35), stroke)])
    let row = (0..<60).map { Double(255 - canvas.pixel($0, 20).red) / 255 }
    // Across a diagonal a row cuts √2 times the width.
    #expect(abs(row.reduce(0, +) - 4 * 2.0.squareRoot()) < 1)
  }

  @Test func aLineMayRestWhereItIs() throws {
    let points = [Point(5, 5), Point(5, 5), Point(30, 20), Point(30, 20)]
    let canvas = try canvas([.polyline(points, Stroke(blue, width: 3))])
    #expect(canvas.pixel(15, 11) == blue)
  }

  @Test func aDashedLineHasGaps() throws {
    let canvas = try canvas([
      .line(Point(0, 20), Point(60, 20), Stroke(blue, width: 2, dash: 10))
    ])
    #expect(canvas.pixel(5, 20) == blue)
    #expect(canvas.pixel(15, 20) == white)
    #expect(canvas.pixel(25, 20) == blue)
  }

  @Test func aRasterShowsItsCells() throws {
    let raster = Raster(
      frame: Frame(x: 0, y: 0, width: 20, height: 10), columns: 2,
      cells: [blue, white, white, Color(0)])
    let canvas = try canvas([.raster(raster)])
    #expect(canvas.pixel(5, 2) == blue)
    #expect(canvas.pixel(15, 2) == white)
    #expect(canvas.pixel(15, 7) == Color(0))
  }

  @Test(arguments: [FontFile.find(), nil])
  func textStaysWithinItsBox(font: FontFile?) throws {
    let text = Text(
      "δ of W-1", at: Point(5, 10), .init(.leading, .top), font: Font(11), color: Color(0),
      role: .body)
    let canvas = try canvas([.text(text)], font: font)
    var inked = 0
    for y in 0..<40 {
      for x in 0..<60 where canvas.pixel(x, y) != white {
        inked += 1
        let pixel = Frame(x: Double(x), y: Double(y), width: 1, height: 1)
        #expect(text.box.inset(leading: -1, top: -1, trailing: -1, bottom: -1).contains(pixel))
      }
    }
    #expect(inked > 40)
  }

  /// Small letters are hinted to whole pixels; "rnn-1" must not read "mn-1".
  @Test func aSmallRIsKeptApartFromTheN() throws {
    let font = try #require(FontFile.find())
    for size in [11.0, 12, 13] {
      let text = Text(
        "rn", at: Point(5, 10), .init(.leading, .top), font: Font(size), color: Color(0),
        role: .tick)
      let canvas = try canvas([.text(text)], font: font)
      // A column without ink parts the letters.
      let inked = (0..<60).map { x in (0..<40).contains { canvas.pixel(x, $0).luminance < 0.5 } }
      let first = try #require(inked.firstIndex(of: true)),
        last = try #require(inked.lastIndex(of: true))
      #expect(inked[first...last].contains(false), "at \(size) pixels")
    }
  }

  @Test func thePictureIsAPNG() throws {
    let bytes = try canvas([]).png()
    #expect(bytes.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    #expect(bytes.dropFirst(16).prefix(8) == Data([0, 0, 0, 60, 0, 0, 0, 40]))
  }

  @Test func aFolderWithoutTheFontHasNone() {
    #expect(FontFile.find(in: ["/nonexistent"]) == nil)
  }
}
