import Backpropagation
import Foundation
import GradientModelFiles
import GzipIO
import Testing

/// What a model file names that isn't there, doesn't fit, or lies where it may not be read.
struct ModelFileErrorTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func error(_ bytes: some Sequence<UInt8>) throws -> InputError? {
    let path = try folder.file("model.yaml", bytes)
    return #expect(throws: InputError.self) { try ModelFile(contentsOf: path) }
  }

  @Test func faultsOfTheFileItself() throws {
    func message(_ path: String) -> String? {
      #expect(throws: InputError.self) { try ModelFile(contentsOf: path) }?.message
    }
    #expect(message(folder.file("none.yaml")) == "no such file")
    #expect(message(folder.path) == "is a folder, expected a file")
    #expect(
      try error(Array("a: 1\nb: ".utf8) + [0xff])
        == InputError(file: folder.file("model.yaml"), line: 2, "is not UTF-8 text"))
    #expect(
      try error(Array(repeating: 0x61, count: 2 << 20))?.message == "larger than the limit of 1 MiB"
    )
  }

  @Test func dataThatDoNotFitTheNetwork() throws {
    func error(_ text: String) throws -> InputError? {
      let model = try ModelFile(contentsOf: folder.file("model.yaml", text.utf8))
      return #expect(throws: InputError.self) { try model.readData() }
    }
    let path = folder.file("model.yaml")
    _ = try folder.file("x.csv", "1,2,0\n3,4,1\n5,6,2\n".utf8)
    let head = "model:\n  input: [2]\n  layers:\n    - relu\n    - dense: 2\nloss: "
    #expect(
      try error(head + "softmax-cross-entropy\ndata: {file: x.csv}")
        == InputError(file: path, line: 5, "the data have 3 classes, but the output has 2"))
    #expect(
      try error(head + "sum-of-squares\ndata: {file: x.csv}")
        == InputError(
          file: path, line: 5, "the data have 1 targets an example, but the output is 2"))
    #expect(
      try error(head + "sum-of-squares\ndata: {file: x.csv, columns: 1, target: [2, 3]}")
        == InputError(
          file: path, line: 2, "model.input is 2, but \(folder.file("x.csv")) has 1 feature"))
    #expect(
      try error(head + "sum-of-squares\ndata:\n  file: x.csv\n  target: [2, 3]\n  columns: kind")
        == InputError(
          file: folder.file("x.csv"), line: 1, "no column \"kind\": the file has no header"))
    #expect(
      try error(head + "sum-of-squares\ndata: {file: none.csv}")
        == InputError(file: folder.file("none.csv"), "no such file"))
    let split = "\n  columns: 1-2\n  target: [3, 3]"
    #expect(
      try error(head + "sum-of-squares\ndata:\n  file: x.csv" + split)
        == InputError(file: folder.file("x.csv"), line: 1, "column 3 is named twice"))
  }

  @Test func filesOutsideOfTheProjectAreRefusedUnlessAllowed() throws {
    let text = "model: {input: [1], layers: [{dense: 1}]}\nloss: sum-of-squares\ndata: {file: NAME}"
    func file(_ name: String, allowOutside: Bool = false) throws -> String? {
      let path = try folder.file("a/b/model.yaml", text.replacing("NAME", with: name).utf8)
      return try ModelFile(contentsOf: path, allowOutside: allowOutside).data?.source.file
    }
    #expect(try file("x.csv") == folder.file("a/b/x.csv"))
    #expect(try file("./c/../x.csv") == folder.file("a/b/x.csv"))
    #expect(try file("../c/x.csv") == folder.file("a/c/x.csv"))
    #expect(try file(folder.file("a/x.csv")) == folder.file("a/x.csv"))
    for name in ["../../x.csv", "/etc/passwd", "../../ab/x.csv", "c/../../../x.csv", "..", "../.."]
    {
      #expect(throws: InputError.self, "\(name)") { try file(name) }
    }
    #expect(try file("../../x.csv", allowOutside: true) == folder.file("x.csv"))
    // A link below the folder that leads out of it.
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("a/b/link"), withDestinationPath: "/etc")
    #expect(throws: InputError.self) { try file("link/passwd") }
  }
}
