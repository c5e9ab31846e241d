import CZlib
import Foundation

/// Reads a file from its beginning to its end, plain or gzip as its first two bytes say.
///
/// A gzip file may have several members. What is delivered is limited, so that a small file that unpacks to terabytes
/// is an error and not a full memory.
public final class FileReader {
  /// The most that is read where nothing else is said: 2 GiB.
  public static let defaultLimit = 2 << 30

  /// The file as the user named it.
  public let path: String
  private let descriptor: Int32
  private let limit: Int
  private var delivered = 0
  /// What was read to look for the magic number and is not yet delivered, if the file is plain.
  private var ahead: ArraySlice<UInt8>
  private let inflater: Inflater?

  /// Opens the file at `path`, of which at most `limit` bytes, unpacked, will be read.
  ///
  /// A file of a kind that is never packed, and may begin with gzip's two bytes by chance, is read as it is without
  /// `unpacking`.
  ///
  /// - Throws: An ``InputError`` if there is no such file, if it is a folder, or if it can't be opened.
  public init(
    path: String, limit: Int = FileReader.defaultLimit, unpacking: Bool = true
  ) throws(InputError) {
    // The system would take what stands before a NUL for the name.
    guard !path.utf8.contains(0) else { throw InputError(file: path, "no such file") }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw InputError(
        file: path, errno == ENOENT ? "no such file" : "can't be read: \(lastSystemError())")
    }
    do throws(InputError) {
      guard !isFolder(descriptor) else {
        throw InputError(file: path, "is a folder, expected a file")
      }
      var head = [UInt8](repeating: 0, count: 1 << 16)
      var count = 0
      while count < 2 {
        let more = try head.fill(from: count, descriptor: descriptor, path: path)
        if more == 0 { break }
        count += more
      }
      let isGzip = unpacking && count >= 2 && head[0] == 0x1f && head[1] == 0x8b
      ahead = isGzip ? [] : head[..<count]
      inflater =
        isGzip
        ? try Inflater(path: path, descriptor: descriptor, input: head, count: count) : nil
    } catch {
      close(descriptor)
      throw error
    }
    self.path = path
    self.limit = limit
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Fills `buffer` from `offset` on, as far as one read goes, and returns how many bytes came: 0 at the end.
  ///
  /// - Throws: An ``InputError`` if the file can't be read, if its gzip data are corrupt or cut off (what comes before
  ///   is delivered first), or if it is larger than the limit.
  public func read(into buffer: inout [UInt8], at offset: Int = 0) throws(InputError) -> Int {
    precondition(offset < buffer.count, "expected room in the buffer, got none")
    let count: Int
    if let inflater {
      count = try inflater.read(into: &buffer, at: offset)
    } else if !ahead.isEmpty {
      count = min(ahead.count, buffer.count - offset)
      buffer.replaceSubrange(offset..<offset + count, with: ahead.prefix(count))
      ahead.removeFirst(count)
    } else {
      count = try buffer.fill(from: offset, descriptor: descriptor, path: path)
    }
    delivered += count
    guard delivered <= limit else {
      throw InputError(file: path, "larger than the limit of \(byteCount(limit))")
    }
    return count
  }

  /// All that has not been read yet.
  ///
  /// - Throws: An ``InputError`` as ``read(into:at:)`` does.
  public func readToEnd() throws(InputError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = try read(into: &chunk)
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }
}

/// The members of a gzip file, unpacked one after the other.
private final class Inflater {
  private let path: String
  private let descriptor: Int32
  private var input: [UInt8]
  private var position = 0
  private var end: Int
  /// zlib keeps the address of its state, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private var isBetweenMembers = false
  private var failure: InputError?

  init(path: String, descriptor: Int32, input: [UInt8], count: Int) throws(InputError) {
    self.path = path
    self.descriptor = descriptor
    self.input = input
    end = count
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard gh_inflateInitGzip(stream) == Z_OK else {
      throw InputError(file: path, "can't be unpacked: out of memory")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func read(into buffer: inout [UInt8], at offset: Int) throws(InputError) -> Int {
    while true {
      if let failure { throw failure }
      if position == end {
        (position, end) = (0, try input.fill(from: 0, descriptor: descriptor, path: path))
        if end == 0 {
          guard isBetweenMembers else {
            throw InputError(file: path, "the gzip data end too early: the file is cut off")
          }
          return 0
        }
      }
      if isBetweenMembers {
        // As gzip does, zeros that pad the file to a block's end are passed over.
        while position < end, input[position] == 0 { position += 1 }
        if position == end { continue }
        inflateReset(stream)
        isBetweenMembers = false
      }
      let (count, status) = inflateOnce(into: &buffer, at: offset)
      switch status {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END: isBetweenMembers = true
      default:
        let reason = stream.pointee.msg.map { String(cString: $0) } ?? "error \(status)"
        failure = InputError(file: path, "corrupt gzip data: \(reason)")
      }
      if count > 0 { return count }
    }
  }

  private func inflateOnce(into buffer: inout [UInt8], at offset: Int) -> (Int, Int32) {
    let room = min(buffer.count - offset, 1 << 30)
    let status = input.withUnsafeMutableBufferPointer { input in
      buffer.withUnsafeMutableBufferPointer { output in
        stream.pointee.next_in = input.baseAddress.map { $0 + position }
        stream.pointee.avail_in = UInt32(end - position)
        stream.pointee.next_out = output.baseAddress.map { $0 + offset }
        stream.pointee.avail_out = UInt32(room)
        return inflate(stream, Z_NO_FLUSH)
      }
    }
    position = end - Int(stream.pointee.avail_in)
    return (room - Int(stream.pointee.avail_out), status)
  }
}

extension [UInt8] {
  /// Reads from `descriptor` into the bytes from `offset` on; 0 at the file's end.
  fileprivate mutating func fill(
    from offset: Int, descriptor: Int32, path: String
  ) throws(InputError) -> Int {
    let count = withUnsafeMutableBytes { bytes in
      retryingWhenInterrupted {
        Foundation.read(
          descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
      }
    }
    guard count >= 0 else {
      throw InputError(file: path, "can't be read: \(lastSystemError())")
    }
    return count
  }
}
