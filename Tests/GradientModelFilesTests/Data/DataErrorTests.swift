import Backpropagation
import Foundation
import GzipIO
import Testing

@testable import GradientModelFiles

/// What is said about data sections and files that don't go together.
struct DataErrorTests {
  let folder: TemporaryFolder
  static let classifier = "model: {input: [4], layers: [dense: 3]}\nloss: softmax-cross-entropy"
  static let heads = """
    model: {input: [2], layers: [{dense: {units: 2, name: a}}, {dense: {units: 1, name: b, from: input}}]}
    losses: [{output: a, loss: softmax-cross-entropy}, {output: b, loss: sum-of-squares, target: x}]
    """

  init() throws { folder = try TemporaryFolder() }

  func message(_ head: String, _ lines: String...) -> String {
    GradientModelFilesTests.message(in: folder) {
      let text = "\(head)\ndata:\n" + lines.map { "  \($0)\n" }.joined()
      _ = try ModelFile(contentsOf: folder.file("model.yaml", text.utf8)).readData()
    }
  }

  @Test func sectionsThatContradictThemselves() throws {
    #expect(
      message(Self.classifier, "input: {file: x.csv, columns: [1-4]}", "columns: [1-4]")
        == "model.yaml:5: data.columns stands beside data.input.columns, expected one of them")
    #expect(
      message(Self.classifier, "input: {file: x.csv, array: x}")
        == "model.yaml:4: data.input.array is for .npz files")
    #expect(
      message(Self.classifier, "file: x.csv", "target: {file: y.npy, array: x}")
        == "model.yaml:5: data.target.array is for .npz files")
    #expect(
      message(Self.classifier, "file: x.csv", "target: {kind: {file: y.csv}}")
        == "model.yaml:5: data.target is a map, but the loss of \"dense-1\" names no \"target\"")
    #expect(
      message(
        Self.classifier.replacing(
          "loss: softmax-cross-entropy",
          with: "losses: [{output: dense-1, loss: softmax-cross-entropy, target: kind}]"),
        "file: x.csv", "target: {kinds: {file: y.csv}}")
        == "model.yaml:5: unknown key \"kinds\" in data.target; did you mean \"kind\"?")
    #expect(
      message(Self.heads, "file: x.csv")
        == "model.yaml:4: of several losses each names its \"target\", but that of \"a\" doesn't")
  }

  @Test func arraysWithoutExamplesOrNumbers() throws {
    let none = NumberType.float64.encode([])
    for (shape, expected) in [
      ("()", "is of shape [], expected examples along the first axis"),
      ("(0, 5)", "is of shape [0, 5], expected examples along the first axis"),
      ("(2, 0)", "examples of shape [0] hold no numbers"),
    ] {
      let bytes = shape == "()" ? NumberType.float64.encode([1]) : none
      _ = try folder.file("x.npy", npy(npyHeader("<f8", shape), bytes))
      for stream in ["false", "true"] {
        #expect(
          message(
            Self.classifier, "input: {file: x.npy}", "target: {file: x.npy}", "stream: \(stream)")
            == "x.npy: \(expected)")
      }
    }
    _ = try folder.file(
      "x.npy", npy(npyHeader("<f8", "(1, 2, 2)"), NumberType.float64.encode([1, 2, 3, 4])))
    #expect(
      message(Self.classifier, "input: {file: x.npy, columns: [1-2]}", "target: {file: x.npy}")
        == "x.npy: has no columns: it is of shape [1, 2, 2], expected two axes")
  }

  @Test func targetsThatAreNoClasses() throws {
    _ = try folder.file("x.idx", idx(8, [2, 4], Array(1...8)))
    let halves = NumberType.float64.encode([2.5, 1.5])
    _ = try folder.file("y.npy", npy(npyHeader("<f8", "(2,)"), halves))
    for stream in ["false", "true"] {
      #expect(
        message(
          Self.classifier, "input: {file: x.idx}", "target: {file: y.npy}", "stream: \(stream)")
          == "y.npy: a target is 1.5, expected a class: a whole number")
    }
    _ = try folder.file("y.idx", idx(8, [2], [0, 200]))
    #expect(
      message(Self.classifier, "input: {file: x.idx}", "target: {file: y.idx}")
        == "model.yaml:1: the data have 201 classes, but the output has 3")
  }

  @Test func sequencesWhoseRowsDisagree() throws {
    _ = try folder.file("x.csv", "who,x,y,label\na,1,2,0\nb,3,4,1\na,5,6,1\n".utf8)
    #expect(
      message(
        "model: {input: [4, 2], layers: [lstm: 3, dense: 2]}\nloss: softmax-cross-entropy",
        "file: x.csv", "sequence: {group-by: who}")
        == "model.yaml:1: the rows of the sequence \"a\" have different targets, but the output is "
        + "one of a sequence")
    _ = try folder.file("x.csv", "7,1,2,0\n7,3,4,0\n".utf8)
    #expect(
      message(
        "model: {input: [1, 2], layers: [dense: 2]}\nloss: softmax-cross-entropy", "file: x.csv",
        "sequence: {group-by: 1}")
        == "x.csv: the sequence 7 has 2 steps, but model.input 1 × 2 has room for 1")
  }

  @Test func aSplitThatLeavesNothing() throws {
    _ = try folder.file("x.csv", "1,2,3,4,0\n5,6,7,8,1\n".utf8)
    #expect(
      message(Self.classifier, "file: x.csv", "split: {train: 0.2}")
        == "model.yaml:3: of 2 examples none is left for training")
  }

  /// A link within the model's folder leads no further than a name does.
  @Test func linksOutOfTheFolderAreRefused() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("a"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("a/x.csv"), withDestinationPath: "/etc/passwd")
    let text = Self.classifier + "\ndata: {file: x.csv}\n"
    #expect(
      GradientModelFilesTests.message(in: folder) {
        _ = try ModelFile(contentsOf: folder.file("a/model.yaml", text.utf8))
      }
        == "a/model.yaml:3: data.file is \"x.csv\", which lies outside of the model file's folder and "
        + "its parent; --allow-outside allows that")
  }

  // MARK: Archives

  @Test func archivesWithANameTwice() throws {
    let array = npy(npyHeader("|u1", "(1, 4)"), [1, 2, 3, 4])
    let path = try folder.file(
      "x.npz", zip([("input.npy", 0, array), ("input.npy", 0, array)]))
    #expect(
      GradientModelFilesTests.message(in: folder) { _ = try NumberArray.npz(path) }
        == "x.npz: two arrays are called \"input\"")
    #expect(message(Self.classifier, "file: x.npz") == "x.npz: two arrays are called \"input\"")
  }

  @Test func membersThatEndTooEarly() throws {
    // A block of 200 bytes as they are, of which five are there.
    let packed: [UInt8] = [1, 200, 0, 55, 255, 1, 2, 3, 4, 5]
    let path = try folder.file("x.npz", zip([("input.npy", 8, packed)]))
    #expect(
      GradientModelFilesTests.message(in: folder) { _ = try NumberArray.npz(path) }
        == "x.npz(input.npy): damaged: the packed data end too early")
  }

  @Test func aCheckpointWithoutItsStep() throws {
    let path = folder.file("state.safetensors")
    for steps in ["", "-1", "x"] {
      try SafeTensors(
        [:], metadata: ["format": "gradient-checkpoint", "version": "1", "steps": steps]
      ).write(to: path)
      #expect(
        GradientModelFilesTests.message(in: folder) { _ = try Checkpoint(contentsOf: path) }
          == "state.safetensors: doesn't say how many steps it is from")
    }
  }
}

/// The bytes of a zip archive: names, methods and packed bytes.
private func zip(_ members: [(name: String, method: UInt16, bytes: [UInt8])]) -> [UInt8] {
  func little(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
  var archive: [UInt8] = [], directory: [UInt8] = []
  for (name, method, bytes) in members {
    let sizes = little(UInt32(bytes.count)) + little(UInt32(bytes.count))
    let common =
      [20, 0, 0, 0] + little(method) + [0, 0, 0, 0] + little(checksum(bytes)) + sizes
      + little(UInt16(name.utf8.count)) + [0, 0]
    directory +=
      [0x50, 0x4b, 1, 2, 20, 0] + common + [UInt8](repeating: 0, count: 10)
      + little(UInt32(archive.count)) + Array(name.utf8)
    archive += [0x50, 0x4b, 3, 4] + common + Array(name.utf8) + bytes
  }
  let count = little(UInt16(members.count))
  return archive + directory + [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + count + count
    + little(UInt32(directory.count)) + little(UInt32(archive.count)) + [0, 0]
}

/// CRC-32, as zip archives have it.
private func checksum(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(UInt32.max) { sum, byte in
    (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in
      sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1
    }
  }
}
