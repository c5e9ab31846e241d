/// Something that delivers bytes from its beginning to its end: a file, or a member of an archive.
public protocol ByteReader: AnyObject {
  /// The file as the user named it, with the member where it is an archive's.
  var path: String { get }

  /// Fills `buffer` from `offset` on, as far as one read goes, and returns how many bytes came: 0 at the end.
  func read(into buffer: inout [UInt8], at offset: Int) throws(InputError) -> Int
}

extension ByteReader {
  /// The next `count` bytes, or fewer if it ends before.
  ///
  /// Memory is taken as bytes arrive: `count` may be what a hostile file claims.
  public func bytes(upTo count: Int) throws(InputError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let filled = bytes.count
      bytes += [UInt8](repeating: 0, count: min(count - filled, 1 << 18))
      let more = try read(into: &bytes, at: filled)
      bytes.removeLast(bytes.count - filled - more)
      if more == 0 { break }
    }
    return bytes
  }

  /// Whether nothing is left to read; a byte that was is lost.
  public func isAtEnd() throws(InputError) -> Bool { try bytes(upTo: 1).isEmpty }
}

extension FileReader: ByteReader {}
