import Foundation
import GzipIO

/// The files of DejaVu Sans on this machine.
package struct FontFile: Sendable, Equatable {
  package var regular: String
  package var bold: String

  /// The variable of the environment that names the one folder to look in.
  package static let variable = "GRADCHECK_FONTS"
  /// Where distributions, Homebrew and users keep fonts.
  private static let usualFolders = [
    "/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu", "/usr/share/fonts/TTF",
    "/usr/share/fonts/dejavu-sans-fonts", "/usr/local/share/fonts", "/opt/homebrew/share/fonts",
    "/Library/Fonts",
  ]

  /// The folders that are looked in.
  private static var folders: [String] {
    getenv(variable).map { [String(cString: $0)] } ?? usualFolders
  }

  /// The folders that are looked in, for a message.
  package static var searched: String {
    folders.count == 1
      ? folders[0].quotable : "\(usualFolders[0]) or \(usualFolders.count - 1) other folders"
  }

  /// The font as found in the first of `folders` that holds it, or nil if none does.
  package static func find(in folders: [String] = Self.folders) -> FontFile? {
    for folder in folders {
      let regular = folder + "/DejaVuSans.ttf"
      let bold = folder + "/DejaVuSans-Bold.ttf"
      guard FileManager.default.isReadableFile(atPath: regular) else { continue }
      let hasBold = FileManager.default.isReadableFile(atPath: bold)
      return FontFile(regular: regular, bold: hasBold ? bold : regular)
    }
    return nil
  }
}
