import Backpropagation
import Foundation
import GzipIO
import Testing

@testable import GradientModelFiles

/// With `stream: true` the same examples come in the same order, from any form of file.
struct StreamingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func model(_ head: String, _ lines: [String]) throws -> ModelFile {
    let text = "\(head)\ndata:\n" + lines.map { "  \($0)\n" }.joined()
    return try ModelFile(contentsOf: folder.file("model.yaml", text.utf8))
  }

  /// Holds every part of the data, read from disk, against the same in memory.
  func expectSame(
    _ head: String, _ lines: String..., sourceLocation: SourceLocation = #_sourceLocation
  )
    throws
  {
    let split = try #require(try model(head, lines).readData())
    let inMemory = try #require(try model(head, lines).trainingExamples())
    #expect(inMemory.data is DataSplit, sourceLocation: sourceLocation)
    let streamed = try #require(try model(head, lines + ["stream: true"]).trainingExamples())
    #expect(
      streamed.description == split.description + ", read from disk", sourceLocation: sourceLocation
    )
    let data = try #require(streamed.data as? StreamedSplit, sourceLocation: sourceLocation)
    for part in DataPart.allCases {
      let expected = split.split[part]
      #expect(data.count(of: part) == expected.count, sourceLocation: sourceLocation)
    }
    #expect(
      try data.probe(split.split.training.count) == split.split.training,
      sourceLocation: sourceLocation)
    #expect(
      try model(head, lines + ["stream: true"]).readData()?.split == split.split,
      sourceLocation: sourceLocation)
  }

  /// The message of a model whose data can't be taken, without the folder's name.
  func message(_ head: String, _ lines: String...) -> String {
    GradientModelFilesTests.message(in: folder) {
      _ = try model(head, lines + ["stream: true"]).trainingExamples()
    }
  }

  static let classifier = "model: {input: [4], layers: [dense: 3]}\nloss: softmax-cross-entropy"

  /// Forty rows of four numbers and a class.
  static let rows: [[Double]] = {
    var source = RandomSource(seed: 5, stream: "rows")
    return (0..<40).map { row in (0..<4).map { _ in source.normal() * 10 } + [Double(row % 3)] }
  }()

  func csv(_ change: (Int, [String]) -> [String] = { $1 }) -> String {
    Self.rows.enumerated().map { change($0, $1.map { "\($0)" }).joined(separator: ",") + "\n" }
      .joined()
  }

  @Test(arguments: Normalization.allCases) func tables(normalization: Normalization) throws {
    _ = try folder.file("x.csv", csv().utf8)
    try expectSame(Self.classifier, "file: x.csv", "normalize: \(normalization.rawValue)")
  }

  @Test func tablesWithWordsAndGaps() throws {
    _ = try folder.file(
      "x.csv",
      csv { row, cells in
        var cells = cells
        if row % 7 == 3 { cells[row % 4] = "?" }
        cells[4] = ["red", "green", "blue"][row % 3]
        if row == 20 { cells[4] = "" }
        return cells
      }.utf8)
    try expectSame(
      Self.classifier, "file: x.csv", "header: false", "missing: drop-row", "normalize: standard")
    _ = try folder.file(
      "x.csv", csv { row, cells in row % 7 == 3 ? ["NA"] + cells.dropFirst() : cells }.utf8)
    try expectSame(Self.classifier, "file: x.csv", "missing: mean", "normalize: standard")
    try expectSame(Self.classifier, "file: x.csv", "missing: mean", "normalize: unit-norm")
  }

  @Test func classesAreNumberedAlike() throws {
    _ = try folder.file(
      "x.csv", csv { row, cells in cells.dropLast() + ["\([7, -2, 5][row % 3])"] }.utf8)
    try expectSame(Self.classifier, "file: x.csv", "split: {train: 0.5, seed: 9}")
    try expectSame(Self.classifier, "file: x.csv", "split: {train: 0.5, stratify: false}")
  }

  @Test func targetsInAnotherFile() throws {
    _ = try folder.file("x.csv", csv { Array($1.dropLast()) }.utf8)
    _ = try folder.file("y.csv", csv { [$1[4]] }.utf8)
    try expectSame(Self.classifier, "input: {file: x.csv}", "target: {file: y.csv}")
  }

  @Test func arraysInPlaceAndUnpacked() throws {
    let pixels = (0..<160).map { UInt8($0 * 37 % 256) }
    let labels = (0..<40).map { UInt8($0 % 3) }
    _ = try folder.file("x.idx", idx(8, [40, 2, 2], pixels))
    _ = try folder.file("y.idx", idx(8, [40], labels))
    for name in ["x.idx", "y.idx"] {
      let writer = try FileWriter(path: folder.file("\(name).gz"))
      try writer.write(try Data(contentsOf: URL(filePath: folder.file(name))))
      try writer.close()
    }
    for end in ["", ".gz"] {
      try expectSame(
        Self.classifier, "input: {file: x.idx\(end)}", "target: {file: y.idx\(end)}",
        "normalize: min-max")
    }
  }

  @Test func tablesOfNPY() throws {
    let numbers = Self.rows.flatMap { $0 }
    for (type, bytes) in [
      ("<f4", NumberType.float32.encode(numbers)), ("<f8", NumberType.float64.encode(numbers)),
    ] {
      _ = try folder.file("x.npy", npy(npyHeader(type, "(40, 5)"), bytes))
      try expectSame(Self.classifier, "file: x.npy", "normalize: standard")
    }
    let big = numbers.flatMap { number in
      withUnsafeBytes(of: Float(number).bitPattern.bigEndian) { Array($0) }
    }
    _ = try folder.file("x.npy", npy(npyHeader(">f4", "(40, 5)"), big))
    try expectSame(
      "model: {input: [5], layers: [dense: 5]}\nloss: mean-squared-error", "file: x.npy",
      "columns: [1-5]", "target: input", "normalize: standard")
    let gaps = Self.rows.enumerated().flatMap { row, numbers in
      row % 5 == 1 ? [.nan] + numbers.dropFirst() : numbers
    }
    _ = try folder.file("x.npy", npy(npyHeader("<f8", "(40, 5)"), NumberType.float64.encode(gaps)))
    try expectSame(Self.classifier, "file: x.npy", "missing: drop-row")
    try expectSame(Self.classifier, "file: x.npy", "missing: mean", "normalize: standard")
  }

  @Test(arguments: [("stored", "input", 12), ("deflated", "half", 1)])
  func arraysOfNPZ(kind: String, array: String, width: Int) throws {
    try FileManager.default.copyItem(
      atPath: fixture("arrays/\(kind).npz"), toPath: folder.file("x.npz"))
    try expectSame(
      "model: {input: [\(width)], layers: [dense: \(width)]}\nloss: mean-squared-error",
      "input: {file: x.npz, array: \(array)}", "target: input", "split: {train: 1}")
  }

  @Test func sequencesOfUnequalLength() throws {
    var table = "who,x,y,label\n"
    for row in 0..<60 {
      table +=
        "\(["a", "b", "c", "d", "e"][row * row % 5]),\(row),\(row % 7),\(row * row % 5 % 2)\n"
    }
    _ = try folder.file("x.csv", table.utf8)
    let head = "model: {input: [40, 2], layers: [dense: 2]}\nloss: softmax-cross-entropy"
    let whole = "split: {train: 1, stratify: false}"
    try expectSame(
      head, "file: x.csv", "sequence: {group-by: who}", "normalize: standard", whole)
    try expectSame(
      "model: {input: [40, 2], layers: [lstm: 3, dense: 2]}\nloss: softmax-cross-entropy",
      "file: x.csv", "sequence: {group-by: who}", "normalize: min-max", whole)
    _ = try folder.file("y.csv", csv { Array($1.dropLast()) }.utf8)
    try expectSame(
      "model: {input: [2, 2], layers: [relu]}\nloss: sum-of-squares", "file: y.csv",
      "sequence: {length: 2}", "target: input")
  }

  @Test func severalInputsAndTargets() throws {
    _ = try folder.file("x.csv", csv().utf8)
    let head = """
      model:
        input: {left: [2], right: [1]}
        layers:
          - concatenate: {from: [left, right], name: both}
          - dense: {units: 3, name: kinds}
          - dense: {units: 1, name: sizes, from: both}
      losses:
        - {output: kinds, loss: softmax-cross-entropy, target: 5}
        - {output: sizes, loss: sum-of-squares, target: 4}
      """
    try expectSame(
      head, "input: {left: {file: x.csv, columns: [1-2]}, right: {file: x.csv, columns: 3}}",
      "normalize: standard")
  }

  /// The trained network is the same to the last bit.
  @Test(arguments: ["float", "double"]) func trainingIsTheSame(precision: String) throws {
    try FileManager.default.copyItem(
      atPath: fixture("digits.csv.gz"), toPath: folder.file("digits.csv.gz"))
    let head = """
      model: {input: [64], layers: [dense: 8, relu, dense: 10]}
      loss: softmax-cross-entropy
      training: {epochs: 2, batch: 50, precision: \(precision), optimizer: adam}
      """
    func state(_ lines: String...) throws -> TrainingState {
      let file = try model(head, ["file: digits.csv.gz", "normalize: standard"] + lines)
      var state: TrainingState?
      try #require(file.trainer).train(
        on: try #require(try file.trainingExamples()).data, for: .epochs(2), observer: nil,
        resumingFrom: nil
      ) { state = $0.state() }
      return try #require(state)
    }
    #expect(try state() == state("stream: true"))
  }

  // MARK: What is refused

  @Test func fortranOrderIsRefused() throws {
    _ = try folder.file(
      "x.npy",
      npy(
        npyHeader("<f8", "(40, 5)", order: "True"),
        NumberType.float64.encode(Self.rows.flatMap { $0 })))
    #expect(
      message(Self.classifier, "file: x.npy")
        == "x.npy: is in Fortran order, where the numbers of an example lie far apart; to stream it, "
        + "save it anew with numpy.ascontiguousarray")
  }

  @Test func textIsRefused() throws {
    #expect(
      message(
        "model: {input: [3], layers: [{embedding: {vocabulary: 5, units: 2}}, {dense: 5}]}\nloss: "
          + "softmax-cross-entropy", "file: x.txt", "text: {length: 3}")
        == "model.yaml:6: data.stream has no place beside data.text: a text is read into memory, a "
        + "larger one is made an .npy file of character numbers")
  }

  /// Whatever is wrong is said before the first step, in the same words.
  @Test(arguments: [
    ("x.csv", "1,2,3,4,0\n1,2,abc,4,1\n", ["file: x.csv"]),
    ("x.csv", "1,2,3,4,0\n1,2,,4,1\n", ["file: x.csv"]),
    ("x.csv", "1,2,3,4,0\n1,2\n", ["file: x.csv"]),
    ("x.csv", "1,2,3,4,0\n1,2,3,4,1.5\n", ["file: x.csv"]),
    ("x.csv", "1,2,3,4,0\n1,2,3,4,3\n", ["file: x.csv"]),
    ("x.csv", "1,2,3,0\n1,2,3,1\n", ["file: x.csv"]),
    ("x.csv", "?,1,2,3,0\n", ["file: x.csv", "missing: drop-row"]),
    ("x.csv", "1,2,3,4,0\n", ["file: x.csv", "split: {train: 0.1}"]),
    ("x.npy", "", ["file: x.npy"]),
    ("x.idx", "ab", ["input: {file: x.idx}", "target: input"]),
  ])
  func faultsAreFoundAlike(name: String, text: String, lines: [String]) throws {
    _ = try folder.file(name, text.utf8)
    func message(_ lines: [String]) -> String {
      GradientModelFilesTests.message(in: folder) {
        _ = try model(Self.classifier, lines).trainingExamples()
      }
    }
    let expected = message(lines)
    #expect(expected != "no error")
    #expect(message(lines + ["stream: true"]) == expected)
  }

  @Test func aLimitIsForWhatIsPacked() throws {
    let bytes = npy(
      npyHeader("<f8", "(40, 5)"), NumberType.float64.encode(Self.rows.flatMap { $0 }))
    _ = try folder.file("x.npy", bytes)
    let file = try model(Self.classifier, ["file: x.npy", "stream: true"])
    #expect(try file.trainingExamples(limit: 100)?.data.count(of: .training) == 28)
    let writer = try FileWriter(path: folder.file("x.npy.gz"))
    try writer.write(bytes)
    try writer.close()
    #expect(
      GradientModelFilesTests.message(in: folder) {
        _ = try model(Self.classifier, ["file: x.npy.gz", "stream: true"])
          .trainingExamples(limit: 100)
      } == "x.npy.gz: larger than the limit of 100 bytes")
  }

  /// An index outside of the vocabulary is found before the first step.
  @Test func indicesAreChecked() throws {
    let numbers = (0..<40).map { UInt8($0 == 33 ? 9 : $0 % 5) }
    _ = try folder.file("x.npy", npy(npyHeader("|u1", "(40, 1)"), numbers))
    _ = try folder.file("y.npy", npy(npyHeader("|u1", "(40,)"), numbers.map { $0 % 2 }))
    let head = """
      model: {input: [1], layers: [{embedding: {vocabulary: 5, units: 2}}, flatten, {dense: 2}]}
      loss: softmax-cross-entropy
      """
    #expect(
      message(head, "input: {file: x.npy}", "target: {file: y.npy}")
        == "model.yaml:1: an index in the data is 9.0, but the network's vocabulary is 0 to 4")
  }

  /// Cuts a file off after the third step.
  final class Cutter: TrainingObserver {
    let path: String
    var steps = 0

    init(_ path: String) { self.path = path }

    func trainingBegins(_ run: TrainingRun) {}
    func stepEnded(_ step: StepSummary) throws -> TrainingDecision {
      steps += 1
      if steps == 3 { try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: 500) }
      return .goOn
    }
    func trainingEnded(_ result: TrainingResult) {}
  }

  @Test func aFileThatShrinksEndsTheTraining() throws {
    let pixels = (0..<400 * 4).map { UInt8($0 * 37 % 256) }
    let path = try folder.file("x.idx", idx(8, [400, 4], pixels))
    _ = try folder.file("y.idx", idx(8, [400], (0..<400).map { UInt8($0 % 3) }))
    let file = try model(
      Self.classifier + "\ntraining: {epochs: 2, batch: 50, optimizer: {sgd: 0.1}}",
      ["input: {file: x.idx}", "target: {file: y.idx}", "stream: true"])
    let examples = try #require(try file.trainingExamples())
    let cutter = Cutter(path)
    #expect(
      GradientModelFilesTests.message(in: folder) {
        try #require(file.trainer).train(
          on: examples.data, for: .epochs(2), observer: cutter, resumingFrom: nil, save: nil)
      } == "x.idx: was changed while it was being read")
    #expect(cutter.steps == 3)
  }
}
