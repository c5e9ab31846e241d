import Foundation

/// A picture of a page, in light and in dark colors.
struct ThemedPicture: Equatable {
  /// The address of the picture in light colors.
  var light: String
  /// That of the picture in dark ones.
  var dark: String

  /// The picture as HTML, `text` telling what it shows: the dark one on a screen that asks for it, the light one on paper.
  func html(text: String) -> String {
    "<picture><source media=\"screen and (prefers-color-scheme: dark)\" srcset=\"\(dark)\">"
      + "<img alt=\"\(text)\" src=\"\(light)\"></picture>"
  }

  /// The pictures by the names of their files, with what is in these as their addresses.
  static func addresses(
    light: [(name: String, bytes: Data)], dark: [(name: String, bytes: Data)]
  ) -> [String: ThemedPicture] {
    let pairs = zip(light, dark).map { light, dark in
      let addresses = [light, dark].map { EmbeddedPictures.address($0.bytes) }
      return (light.name, ThemedPicture(light: addresses[0], dark: addresses[1]))
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }
}
