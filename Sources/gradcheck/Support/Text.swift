import Foundation
import GradientHealth

/// A share as people write it, without needless digits: `5`, `0.25`.
func percent(_ number: Double) -> String { String(format: "%.3g", number) }

extension String {
  /// This text with spaces up to a width.
  func padded(to width: Int) -> String {
    count >= width ? self + " " : self + String(repeating: " ", count: width - count)
  }

  /// This text as a shell takes it for one argument.
  var asArgument: String {
    let isPlain = unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0)
        || "._-/+@:".unicodeScalars.contains($0)
    }
    return isPlain && !isEmpty ? self : "'" + replacing("'", with: "'\\''") + "'"
  }

  /// This text broken at spaces into lines of at most `width` characters, those after the first indented.
  func wrapped(to width: Int, indent: String) -> String {
    lines(ofWidth: width).joined(separator: "\n" + indent)
  }
}
