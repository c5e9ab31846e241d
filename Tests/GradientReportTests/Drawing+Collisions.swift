import GradientReport
import Testing

extension Drawing {
  /// Texts that leave the picture or touch another, in words.
  var collisions: [String] {
    var found = texts.filter { !frame.contains($0.box) }
      .map { "\"\($0.string)\" leaves the picture" }
    for (index, text) in texts.enumerated() {
      for other in texts[(index + 1)...] where text.box.overlaps(other.box) {
        found.append("\"\(text.string)\" touches \"\(other.string)\"")
      }
    }
    return found
  }

  /// Whether everything has a place.
  var isFinite: Bool {
    elements.allSatisfy { element in
      switch element {
      case .polyline(let points, _), .polygon(let points, _):
        points.allSatisfy { $0.x.isFinite && $0.y.isFinite }
      case .rectangle(let frame, _): frame.isFinite
      case .disc(let center, let radius, _):
        center.x.isFinite && center.y.isFinite && radius.isFinite
      case .raster(let raster): raster.frame.isFinite
      case .text(let text): text.box.isFinite
      }
    }
  }
}

extension Frame {
  fileprivate var isFinite: Bool { [x, y, width, height].allSatisfy(\.isFinite) }
}

/// Records an issue where a drawing's text can't be read, or something has no place.
func expectNoCollision(_ drawing: Drawing, _ name: String) {
  let found = drawing.collisions
  #expect(found.isEmpty, "\(name): \(found.prefix(3).joined(separator: "; "))")
  #expect(drawing.texts.allSatisfy { $0.font.size >= 11 }, "\(name): text below 11 pixels")
  #expect(!drawing.texts.contains { $0.string.isEmpty }, "\(name): empty text")
  #expect(drawing.isFinite, "\(name): something has no place")
}
