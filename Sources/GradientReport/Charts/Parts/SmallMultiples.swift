import Foundation

/// A few panels of equal size, side by side and in a second row where there are more than three, with the captions of
/// their axes told once.
struct SmallMultiples {
  /// The panels, row by row.
  let frames: [Frame]
  private let all: Frame

  init(count: Int, in content: Frame, theme: Theme) {
    all = content
    let line = theme.labelFont.height
    let content = content.inset(top: line + theme.gap, bottom: line + theme.gap / 2)
    let rows = count > 3 ? 2 : 1
    let columns = max(1, (count + rows - 1) / rows)
    let gap = 2 * theme.gap
    let width = (content.width - Double(columns - 1) * gap) / Double(columns)
    let height = (content.height - Double(rows - 1) * gap) / Double(rows)
    frames = (0..<count).map { index in
      Frame(
        x: content.x + Double(index % columns) * (width + gap),
        y: content.y + Double(index / columns) * (height + gap), width: width, height: height)
    }
  }

  /// `theme` for a panel, with no more ticks than find room in it.
  func theme(_ theme: Theme) -> Theme {
    var sizes = theme
    let panel = frames.first ?? all
    let limit = min(panel.width / 65, panel.height / (3 * theme.labelFont.height))
    sizes.tickLimit = min(theme.tickLimit, max(2, Int(limit)))
    return sizes
  }

  /// What all vertical axes show, at the top left, and what the horizontal ones do, at the bottom.
  func captions(x: String, y: String, _ theme: Theme) -> [Drawing.Element] {
    [
      (y, Point(all.x, all.y), Text.Anchor(.leading, .top)),
      (x, Point(all.midX, all.maxY), Text.Anchor(.center, .bottom)),
    ].map { words, place, anchor in
      .text(
        Text(
          words, at: place, anchor, font: theme.labelFont, color: theme.secondaryInk,
          role: .caption))
    }
  }

  /// The height that the heading takes; half a line is a tick's at the top of the axis.
  static func headingHeight(_ theme: Theme) -> Double {
    theme.labelFont.height * 1.5 + theme.gap / 2
  }

  /// The name above a panel, with what else there is room for.
  static func heading(
    _ name: String, _ more: String, isAccented: Bool, in panel: Frame, _ theme: Theme
  ) -> Drawing.Element {
    let font = theme.labelFont
    let whole = more.isEmpty ? name : "\(name) · \(more)"
    let string =
      font.width(of: whole) <= panel.width ? whole : font.fitting(name: name, into: panel.width)
    return .text(
      Text(
        string, at: Point(panel.x, panel.y), .init(.leading, .top), font: font,
        color: isAccented ? theme.accentInk : theme.ink, role: .caption))
  }
}
