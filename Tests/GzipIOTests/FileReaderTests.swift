import Foundation
import GzipIO
import Testing

struct FileReaderTests {
  let folder: TemporaryFolder
  /// "hello\nworld\n" as Python's gzip packs it.
  let hello: [UInt8] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xe7,
    0x2a, 0xcf, 0x2f, 0xca, 0x49, 0xe1, 0x02, 0x00, 0xff, 0x5d, 0xc5, 0xc4, 0x0c, 0x00, 0x00, 0x00,
  ]

  init() throws { folder = try TemporaryFolder() }

  func content(_ path: String, limit: Int = 1 << 20) throws -> String {
    String(decoding: try FileReader(path: path, limit: limit).readToEnd(), as: UTF8.self)
  }

  func message(_ path: String, limit: Int = 1 << 20) -> String? {
    #expect(throws: InputError.self) { try content(path, limit: limit) }?.message
  }

  @Test func plainAndGzipReadAlike() throws {
    #expect(try content(folder.file("plain.gz", "hello\nworld\n".utf8)) == "hello\nworld\n")
    #expect(try content(folder.file("packed.txt", hello)) == "hello\nworld\n")
  }

  @Test func membersFollowEachOtherAndMayBePadded() throws {
    let padding = [UInt8](repeating: 0, count: 100_000)
    let path = try folder.file("two.gz", hello + hello + padding)
    #expect(try content(path) == "hello\nworld\nhello\nworld\n")
  }

  @Test(arguments: [[], [0x1f], [0x61]] as [[UInt8]])
  func filesShorterThanTheMagicNumberArePlain(bytes: [UInt8]) throws {
    #expect(try FileReader(path: folder.file("short", bytes)).readToEnd() == bytes)
  }

  @Test func whatCannotBeOpenedSaysWhy() throws {
    #expect(message(folder.file("none")) == "no such file")
    #expect(message(folder.path) == "is a folder, expected a file")
    let path = try folder.file("plain", "x".utf8)
    #expect(message(path + "/below") == "can't be read: not a directory")
    #expect(message(path + "\0.csv") == "no such file")
  }

  @Test func everyTruncationIsNoticed() throws {
    for length in 2..<hello.count {
      let path = try folder.file("cut.gz", hello[..<length])
      #expect(message(path) == "the gzip data end too early: the file is cut off")
    }
  }

  @Test func corruptDataAreNoticed() throws {
    var corrupt = hello
    corrupt[25] ^= 1
    #expect(
      message(try folder.file("crc.gz", corrupt)) == "corrupt gzip data: incorrect data check")
    #expect(
      message(try folder.file("tail.gz", hello + [1, 2, 3]))
        == "corrupt gzip data: incorrect header check")
    #expect(
      message(try folder.file("method.gz", [0x1f, 0x8b, 0x63, 0, 0, 0, 0, 0, 0, 0]))
        == "corrupt gzip data: unknown compression method")
  }

  @Test func noChangedByteCrashes() throws {
    for index in hello.indices {
      var changed = hello
      changed[index] ^= 0xff
      _ = try? content(folder.file("changed.gz", changed))
    }
  }

  @Test func wholeLinesBeforeAFaultAreDelivered() throws {
    var lines = try LineReader(path: folder.file("cut.gz", hello.dropLast(5)))
    #expect(try lines.next().map(Array.init) == Array("hello".utf8))
    #expect(try lines.next().map(Array.init) == Array("world".utf8))
    #expect(throws: InputError.self) { try lines.next() }
  }

  @Test func theLimitHoldsForWhatIsUnpacked() throws {
    let writer = try FileWriter(path: folder.file("bomb.gz"))
    for _ in 0..<64 { try writer.write([UInt8](repeating: 0, count: 1 << 20)) }
    try writer.close()
    #expect(message(folder.file("bomb.gz")) == "larger than the limit of 1 MiB")
    let plain = try folder.file("plain", [UInt8](repeating: 0x61, count: 1001))
    #expect(message(plain, limit: 1000) == "larger than the limit of 1000 bytes")
    #expect(try content(plain, limit: 1001).utf8.count == 1001)
  }
}
