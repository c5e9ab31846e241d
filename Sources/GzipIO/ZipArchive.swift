/// A zip archive, as NPZ files are: its members by name, each read as a stream.
///
/// Members are stored or deflated, also with the 64-bit sizes of large archives; encrypted ones and those in several
/// parts are refused. Nothing is believed but what lies within the file; what is delivered of all members together is
/// limited.
public final class ZipArchive {
  /// The file as the user named it.
  public var path: String { file.path }
  /// The members' names, in the order of the directory.
  public var names: [String] { members.map(\.name) }

  let file: RandomAccessFile
  private let members: [ZipMember]
  private let limit: Int
  private var delivered = 0

  /// Opens the archive at `path`, of which at most `limit` bytes, unpacked, will be read.
  ///
  /// - Throws: An ``InputError`` if it can't be opened, or if its directory is damaged.
  public init(path: String, limit: Int = FileReader.defaultLimit) throws(InputError) {
    file = try RandomAccessFile(path: path)
    members = try ZipMember.directory(of: file)
    self.limit = limit
  }

  /// A reader of the member called `name`; nil if there is none.
  ///
  /// - Throws: An ``InputError`` if the member is packed in a way that isn't supported, or damaged.
  public func reader(of name: String) throws(InputError) -> (any ByteReader)? {
    guard let member = members.first(where: { $0.name == name }) else { return nil }
    let title = "\(path)(\(name))"
    guard member.flags & 0x41 == 0 else {
      throw InputError(file: title, "is encrypted, which isn't supported")
    }
    guard [0, 8].contains(member.method) else {
      throw InputError(
        file: title,
        "is packed by method \(member.method), expected 0 (stored) or 8 (deflated)")
    }
    let header = try file.bytes(at: member.offset, count: 30)
    guard header.count == 30, header.number(at: 0, size: 4) == 0x0403_4b50 else {
      throw InputError(file: title, "damaged: no member begins where the directory says")
    }
    let start =
      member.offset + 30 + (header.number(at: 26, size: 2) ?? 0)
      + (header.number(at: 28, size: 2) ?? 0)
    guard start <= file.size, member.packedSize <= file.size - start else {
      throw InputError(file: title, "damaged: the member reaches past the end of the file")
    }
    return try ZipMemberReader(self, member, path: title, start: start)
  }

  /// Counts `count` bytes that a member has delivered.
  func deliver(_ count: Int) throws(InputError) {
    delivered += count
    guard delivered <= limit else {
      throw InputError(file: path, "larger than the limit of \(byteCount(limit))")
    }
  }
}
