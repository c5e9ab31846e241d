import Foundation
import GzipIO
import Testing

struct LineReaderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func lines(_ text: String) throws -> [String] {
    var reader = try LineReader(path: folder.file("lines.txt", text.utf8))
    var lines: [String] = []
    while let line = try reader.next() {
      lines.append(String(decoding: line, as: UTF8.self))
      #expect(reader.lineNumber == lines.count)
    }
    return lines
  }

  @Test func linesEndWithEitherBreakOrTheFile() throws {
    #expect(try lines("a\nb\r\n\r\n\nc") == ["a", "b", "", "", "c"])
    #expect(try lines("a\n") == ["a"])
    #expect(try lines("\n") == [""])
    #expect(try lines("a\rb\n") == ["a\rb"])
    #expect(try lines("") == [])
  }

  @Test func aByteOrderMarkIsSkippedOnlyAtTheBeginning() throws {
    #expect(try lines("\u{feff}a\n\u{feff}b") == ["a", "\u{feff}b"])
  }

  @Test func linesAcrossChunksComeWhole() throws {
    let long = (1...5).map { String(repeating: "\($0)", count: 200_000 * $0) }
    #expect(try lines(long.joined(separator: "\n")) == long)
  }

  @Test func anUnfinishedLastLineIsTold() throws {
    var reader = try LineReader(path: folder.file("cut", "whole\ncut".utf8))
    _ = try reader.next()
    #expect(reader.isTerminated)
    _ = try reader.next()
    #expect(!reader.isTerminated)
    #expect(try reader.next() == nil)
    #expect(try reader.next() == nil)
    #expect(reader.lineNumber == 2)
  }

  @Test(arguments: ["ok\n12345678901\n", "ok\n12345678901"])
  func aLineOverTheLimitIsAnError(text: String) throws {
    var reader = try LineReader(path: folder.file("long", text.utf8), longestLine: 10)
    _ = try reader.next()
    let error = #expect(throws: InputError.self) { try reader.next() }
    #expect(error?.line == 2)
    #expect(error?.message == "a line longer than the limit of 10 bytes")
  }

  @Test func aLineIsRefusedBeforeItFillsTheMemory() throws {
    let path = try folder.file("zeros", [UInt8](repeating: 0, count: 3 << 20))
    var reader = try LineReader(path: path, longestLine: 1 << 20)
    let error = #expect(throws: InputError.self) { try reader.next() }
    #expect(error?.message == "a line longer than the limit of 1 MiB")
  }
}
