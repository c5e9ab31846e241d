import Foundation

/// The pictures of a page of Markdown as data in it, so that the page is one file.
///
/// Their data stand at the end, where they are in nobody's way who reads the page as text.
struct EmbeddedPictures {
  /// The bytes of each picture, as PNG.
  var pictures: [(name: String, bytes: Data)]

  /// A block of the page: a picture refers to its data.
  func block(_ block: String) -> String {
    guard let picture = block.wholeMatch(of: /(!\[.*\])\(([^()]*)\)/),
      pictures.contains(where: { $0.name == picture.output.2 })
    else { return block }
    return "\(picture.output.1)[\(picture.output.2)]"
  }

  /// The data of each picture, a line each.
  var definitions: String {
    pictures.map { "[\($0.name)]: \(Self.address($0.bytes))" }.joined(separator: "\n")
  }

  /// A picture's bytes as an address.
  static func address(_ png: Data) -> String {
    "data:image/png;base64,\(png.base64EncodedString())"
  }
}
