import Foundation
import GzipIO
import Testing

struct FileWriterTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func content(_ path: String) throws -> [UInt8] { try FileReader(path: path).readToEnd() }

  @Test(arguments: ["text.csv", "text.csv.gz"])
  func whatIsWrittenIsRead(name: String) throws {
    let text = (0..<100_000).map { "line \($0)\n" }.joined()
    let writer = try FileWriter(path: folder.file(name))
    try writer.write(text)
    try writer.write([0x65, 0x6e, 0x64])
    try writer.close()
    #expect(try content(folder.file(name)) == Array((text + "end").utf8))
    let size = try Data(contentsOf: URL(fileURLWithPath: folder.file(name))).count
    #expect((size < text.utf8.count / 2) == name.hasSuffix(".gz"))
    #expect(try folder.names == [name])
  }

  @Test func anEmptyGzipIsWhole() throws {
    try FileWriter(path: folder.file("empty.gz")).close()
    #expect(try content(folder.file("empty.gz")) == [])
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("empty.gz"))).count == 20)
  }

  @Test func theNameStandsForTheOldFileUntilTheNewOneIsWhole() throws {
    let path = try folder.file("report.md", "old".utf8)
    let writer = try FileWriter(path: path)
    try writer.write("new")
    #expect(try content(path) == Array("old".utf8))
    try writer.close()
    #expect(try content(path) == Array("new".utf8))
    #expect(try folder.names == ["report.md"])
  }

  @Test func anAbandonedFileLeavesNothing() throws {
    let path = try folder.file("report.md", "old".utf8)
    do {
      let writer = try FileWriter(path: path)
      try writer.write([UInt8](repeating: 0, count: 1 << 20))
      #expect(try folder.names.count == 2)
    }
    #expect(try folder.names == ["report.md"])
    #expect(try content(path) == Array("old".utf8))
  }

  @Test(arguments: ["report.md", "report.md.gz"])
  func whatAKilledProcessLeftGoesWithTheNextFile(name: String) async throws {
    let path = try folder.file(name, "old".utf8)
    let unasked = try folder.file("other-\(name).7-x1.unfinished", "mine".utf8)
    for _ in 0..<2 {
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
        let writer = try FileWriter(path: path)
        try writer.write([UInt8](repeating: 1, count: 1 << 20))
        kill(getpid(), SIGKILL)
      }
    }
    #expect(try folder.names.count == 3, "the second has removed what the first one left")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("old".utf8))
    let writer = try FileWriter(path: path)
    try writer.write("new")
    try writer.close()
    #expect(try content(path) == Array("new".utf8))
    #expect(try folder.names.sorted() == ["other-\(name).7-x1.unfinished", name].sorted())
    #expect(FileManager.default.fileExists(atPath: unasked))
  }

  @Test func whoeverIsStillWritingIsLeftAlone() throws {
    let path = folder.file("report.md")
    let first = try FileWriter(path: path)
    try first.write("first")
    let second = try FileWriter(path: path)
    try second.write("second")
    #expect(try folder.names.count == 2)
    try first.close()
    #expect(try content(path) == Array("first".utf8))
    try second.close()
    #expect(try content(path) == Array("second".utf8))
    #expect(try folder.names == ["report.md"])
  }

  @Test func aLinkStaysALink() throws {
    let path = try folder.file("target", "old".utf8)
    let link = folder.file("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    let writer = try FileWriter(path: link)
    try writer.write("new")
    try writer.close()
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
    #expect(try content(path) == Array("new".utf8))
  }

  @Test func whatCannotBeWrittenSaysWhy() throws {
    func message(_ path: String) -> String? {
      #expect(throws: InputError.self) { try FileWriter(path: path) }?.message
    }
    #expect(message(folder.file("none/a.txt")) == "can't be written: no such folder")
    #expect(message(folder.path) == "is a folder, expected the name of a file to write")
    #expect(message("a\0b") == "can't be written: a name can't hold a NUL character")
    #expect(message("/proc/gradients") == "can't be written: no such folder")
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func aFullDiskIsAnError() throws {
    let writer = try FileWriter(path: "/dev/full")
    let error = #expect(throws: InputError.self) {
      try writer.write("x")
      try writer.close()
    }
    #expect(error == InputError(file: "/dev/full", "can't be written: no space left on device"))
  }

  @Test func aFailedRenameRemovesTheUnfinishedFile() throws {
    let writer = try FileWriter(path: folder.file("name"))
    try FileManager.default.createDirectory(
      atPath: folder.file("name/inner"), withIntermediateDirectories: true)
    let error = #expect(throws: InputError.self) { try writer.close() }
    #expect(error?.message == "can't be written: is a directory")
    #expect(try folder.names == ["name"])
  }
}
