import Foundation
import GzipIO
import Testing

struct RandomAccessFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func anyPartIsReadAtAnyTime() throws {
    let file = try RandomAccessFile(path: try folder.file("a", Array(0...99)))
    #expect(file.size == 100)
    #expect(try file.bytes(at: 90, count: 5) == [90, 91, 92, 93, 94])
    #expect(try file.bytes(at: 3, count: 2) == [3, 4])
    #expect(try file.bytes(at: 98, count: 5) == [98, 99])
    #expect(try file.bytes(at: 100, count: 5) == [])
    #expect(try file.bytes(at: -1, count: 5) == [])
  }

  @Test(arguments: [3, 200]) func aFileOfAnotherSizeIsAnError(size: UInt64) throws {
    let path = try folder.file("a", Array(0...99))
    let file = try RandomAccessFile(path: path)
    _ = try file.bytes(at: 0, count: 100)
    try #require(FileHandle(forWritingAtPath: path)).truncate(atOffset: size)
    let error = #expect(throws: InputError.self) { try file.bytes(at: 0, count: 50) }
    #expect(error == InputError(file: path, "was changed while it was being read"))
  }

  @Test func aFileThatWasWrittenToIsAnError() throws {
    let path = try folder.file("a", Array(0...99))
    let file = try RandomAccessFile(path: path)
    // As of long ago: a write within the clock's resolution would go unnoticed.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: path)
    let error = #expect(throws: InputError.self) { try file.bytes(at: 0, count: 50) }
    #expect(error == InputError(file: path, "was changed while it was being read"))
  }

  @Test func whatCannotBeOpenedSaysWhy() throws {
    func message(_ path: String) -> String? {
      #expect(throws: InputError.self) { try RandomAccessFile(path: path) }?.message
    }
    #expect(message(folder.file("none")) == "no such file")
    #expect(message(folder.path) == "is no regular file, expected one")
    #expect(message("/dev/null") == "is no regular file, expected one")
  }

  @Test func aTemporaryFileHasNoName() throws {
    let file = try TemporaryFile(in: folder.path)
    try file.write([1, 2, 3])
    try file.write([4])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    #expect(try file.finish().bytes(at: 2, count: 9) == [3, 4])
  }

  @Test func aTemporaryFileThatCannotBeSaysWhy() throws {
    let place = folder.file("none")
    let error = #expect(throws: InputError.self) { try TemporaryFile(in: place) }
    #expect(
      error
        == InputError(
          file: place,
          "can't hold the data that are read from disk: no such file or directory; TMPDIR names "
            + "another folder"))
  }
}
