/// A picture as a list of what is to be drawn, back to front.
///
/// Charts make drawings, `Canvas` turns them into pixels; so a chart is tested without any pixel.
package struct Drawing: Sendable, Equatable {
  /// The size at which the picture is shown.
  package var frame: Frame
  /// What lies behind everything.
  package var background: Color
  /// What is drawn, back to front.
  package var elements: [Element]

  /// Something to draw.
  package enum Element: Sendable, Equatable {
    /// A line from point to point, with round joints.
    case polyline([Point], Stroke)
    /// A filled area.
    case polygon([Point], Color)
    /// A filled rectangle.
    case rectangle(Frame, Color)
    /// A filled circle.
    case disc(center: Point, radius: Double, Color)
    /// Cells of color in a grid.
    case raster(Raster)
    /// A line of text.
    case text(Text)

    /// A straight line.
    package static func line(_ start: Point, _ end: Point, _ stroke: Stroke) -> Element {
      .polyline([start, end], stroke)
    }
  }

  /// Creates a drawing.
  package init(frame: Frame, background: Color, elements: [Element] = []) {
    self.frame = frame
    self.background = background
    self.elements = elements
  }

  /// The lines of text on this drawing.
  package var texts: [Text] {
    elements.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }
}

/// How a line is drawn.
package struct Stroke: Sendable, Equatable {
  package var color: Color
  package var width: Double
  /// The length of a dash and of the gap behind it; nil for a solid line.
  package var dash: Double?

  package init(_ color: Color, width: Double, dash: Double? = nil) {
    self.color = color
    self.width = width
    self.dash = dash
  }
}

/// A grid of equal cells that fills a frame, row by row from the top left.
package struct Raster: Sendable, Equatable {
  package var frame: Frame
  package var columns: Int
  package var cells: [Color]

  package init(frame: Frame, columns: Int, cells: [Color]) {
    precondition(
      columns > 0 && cells.count.isMultiple(of: columns),
      "expected rows of \(columns) cells, got \(cells.count) cells")
    self.frame = frame
    self.columns = columns
    self.cells = cells
  }

  package var rows: Int { cells.count / columns }
}

/// A line of text, hung up at a point.
package struct Text: Sendable, Equatable {
  package var string: String
  package var position: Point
  package var anchor: Anchor
  package var font: Font
  package var color: Color
  package var role: Role

  /// Which point of the text's box lies at its position.
  package struct Anchor: Sendable, Equatable {
    package enum Horizontal: Sendable { case leading, center, trailing }
    package enum Vertical: Sendable { case top, middle, bottom }
    package var horizontal: Horizontal
    package var vertical: Vertical

    package init(_ horizontal: Horizontal, _ vertical: Vertical) {
      self.horizontal = horizontal
      self.vertical = vertical
    }
  }

  /// What a text is there for.
  package enum Role: Sendable { case title, subtitle, tick, caption, mark, body }

  package init(
    _ string: String, at position: Point, _ anchor: Anchor, font: Font, color: Color, role: Role
  ) {
    self.string = string
    self.position = position
    self.anchor = anchor
    self.font = font
    self.color = color
    self.role = role
  }

  /// The box that the text takes up.
  package var box: Frame {
    let width = font.width(of: string)
    let x =
      switch anchor.horizontal {
      case .leading: position.x
      case .center: position.x - width / 2
      case .trailing: position.x - width
      }
    let y =
      switch anchor.vertical {
      case .top: position.y
      case .middle: position.y - font.height / 2
      case .bottom: position.y - font.height
      }
    return Frame(x: x, y: y, width: width, height: font.height)
  }
}
