import Foundation

/// Places for a few panels of equal size, side by side and in a second row where there are more than three.
struct SmallMultiples {
  /// The places, row by row.
  let frames: [Frame]

  init(count: Int, in content: Frame, theme: Theme) {
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
    let width = frames.first?.width ?? 0
    sizes.tickLimit = min(theme.tickLimit, max(2, Int(width / 65)))
    return sizes
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
