import CZlib
import Foundation

/// A zip archive, as NPZ files are: its members by name, each read as a stream.
///
/// Members are stored or deflated, also with the 64-bit sizes of large archives; encrypted ones and those in several
/// parts are refused. Nothing is believed but what lies within the file; what is delivered of all members together is
/// limited.
public final class ZipArchive {
  /// A member, as the archive's directory describes it.
  struct Member {
    var name: String
    var flags: Int
    var method: Int
    var checksum: UInt32
    var packedSize: Int
    var size: Int
    /// Where its local header lies.
    var offset: Int
  }

  /// The file as the user named it.
  public let path: String
  /// The members' names, in the order of the directory.
  public var names: [String] { members.map(\.name) }

  private let descriptor: Int32
  private let fileSize: Int
  private let limit: Int
  private var members: [Member] = []
  fileprivate var delivered = 0

  /// Opens the archive at `path`, of which at most `limit` bytes, unpacked, will be read.
  ///
  /// - Throws: An ``InputError`` if it can't be opened, or if its directory is damaged.
  public init(path: String, limit: Int = FileReader.defaultLimit) throws(InputError) {
    guard !path.utf8.contains(0) else { throw InputError(file: path, "no such file") }
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    self.path = path
    self.limit = limit
    guard descriptor >= 0 else {
      throw InputError(
        file: path, errno == ENOENT ? "no such file" : "can't be read: \(lastSystemError())")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw InputError(file: path, "is no regular file, which an archive has to be")
    }
    fileSize = Int(status.st_size)
    do throws(InputError) { members = try directory() } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

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
    let header = try bytes(at: member.offset, count: 30)
    guard header.count == 30, header.number(at: 0, size: 4) == 0x0403_4b50 else {
      throw InputError(file: title, "damaged: no member begins where the directory says")
    }
    let start =
      member.offset + 30 + (header.number(at: 26, size: 2) ?? 0)
      + (header.number(at: 28, size: 2) ?? 0)
    guard start <= fileSize, member.packedSize <= fileSize - start else {
      throw InputError(file: title, "damaged: the member reaches past the end of the file")
    }
    return try ZipMemberReader(self, member, path: title, start: start)
  }

  /// Reads the directory at the archive's end.
  private func directory() throws(InputError) -> [Member] {
    let tailSize = min(fileSize, 22 + 65535)
    let tailStart = fileSize - tailSize
    let tail = try bytes(at: tailStart, count: tailSize)
    guard
      let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: {
        tail.number(at: $0, size: 4) == 0x0605_4b50
      })
    else { throw InputError(file: path, "is no zip archive, or it is cut off") }
    var size = tail.number(at: end + 12, size: 4) ?? 0
    var start = tail.number(at: end + 16, size: 4) ?? 0
    if size == 0xffff_ffff || start == 0xffff_ffff, end >= 20,
      tail.number(at: end - 20, size: 4) == 0x0706_4b50
    {
      // The archive is large: a second record holds 64-bit numbers.
      let record = try bytes(at: tail.number(at: end - 12, size: 8) ?? -1, count: 56)
      guard record.number(at: 0, size: 4) == 0x0606_4b50,
        let largeSize = record.number(at: 40, size: 8),
        let largeStart = record.number(at: 48, size: 8)
      else { throw damaged() }
      (size, start) = (largeSize, largeStart)
    }
    guard start <= tailStart + end, size <= tailStart + end - start else { throw damaged() }
    let bytes = try bytes(at: start, count: size)
    guard bytes.count == size else { throw damaged() }
    var members: [Member] = []
    var position = 0
    while position < bytes.count {
      guard let (member, next) = member(in: bytes, at: position) else { throw damaged() }
      members.append(member)
      position = next
    }
    return members
  }

  private func damaged() -> InputError {
    InputError(file: path, "the directory of the zip archive is damaged")
  }

  /// The directory's entry at `position`, and where the next one begins.
  private func member(in bytes: [UInt8], at position: Int) -> (Member, Int)? {
    func number(_ offset: Int, _ size: Int) -> Int? {
      bytes.number(at: position + offset, size: size)
    }
    guard number(0, 4) == 0x0201_4b50, let flags = number(8, 2), let method = number(10, 2),
      let checksum = number(16, 4), let packedSize = number(20, 4), let size = number(24, 4),
      let nameLength = number(28, 2), let extraLength = number(30, 2),
      let commentLength = number(32, 2), let offset = number(42, 4)
    else { return nil }
    let nameStart = position + 46
    let extraStart = nameStart + nameLength
    let next = extraStart + extraLength + commentLength
    guard next <= bytes.count else { return nil }
    var member = Member(
      name: String(decoding: bytes[nameStart..<extraStart], as: UTF8.self), flags: flags,
      method: method, checksum: UInt32(checksum), packedSize: packedSize, size: size,
      offset: offset)
    guard member.takeLargeSizes(from: bytes, in: extraStart..<extraStart + extraLength) else {
      return nil
    }
    return (member, next)
  }

  /// At most `count` bytes from `offset` on; fewer at the file's end.
  fileprivate func bytes(at offset: Int, count: Int) throws(InputError) -> [UInt8] {
    guard offset >= 0, offset < fileSize else { return [] }
    var bytes = [UInt8](repeating: 0, count: min(count, fileSize - offset))
    var filled = 0
    while filled < bytes.count {
      let read = bytes.withUnsafeMutableBytes { bytes in
        retryingWhenInterrupted {
          pread(
            descriptor, bytes.baseAddress.map { $0 + filled }, bytes.count - filled,
            off_t(offset + filled))
        }
      }
      guard read >= 0 else {
        throw InputError(file: path, "can't be read: \(lastSystemError())")
      }
      if read == 0 { break }
      filled += read
    }
    return Array(bytes[..<filled])
  }

  /// Counts `count` bytes that a member has delivered.
  fileprivate func deliver(_ count: Int) throws(InputError) {
    delivered += count
    guard delivered <= limit else {
      throw InputError(file: path, "larger than the limit of \(byteCount(limit))")
    }
  }
}

extension ZipArchive.Member {
  /// Takes from the extra field what doesn't fit into 32 bits; false if it should be there and isn't.
  fileprivate mutating func takeLargeSizes(from bytes: [UInt8], in range: Range<Int>) -> Bool {
    let missing: [WritableKeyPath<Self, Int>] = [\.size, \.packedSize, \.offset].filter {
      self[keyPath: $0] == 0xffff_ffff
    }
    guard !missing.isEmpty else { return true }
    var position = range.lowerBound
    while position + 4 <= range.upperBound {
      let length = bytes.number(at: position + 2, size: 2) ?? 0
      if bytes.number(at: position, size: 2) == 1 {
        guard length >= 8 * missing.count, position + 4 + length <= range.upperBound else {
          return false
        }
        for (index, field) in missing.enumerated() {
          guard let value = bytes.number(at: position + 4 + 8 * index, size: 8) else {
            return false
          }
          self[keyPath: field] = value
        }
        return true
      }
      position += 4 + length
    }
    return false
  }
}

/// The bytes of one member, unpacked.
private final class ZipMemberReader: ByteReader {
  let path: String
  private let archive: ZipArchive
  private let member: ZipArchive.Member
  private var position: Int
  private let end: Int
  private var input: [UInt8] = []
  private var inputPosition = 0
  /// zlib keeps the address of its state, so it must not move; nil where the member is stored.
  private var stream: UnsafeMutablePointer<z_stream>?
  private var isEnded = false
  private var checksum = crc32(0, nil, 0)
  private var delivered = 0

  init(
    _ archive: ZipArchive, _ member: ZipArchive.Member, path: String, start: Int
  ) throws(InputError) {
    self.archive = archive
    self.member = member
    self.path = path
    position = start
    end = start + member.packedSize
    guard member.method == 8 else { return }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard gh_inflateInitRaw(stream) == Z_OK else {
      stream.deallocate()
      throw InputError(file: path, "can't be unpacked: out of memory")
    }
    self.stream = stream
  }

  deinit {
    guard let stream else { return }
    inflateEnd(stream)
    stream.deallocate()
  }

  func read(into buffer: inout [UInt8], at offset: Int) throws(InputError) -> Int {
    precondition(offset < buffer.count, "expected room in the buffer, got none")
    while !isEnded {
      if inputPosition == input.count {
        input = try archive.bytes(at: position, count: min(end - position, 1 << 16))
        inputPosition = 0
        position += input.count
      }
      let count =
        try stream == nil ? copy(to: &buffer, at: offset) : unpack(to: &buffer, at: offset)
      if count > 0 {
        try archive.deliver(count)
        delivered += count
        checksum = buffer.withUnsafeBufferPointer {
          crc32(checksum, $0.baseAddress.map { $0 + offset }, UInt32(count))
        }
        return count
      }
    }
    guard delivered == member.size, checksum == UInt(member.checksum) else {
      throw InputError(file: path, "damaged: its size or checksum isn't what the directory says")
    }
    return 0
  }

  private func copy(to buffer: inout [UInt8], at offset: Int) -> Int {
    let count = min(input.count - inputPosition, buffer.count - offset)
    buffer.replaceSubrange(
      offset..<offset + count, with: input[inputPosition..<inputPosition + count])
    inputPosition += count
    isEnded = count == 0
    return count
  }

  private func unpack(to buffer: inout [UInt8], at offset: Int) throws(InputError) -> Int {
    guard let stream else { return 0 }
    let room = min(buffer.count - offset, 1 << 30)
    let isCutOff = input.isEmpty
    let status = input.withUnsafeMutableBufferPointer { input in
      buffer.withUnsafeMutableBufferPointer { output in
        stream.pointee.next_in = input.baseAddress.map { $0 + inputPosition }
        stream.pointee.avail_in = UInt32(input.count - inputPosition)
        stream.pointee.next_out = output.baseAddress.map { $0 + offset }
        stream.pointee.avail_out = UInt32(room)
        return inflate(stream, Z_NO_FLUSH)
      }
    }
    inputPosition = input.count - Int(stream.pointee.avail_in)
    let count = room - Int(stream.pointee.avail_out)
    switch status {
    case Z_OK: break
    case Z_BUF_ERROR where !isCutOff || count > 0: break
    case Z_BUF_ERROR: throw InputError(file: path, "damaged: the packed data end too early")
    case Z_STREAM_END: isEnded = true
    default: throw InputError(file: path, "damaged: the packed data are corrupt")
    }
    return count
  }
}

extension [UInt8] {
  /// The little-endian number of `size` bytes at `offset`; nil if it doesn't lie within, or is too large for an Int.
  fileprivate func number(at offset: Int, size: Int) -> Int? {
    guard offset >= 0, offset <= count - size else { return nil }
    var number: UInt64 = 0
    for index in (0..<size).reversed() { number = number << 8 | UInt64(self[offset + index]) }
    return Int(exactly: number)
  }
}
