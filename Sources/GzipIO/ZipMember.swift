/// A member, as the archive's directory describes it.
struct ZipMember {
  var name: String
  var flags: Int
  var method: Int
  var checksum: UInt32
  var packedSize: Int
  var size: Int
  /// Where its local header lies.
  var offset: Int
}

extension ZipMember {
  /// Reads the directory at an archive's end.
  static func directory(of file: RandomAccessFile) throws(InputError) -> [ZipMember] {
    let tailSize = min(file.size, 22 + 65535)
    let tailStart = file.size - tailSize
    let tail = try file.bytes(at: tailStart, count: tailSize)
    guard
      let end = stride(from: tail.count - 22, through: 0, by: -1).first(where: {
        tail.number(at: $0, size: 4) == 0x0605_4b50
      })
    else { throw InputError(file: file.path, "is no zip archive, or it is cut off") }
    var size = tail.number(at: end + 12, size: 4) ?? 0
    var start = tail.number(at: end + 16, size: 4) ?? 0
    if size == 0xffff_ffff || start == 0xffff_ffff, end >= 20,
      tail.number(at: end - 20, size: 4) == 0x0706_4b50
    {
      // The archive is large: a second record holds 64-bit numbers.
      let record = try file.bytes(at: tail.number(at: end - 12, size: 8) ?? -1, count: 56)
      guard record.number(at: 0, size: 4) == 0x0606_4b50,
        let largeSize = record.number(at: 40, size: 8),
        let largeStart = record.number(at: 48, size: 8)
      else { throw damaged(file) }
      (size, start) = (largeSize, largeStart)
    }
    guard start <= tailStart + end, size <= tailStart + end - start else { throw damaged(file) }
    let bytes = try file.bytes(at: start, count: size)
    guard bytes.count == size else { throw damaged(file) }
    var members: [ZipMember] = []
    var position = 0
    while position < bytes.count {
      guard let (member, next) = member(in: bytes, at: position) else { throw damaged(file) }
      members.append(member)
      position = next
    }
    return members
  }

  private static func damaged(_ file: RandomAccessFile) -> InputError {
    InputError(file: file.path, "the directory of the zip archive is damaged")
  }

  /// The directory's entry at `position`, and where the next one begins.
  private static func member(in bytes: [UInt8], at position: Int) -> (ZipMember, Int)? {
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
    var member = ZipMember(
      name: String(decoding: bytes[nameStart..<extraStart], as: UTF8.self), flags: flags,
      method: method, checksum: UInt32(checksum), packedSize: packedSize, size: size,
      offset: offset)
    guard member.takeLargeSizes(from: bytes, in: extraStart..<extraStart + extraLength) else {
      return nil
    }
    return (member, next)
  }

  /// Takes from the extra field what doesn't fit into 32 bits; false if it should be there and isn't.
  private mutating func takeLargeSizes(from bytes: [UInt8], in range: Range<Int>) -> Bool {
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

extension [UInt8] {
  /// The little-endian number of `size` bytes at `offset`; nil if it doesn't lie within, or is too large for an Int.
  func number(at offset: Int, size: Int) -> Int? {
    guard offset >= 0, offset <= count - size else { return nil }
    var number: UInt64 = 0
    for index in (0..<size).reversed() { number = number << 8 | UInt64(self[offset + index]) }
    return Int(exactly: number)
  }
}
