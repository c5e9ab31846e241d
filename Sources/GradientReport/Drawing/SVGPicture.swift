import Foundation

/// A drawing as an SVG file, which stays sharp at any size.
///
/// Its text is text, in DejaVu Sans where that is installed; each line is told its width, so that it keeps to its place in
/// another font. It names nothing outside and holds no script.
package struct SVGPicture {
  private let drawing: Drawing

  package init(_ drawing: Drawing) { self.drawing = drawing }

  /// The file, in which `description` says what the picture shows, for someone who can't see it.
  package func text(description: String) -> String {
    let frame = drawing.frame
    let size = "\(number(frame.width)) \(number(frame.height))"
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(number(frame.width))\" "
        + "height=\"\(number(frame.height))\" viewBox=\"0 0 \(size)\" role=\"img\" "
        + "font-family=\"'DejaVu Sans', Verdana, sans-serif\">",
      "<title>\(HTML.text(description))</title>",
      rectangle(frame, drawing.background),
    ]
    lines += drawing.elements.map(line)
    return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private func line(_ element: Drawing.Element) -> String {
    switch element {
    case .polyline(let points, let stroke): polyline(points, stroke)
    case .polygon(let points, let color):
      "<polygon points=\"\(list(points))\" fill=\"\(color.hexadecimal)\"/>"
    case .rectangle(let frame, let color): rectangle(frame, color)
    case .disc(let center, let radius, let color):
      "<circle cx=\"\(number(center.x))\" cy=\"\(number(center.y))\" r=\"\(number(radius))\" "
        + "fill=\"\(color.hexadecimal)\"/>"
    case .raster(let raster): self.raster(raster)
    case .text(let text): self.text(text)
    }
  }

  private func polyline(_ points: [Point], _ stroke: Stroke) -> String {
    let dash = stroke.dash.map { " stroke-dasharray=\"\(number($0))\"" } ?? ""
    return
      "<polyline points=\"\(list(points))\" fill=\"none\" stroke=\"\(stroke.color.hexadecimal)\" "
      + "stroke-width=\"\(number(stroke.width))\" stroke-linejoin=\"round\"\(dash)/>"
  }

  private func rectangle(_ frame: Frame, _ color: Color) -> String {
    "<rect x=\"\(number(frame.x))\" y=\"\(number(frame.y))\" width=\"\(number(frame.width))\" "
      + "height=\"\(number(frame.height))\" fill=\"\(color.hexadecimal)\"/>"
  }

  /// A grid of cells; neighbors of one color in a row are one rectangle.
  ///
  /// Each reaches below what comes after it, which leaves no gaps.
  private func raster(_ raster: Raster) -> String {
    let width = raster.frame.width / Double(raster.columns)
    let height = raster.frame.height / Double(max(1, raster.rows))
    var parts = ["<g shape-rendering=\"crispEdges\">"]
    for row in 0..<raster.rows {
      let cells = raster.cells[row * raster.columns..<(row + 1) * raster.columns]
      var start = cells.startIndex
      while start < cells.endIndex {
        let end = cells[start...].firstIndex { $0 != cells[start] } ?? cells.endIndex
        let x = raster.frame.x + Double(start - cells.startIndex) * width
        let y = raster.frame.y + Double(row) * height
        let place = Frame(
          x: x, y: y, width: raster.frame.maxX - x,
          height: min(height + 0.5, raster.frame.maxY - y))
        parts.append(rectangle(place, cells[start]))
        start = end
      }
    }
    return (parts + ["</g>"]).joined(separator: "\n")
  }

  private func text(_ text: Text) -> String {
    let box = text.box
    let weight = text.font.isBold ? " font-weight=\"bold\"" : ""
    return "<text x=\"\(number(box.x))\" y=\"\(number(box.y + text.font.ascent))\" "
      + "font-size=\"\(number(text.font.size))\"\(weight) fill=\"\(text.color.hexadecimal)\" "
      + "textLength=\"\(number(box.width))\" lengthAdjust=\"spacingAndGlyphs\">"
      + "\(HTML.text(text.string))</text>"
  }

  private func list(_ points: [Point]) -> String {
    points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }

  /// A length with two decimals at most.
  private func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
  }
}
