import Foundation
import GradientReport
import Testing

struct PaletteTests {
  private func palette(_ pixels: [(UInt32, Int)]) -> (palette: Palette?, runs: ColorRuns) {
    var runs = ColorRuns()
    for (color, length) in pixels { runs.append(color, length: length) }
    return (Palette(runs), runs)
  }

  @Test func fewColorsStayAsTheyAre() throws {
    let shades = (0..<256).map { (UInt32($0) << 16 | 0x1234, 1 + $0) }
    let (palette, runs) = palette(shades + shades)
    let found = try #require(palette)
    #expect(runs.colors.count == 256 && runs.counts[3] == 8)
    #expect(found.colors.count == 256)
    #expect(zip(runs.colors, found.places).allSatisfy { found.colors[Int($1)] == $0 })
  }

  /// A thousand shades of gray, and among them a dot of another color, which no gray may stand for.
  @Test func aRareColorIsNotLost() throws {
    let grays = (0..<1000).map { step -> (UInt32, Int) in
      let level = UInt32(step * 255 / 999)
      return (level << 16 | level << 8 | UInt32(step % 200), 50)
    }
    let (palette, runs) = palette([(0xFFFFFF, 100_000)] + grays + [(0xFF00FF, 4)])
    let found = try #require(palette)
    #expect(found.colors.count == Palette.size)
    #expect(found.colors.first == Color(0xFFFFFF), "the background is exact")
    let dot = try #require(runs.colors.firstIndex(of: Color(0xFF00FF)))
    #expect(found.colors[Int(found.places[dot])] == Color(0xFF00FF))
    for (color, place) in zip(runs.colors, found.places) {
      let other = found.colors[Int(place)]
      #expect(abs(Int(color.green) - Int(other.green)) < 24)
    }
  }

  @Test func aPictureWithoutEndOfColorsHasNone() {
    #expect(palette((0..<9000).map { (UInt32($0) * 1861, 1) }).palette == nil)
    #expect(palette([]).palette == nil)
  }

  /// The kind of a PNG's pixels stands in its header: 3 for a palette, 2 for colors of their own.
  @Test func aPictureIsWrittenInItsPaletteWhereItHasOne() throws {
    func kind(_ colors: Int) throws -> UInt8 {
      let cells = (0..<colors).map { Color(UInt32($0) * 1861) }
      let frame = Frame(x: 0, y: 0, width: Double(colors / 10), height: 10)
      let drawing = Drawing(
        frame: frame, background: Color(0xFFFFFF),
        elements: [.raster(Raster(frame: frame, columns: colors / 10, cells: cells))])
      let png = try Canvas(drawing).png()
      #expect(png.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
      return png[25]
    }
    #expect(try kind(200) == 3)
    #expect(try kind(2000) == 3)
    #expect(try kind(9000) == 2)
  }
}
