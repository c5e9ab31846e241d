import CLibGD
package import Foundation
import Synchronization

/// A picture in pixels, the one place that knows libgd.
///
/// Shapes are drawn at twice the size and averaged over 2 × 2 pixels, since gd's own anti-aliasing ignores a line's width;
/// then text is set at the final size, where FreeType's hinting is sharp.
package struct Canvas: ~Copyable {
  private let gd: gh_gd
  private let image: gdImagePtr
  private let font: FontFile?
  /// The pixels of the picture to one of the drawing.
  private let scale: Double

  /// gd keeps one cache of fonts for the whole process and doesn't promise that threads may share it.
  private static let textLock = Mutex(())
  /// How much larger shapes are drawn than they are shown.
  private static let supersampling = 2
  /// The size in pixels from which on letters keep apart.
  private static let legibleSize = 16.0
  /// Level 9 takes five times as long as level 6, for a tenth of the bytes.
  private static let compression: Int32 = 6

  /// Draws `drawing`, its text in `font` or, where there is none, in gd's built-in one; at 96 dots per inch a pixel of the
  /// drawing is one of the picture.
  ///
  /// - Throws: A ``Failure`` where libgd isn't installed, or can't get the memory for the picture.
  package init(
    _ drawing: Drawing, dotsPerInch: Int = 96, font: FontFile? = FontFile.find()
  ) throws(Failure) {
    guard let gd = gh_open_gd()?.pointee else { throw .noLibrary }
    let scale = Double(dotsPerInch) / 96
    let width = Int(drawing.frame.width * scale), height = Int(drawing.frame.height * scale)
    let fine = Self.supersampling
    guard let large = gd.createTrueColor(Int32(width * fine), Int32(height * fine)) else {
      throw .outOfMemory
    }
    defer { gd.destroy(large) }
    guard let image = gd.createTrueColor(Int32(width), Int32(height)) else { throw .outOfMemory }
    self.gd = gd
    self.image = image
    self.font = font
    self.scale = scale
    let brush = Brush(gd: gd, image: large, scale: scale * Double(fine))
    brush.fill(drawing.frame, drawing.background)
    for element in drawing.elements { brush.draw(element) }
    Self.average(large, into: image)
    for text in drawing.texts { set(text) }
  }

  deinit { gd.destroy(image) }

  /// Why there is no picture.
  package enum Failure: Error, CustomStringConvertible {
    case noLibrary, outOfMemory

    package var description: String {
      switch self {
      case .noLibrary:
        "charts are drawn with libgd, which isn't installed: apt-get install libgd3 (Homebrew: gd)"
      case .outOfMemory: "not enough memory for a picture"
      }
    }
  }

  /// The picture as a PNG file, with a palette unless it has too many colors for one.
  package borrowing func png() throws(Failure) -> Data {
    let runs = colorRuns
    guard let palette = Palette(runs) else { return try file(of: image) }
    guard let small = gd.createPalette(image.pointee.sx, image.pointee.sy) else {
      throw .outOfMemory
    }
    defer { gd.destroy(small) }
    for color in palette.colors {
      _ = gd.allocateColor(small, Int32(color.red), Int32(color.green), Int32(color.blue))
    }
    Self.fill(small, with: runs.runs.lazy.map { (palette.places[$0.color], $0.length) })
    return try file(of: small)
  }

  private borrowing func file(of image: gdImagePtr) throws(Failure) -> Data {
    var count: Int32 = 0
    guard let bytes = gd.png(image, &count, Self.compression) else { throw .outOfMemory }
    defer { gd.free(bytes) }
    return Data(bytes: bytes, count: Int(count))
  }

  private var colorRuns: ColorRuns {
    var runs = ColorRuns()
    let width = Int(image.pointee.sx)
    for y in 0..<Int(image.pointee.sy) {
      guard let row = image.pointee.tpixels[y] else { continue }
      var start = 0
      while start < width {
        var end = start + 1
        while end < width, row[end] == row[start] { end += 1 }
        runs.append(UInt32(bitPattern: row[start]) & 0xFFFFFF, length: end - start)
        start = end
      }
    }
    return runs
  }

  /// Sets the pixels of an image with a palette, row by row.
  private static func fill(
    _ image: gdImagePtr, with runs: some Sequence<(place: UInt8, length: Int)>
  ) {
    var x = 0, y = 0
    for run in runs {
      image.pointee.pixels[y]?.advanced(by: x).update(repeating: run.place, count: run.length)
      x += run.length
      if x == Int(image.pointee.sx) { (x, y) = (0, y + 1) }
    }
  }

  /// The color of the pixel at `x`, `y`.
  package borrowing func pixel(_ x: Int, _ y: Int) -> Color {
    Color(UInt32(bitPattern: gd.trueColorPixel(image, Int32(x), Int32(y))) & 0xFFFFFF)
  }

  /// Averages blocks of 2 × 2 pixels: the mean of each channel, taken on two channels at once.
  private static func average(_ large: gdImagePtr, into small: gdImagePtr) {
    for y in 0..<Int(small.pointee.sy) {
      guard let upper = large.pointee.tpixels[2 * y], let lower = large.pointee.tpixels[2 * y + 1],
        let target = small.pointee.tpixels[y]
      else { continue }
      for x in 0..<Int(small.pointee.sx) {
        let a = upper[2 * x], b = upper[2 * x + 1], c = lower[2 * x], d = lower[2 * x + 1]
        let redBlue = (a & 0xFF00FF) + (b & 0xFF00FF) + (c & 0xFF00FF) + (d & 0xFF00FF) + 0x020002
        let green = (a & 0x00FF00) + (b & 0x00FF00) + (c & 0x00FF00) + (d & 0x00FF00) + 0x000200
        target[x] = (redBlue >> 2) & 0xFF00FF | (green >> 2) & 0x00FF00
      }
    }
  }

  private borrowing func set(_ text: Text) {
    let box = text.box
    let color = Int32(bitPattern: text.color.packed)
    guard let font else {
      setBuiltIn(text, color)
      return
    }
    let file = text.font.isBold ? font.bold : font.regular
    let points = text.font.size * scale * 72 / 96  // gd takes points at 96 dots per inch
    // Hinted to whole pixels, a small "rn" becomes an "m", and "rnn-1" would read "mn-1": no word is there to tell.
    let isSmall = text.font.size * scale < Self.legibleSize && !text.font.isBold
    let string = isSmall ? text.string.replacing(/\brn/, with: "r\u{200A}n") : text.string
    let baseline = Int32(((box.y + text.font.ascent) * scale).rounded())
    Self.textLock.withLock { _ in
      _ = gd.stringFT(
        image, nil, color, file, points, 0, Int32((box.x * scale).rounded()), baseline, string)
    }
  }

  /// Sets text in gd's own font, which has one size that is always too narrow to leave the text's box, and Latin letters alone.
  private borrowing func setBuiltIn(_ text: Text, _ color: Int32) {
    let ascii = text.string.map { $0.isASCII ? $0 : "?" }
    let box = text.box
    let fitting = Int(box.width * scale / 6) + 1
    let top = Int32(box.midY * scale - 6)
    let glyphs = gd.smallFont()
    gd.string(image, glyphs, Int32(box.x * scale), top, String(ascii.prefix(fitting)), color)
  }
}

extension Color {
  /// The color as gd packs it.
  fileprivate var packed: UInt32 { UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue) }
}

/// Draws shapes on a gd image that is `scale` times as large as the drawing.
private struct Brush {
  let gd: gh_gd
  let image: gdImagePtr
  let scale: Double

  func draw(_ element: Drawing.Element) {
    switch element {
    case .polyline(let points, let stroke): line(points, stroke)
    case .polygon(let points, let color): polygon(points, color)
    case .rectangle(let frame, let color): fill(frame, color)
    case .disc(let center, let radius, let color): disc(center, radius, color)
    case .raster(let raster): self.raster(raster)
    case .text: break
    }
  }

  private func pixel(_ length: Double) -> Int32 {
    Int32(min(max((length * scale).rounded(), -1e6), 1e6))
  }

  /// Fills row by row: gd's own rectangle clips and sets each pixel by itself, a third of a chart's time.
  func fill(_ frame: Frame, _ color: Color) {
    let columns = pixels(from: frame.x, to: frame.maxX, below: image.pointee.sx)
    for y in pixels(from: frame.y, to: frame.maxY, below: image.pointee.sy) {
      image.pointee.tpixels[y]?.advanced(by: columns.lowerBound)
        .update(repeating: Int32(bitPattern: color.packed), count: columns.count)
    }
  }

  /// The pixels between two places, at least one so that what is thin is still seen; those of the image alone.
  private func pixels(from start: Double, to end: Double, below limit: Int32) -> Range<Int> {
    let first = pixel(start)
    let range = first..<max(first + 1, pixel(end))
    let shown = range.clamped(to: 0..<limit)
    return Int(shown.lowerBound)..<Int(shown.upperBound)
  }

  private func polygon(_ points: [Point], _ color: Color) {
    var corners = points.map { gdPoint(x: pixel($0.x), y: pixel($0.y)) }
    gd.filledPolygon(image, &corners, Int32(corners.count), Int32(bitPattern: color.packed))
  }

  private func disc(_ center: Point, _ radius: Double, _ color: Color) {
    let diameter = pixel(2 * radius)
    gd.filledEllipse(
      image, pixel(center.x), pixel(center.y), diameter, diameter, Int32(bitPattern: color.packed))
  }

  private func raster(_ raster: Raster) {
    let cell = (
      width: raster.frame.width / Double(raster.columns),
      height: raster.frame.height / Double(max(1, raster.rows))
    )
    for row in 0..<raster.rows {
      for column in 0..<raster.columns {
        fill(
          Frame(
            x: raster.frame.x + Double(column) * cell.width,
            y: raster.frame.y + Double(row) * cell.height, width: cell.width, height: cell.height),
          raster.cells[row * raster.columns + column])
      }
    }
  }

  /// A line as one quadrangle a segment, since gd's own thick lines change their width with their direction.
  private func line(_ points: [Point], _ stroke: Stroke) {
    if let dash = stroke.dash {
      for piece in Self.dashes(points, dash) {
        line(piece, Stroke(stroke.color, width: stroke.width))
      }
      return
    }
    for (start, end) in zip(points, points.dropFirst()) {
      if points.count == 2, start.x == end.x || start.y == end.y {
        straight(start, end, stroke)
        continue
      }
      let length = hypot(end.x - start.x, end.y - start.y)
      // Two points in one place have no direction.
      guard length > 0 else { continue }
      let across = Point(
        (start.y - end.y) / length * stroke.width / 2, (end.x - start.x) / length * stroke.width / 2
      )
      polygon(
        [
          Point(start.x + across.x, start.y + across.y), Point(end.x + across.x, end.y + across.y),
          Point(end.x - across.x, end.y - across.y), Point(start.x - across.x, start.y - across.y),
        ], stroke.color)
    }
    guard stroke.width > 1.5 else { return }
    for joint in points.dropFirst().dropLast() { disc(joint, stroke.width / 2, stroke.color) }
  }

  /// A horizontal or vertical segment, as a rectangle that lies on whole pixels.
  private func straight(_ start: Point, _ end: Point, _ stroke: Stroke) {
    let half = stroke.width / 2
    if start.y == end.y {
      let x = min(start.x, end.x)
      fill(
        Frame(
          x: x, y: (start.y - half).rounded(), width: abs(end.x - start.x), height: stroke.width),
        stroke.color)
    } else {
      let y = min(start.y, end.y)
      fill(
        Frame(
          x: (start.x - half).rounded(), y: y, width: stroke.width, height: abs(end.y - start.y)),
        stroke.color)
    }
  }

  /// The pieces of a dashed line: each `dash` long, with gaps as long between them.
  private static func dashes(_ points: [Point], _ dash: Double) -> [[Point]] {
    var pieces: [[Point]] = []
    var piece: [Point] = points.first.map { [$0] } ?? []
    var left = dash
    var isDrawn = true
    for (start, end) in zip(points, points.dropFirst()) {
      var from = start
      var length = hypot(end.x - from.x, end.y - from.y)
      while length > left, length.isFinite {
        let part = left / length
        from = Point(from.x + (end.x - from.x) * part, from.y + (end.y - from.y) * part)
        if isDrawn { pieces.append(piece + [from]) }
        piece = [from]
        isDrawn.toggle()
        length -= left
        left = dash
      }
      left -= length
      if isDrawn { piece.append(end) } else { piece = [end] }
    }
    if isDrawn, piece.count > 1 { pieces.append(piece) }
    return pieces
  }
}
