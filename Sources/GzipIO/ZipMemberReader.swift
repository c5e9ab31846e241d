import CZlib

/// The bytes of one member, unpacked.
final class ZipMemberReader: ByteReader {
  let path: String
  private let archive: ZipArchive
  private let member: ZipMember
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
    _ archive: ZipArchive, _ member: ZipMember, path: String, start: Int
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
        input = try archive.file.bytes(at: position, count: min(end - position, 1 << 16))
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
