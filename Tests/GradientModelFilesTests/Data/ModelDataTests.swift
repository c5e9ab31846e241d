import Backpropagation
import Foundation
import GzipIO
import Testing

@testable import GradientModelFiles

/// Reads examples in every form that a model file can name.
struct ModelDataTests {
  let folder: TemporaryFolder
  static let classifier = "model: {input: [4], layers: [dense: 3]}\nloss: softmax-cross-entropy"

  init() throws { folder = try TemporaryFolder() }

  func model(_ head: String, _ lines: [String]) throws -> ModelFile {
    let text = "\(head)\ndata:\n" + lines.map { "  \($0)\n" }.joined()
    return try ModelFile(contentsOf: folder.file("model.yaml", text.utf8))
  }

  /// The data of a model with these lines, all for training.
  func data(_ head: String, _ lines: String...) throws -> ModelData {
    try #require(try model(head, lines + ["split: {train: 1.0, stratify: false}"]).readData())
  }

  /// What is said of data that can't be taken, without the folder's name.
  func message(_ head: String, _ lines: String...) -> String {
    GradientModelFilesTests.message(in: folder) { _ = try model(head, lines).readData() }
  }

  /// What was decided, without the folder's name.
  func description(_ data: ModelData) -> String {
    data.description.replacing(folder.path + "/", with: "")
  }

  /// Each example's inputs and targets in one row.
  func rows(_ data: Dataset) -> Set<[Double]> {
    Set(
      (0..<data.count).map { example in
        let inputs = data.features.flatMap { input in
          input.values[example * input.shape.count..<(example + 1) * input.shape.count]
        }
        return data.targetSets.reduce(inputs) { row, targets in
          switch targets.selecting([example]) {
          case .classes(let classes, _, _): row + classes.map(Double.init)
          case .values(let values, _): row + values
          }
        }
      })
  }

  @Test func imagesAndLabelsFromIDX() throws {
    _ = try folder.file("images-idx3-ubyte", idx(8, [3, 2, 2], Array(1...12)))
    _ = try folder.file("labels.idx", idx(8, [3], [0, 2, 1]))
    let lines = ["input: {file: images-idx3-ubyte}", "target: {file: labels.idx}"]
    let data = try data(Self.classifier, lines[0], lines[1])
    #expect(
      rows(data.split.training) == [[1, 2, 3, 4, 0], [5, 6, 7, 8, 2], [9, 10, 11, 12, 1]])
    #expect(
      description(data) == "IDX of uint8, 2 × 2, target: \"labels.idx\", 3 classes")
    let channels = try self.data(
      "model: {input: [1, 2, 2], layers: [relu]}\nloss: sum-of-squares", lines[0], "target: input")
    #expect(channels.split.training.inputShape == [1, 2, 2])
    #expect(
      message(Self.classifier.replacing("[4]", with: "[5]"), lines[0], lines[1])
        == "model.yaml:1: model.input is 5, but images-idx3-ubyte has examples of 2 × 2")
    #expect(
      message(Self.classifier.replacing("dense: 3", with: "dense: 2"), lines[0], lines[1])
        == "model.yaml:1: the data have 3 classes, but the output has 2")
    #expect(
      message(Self.classifier, "file: images-idx3-ubyte")
        == "model.yaml:4: an IDX file holds inputs alone; data.target names the file with the targets"
    )
    _ = try folder.file("two.idx", idx(8, [2], [0, 1]))
    #expect(
      message(Self.classifier, lines[0], "target: {file: two.idx}")
        == "two.idx: 2 rows, expected 3 as in images-idx3-ubyte")
  }

  @Test func channelsThatStandLastAreRefused() throws {
    _ = try folder.file("x.idx", idx(8, [1, 2, 4, 3], [UInt8](repeating: 1, count: 24)))
    #expect(
      message(
        "model: {input: [3, 2, 4], layers: [relu]}\nloss: sum-of-squares",
        "input: {file: x.idx}", "target: input")
        == "model.yaml:1: model.input is 3 × 2 × 4, but x.idx has examples of 2 × 4 × 3")
  }

  @Test func aTableFromNPY() throws {
    let numbers: [Double] = [1, 2, 3, 4, 0, 5, 6, 7, 8, 1]
    let bytes = npy(npyHeader("<f8", "(2, 5)"), NumberType.float64.encode(numbers))
    _ = try folder.file("x.npy", bytes)
    let data = try data(Self.classifier, "file: x.npy")
    #expect(rows(data.split.training) == [[1, 2, 3, 4, 0], [5, 6, 7, 8, 1]])
    #expect(
      description(data) == "NPY of float64, 4 features, target: last column, 2 classes")
    let chosen = try self.data(
      "model: {input: [2], layers: [dense: 2]}\nloss: sum-of-squares", "file: x.npy",
      "columns: [1, 3]", "target: [2, 4]")
    #expect(rows(chosen.split.training) == [[1, 3, 2, 4], [5, 7, 6, 8]])
    #expect(
      message(Self.classifier, "file: x.npy", "target: 6")
        == "x.npy: no column 6: the file has columns 1 to 5")
    #expect(
      message(Self.classifier, "file: x.npy", "columns: [1-4]", "target: 4")
        == "x.npy: column 4 is both input and target")
  }

  @Test func missingValuesOfAnArray() throws {
    let numbers: [Double] = [1, 2, 3, 4, 0, 5, .nan, 7, 8, 1, 9, 4, 9, 9, 1]
    _ = try folder.file(
      "x.npy", npy(npyHeader("<f8", "(3, 5)"), NumberType.float64.encode(numbers)))
    #expect(
      message(Self.classifier, "file: x.npy")
        == "x.npy: example 2 holds NaN, expected a value; missing: drop-row or missing: mean allows "
        + "for gaps")
    let dropped = try data(Self.classifier, "file: x.npy", "missing: drop-row")
    #expect(rows(dropped.split.training) == [[1, 2, 3, 4, 0], [9, 4, 9, 9, 1]])
    let filled = try data(Self.classifier, "file: x.npy", "missing: mean")
    #expect(rows(filled.split.training).contains([5, 3, 7, 8, 1]))
    let infinite = NumberType.float64.encode([1, 2, .infinity, 4, 0])
    _ = try folder.file("x.npy", npy(npyHeader("<f8", "(1, 5)"), infinite))
    #expect(
      message(Self.classifier, "file: x.npy")
        == "x.npy: example 1 holds inf, expected finite numbers")
  }

  @Test func arraysOfOneNPZ() throws {
    try FileManager.default.copyItem(
      atPath: fixture("arrays/stored.npz"), toPath: folder.file("x.npz"))
    let head = "model: {input: [12], layers: [dense: 2]}\nloss: softmax-cross-entropy"
    let data = try data(head, "file: x.npz")
    #expect(data.split.training.count == 2)
    #expect(
      description(data)
        == "NPZ of float32, 3 × 4, target: array \"target\", 2 classes")
    #expect(
      message(head, "input: {file: x.npz, array: inputs}")
        == "x.npz: holds no array \"inputs\"; did you mean \"input\"?; it holds \"input\", \"target\", "
        + "\"flags\"")
    #expect(try self.data(head, "file: x.npz", "target: flags").split.training.count == 2)
    let batch = try model(head, ["file: none.npz"]).readBatch(folder.file("x.npz"))
    #expect(batch.count == 2 && batch.inputShape == [12])
    #expect(
      GradientModelFilesTests.message(in: folder) {
        _ = try model(head, ["file: none.npz"]).readBatch(folder.file("x.npy"))
      } == "x.npy: is no .npz file, expected an archive of arrays")
  }

  @Test func severalInputsAndTargets() throws {
    _ = try folder.file("x.csv", "a,b,c,kind,size\n1,2,3,red,0.5\n4,5,6,blue,0.25\n".utf8)
    let head = """
      model:
        input: {left: [2], right: [1]}
        layers:
          - concatenate: {from: [left, right], name: both}
          - dense: {units: 2, name: kinds}
          - dense: {units: 1, name: sizes, from: both}
      losses:
        - {output: kinds, loss: softmax-cross-entropy, target: kind}
        - {output: sizes, loss: sum-of-squares, weight: 0.5, target: size}
      """
    let sources = ["{file: x.csv, columns: [a, b]}", "{file: x.csv, columns: c}"]
    let data = try data(head, "input: {left: \(sources[0]), right: \(sources[1])}")
    #expect(rows(data.split.training) == [[1, 2, 3, 0, 0.5], [4, 5, 6, 1, 0.25]])
    #expect(
      description(data)
        == "left: header, 2 features, right: header, 1 feature, target of kinds: column \"kind\", "
        + "2 classes (0 red, 1 blue), target of sizes: column \"size\", numbers")
    _ = try folder.file("y.csv", "0.5\n0.25\n".utf8)
    let apart = try self.data(
      head, "input: {left: \(sources[0]), right: \(sources[1])}",
      "target: {kind: {file: x.csv, column: kind}, size: {file: y.csv}}")
    #expect(apart.split.training == data.split.training)
    #expect(
      message(head, "input: {left: \(sources[0])}")
        == "model.yaml:11: data.input needs \"right\", the source of the input \"right\"")
    #expect(
      message(head, "input: {left: \(sources[0]), rigth: \(sources[1])}")
        == "model.yaml:11: unknown key \"rigth\" in data.input; did you mean \"right\"?")
    #expect(
      message(head, "file: x.csv")
        == "model.yaml:11: model.input names 2 inputs; data.input gives each its own source, or an "
        + ".npz file holds an array of each name")
  }

  @Test func anAutoencoderAimsAtItsNormalizedInput() throws {
    _ = try folder.file("x.csv", "1,2\n3,4\n5,9\n".utf8)
    let head = "model: {input: [2], layers: [dense: 2]}\nloss: mean-squared-error"
    let data = try data(head, "file: x.csv", "target: input", "normalize: min-max")
    #expect(data.split.training.inputs.sorted() == [0, 0, 2.0 / 7, 0.5, 1, 1])
    #expect(
      data.split.training.targets == .values(data.split.training.inputs, perExample: 2))
    #expect(description(data) == "no header, 2 features, target: the input itself")
    // In quotation marks it is the name of a column.
    #expect(
      message(head, "file: x.csv", "target: \"input\"")
        == "x.csv:1: no column \"input\": the file has no header")
  }

  @Test func featuresAsSteps() throws {
    _ = try folder.file("x.csv", "1,2,3,4,0\n5,6,7,8,1\n".utf8)
    let head = "model: {input: [2, 2], layers: [relu]}\nloss: sum-of-squares"
    let data = try data(
      head, "file: x.csv", "columns: [1-4]", "sequence: {length: 2}", "target: input")
    #expect(data.split.training.inputShape == [2, 2] && data.split.training.lengths == nil)
    #expect(
      description(data) == "no header, 4 features, target: the input itself, 2 steps of 2")
    #expect(
      message(head, "file: x.csv", "sequence: {length: 4}")
        == "model.yaml:5: data.sequence has 4 steps, but model.input is 2 × 2")
    #expect(
      message(head, "file: x.csv", "sequence: {}")
        == "model.yaml:5: data.sequence has neither or both of \"length\" and \"group-by\", expected "
        + "one")
  }

  static let utterances = "who,x,y,label\na,1,2,0\nb,3,4,1\na,5,6,0\na,7,8,0\nb,9,9,1\n"

  @Test func rowsGatheredToSequences() throws {
    _ = try folder.file("x.csv", Self.utterances.utf8)
    let head = "model: {input: [4, 2], layers: [dense: 2]}\nloss: softmax-cross-entropy"
    let data = try data(head, "file: x.csv", "sequence: {group-by: who}")
    let training = data.split.training
    #expect(training.inputShape == [4, 2])
    #expect(Set(training.lengths ?? []) == [3, 2])
    // A class at each position, as the output has positions.
    #expect(
      rows(training) == [
        [1, 2, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0], [3, 4, 9, 9, 0, 0, 0, 0, 1, 1, 0, 0],
      ])
    #expect(
      description(data)
        == "header, 2 features, 2 sequences of 2 to 3 steps, target: last column, 2 classes")
    #expect(
      message(head.replacing("[4, 2]", with: "[2, 2]"), "file: x.csv", "sequence: {group-by: who}")
        == "x.csv: the sequence \"a\" has 3 steps, but model.input 2 × 2 has room for 2")
    #expect(
      message(head.replacing("[4, 2]", with: "[4, 3]"), "file: x.csv", "sequence: {group-by: who}")
        == "model.yaml:1: model.input is 4 × 3, but rows of x.csv make sequences of 2 features, "
        + "expected [steps, 2]")
    #expect(
      message(head, "file: x.csv", "sequence: {group-by: whom}")
        == "x.csv:1: no column \"whom\" in the header; did you mean \"who\"?")
  }

  /// The mean of a feature over sequences counts no padding.
  @Test func sequencesAreNormalizedAndFilledWithoutTheirPadding() throws {
    _ = try folder.file("x.csv", Self.utterances.replacing("a,5,6", with: "a,5,").utf8)
    let head = "model: {input: [3, 2], layers: [dense: 2]}\nloss: softmax-cross-entropy"
    let data = try data(head, "file: x.csv", "sequence: {group-by: who}", "missing: mean")
    #expect(
      rows(data.split.training) == [
        [1, 2, 5, 5.75, 7, 8, 0, 0, 0], [3, 4, 9, 9, 0, 0, 1, 1, 0],
      ])
  }

  @Test func textAsCharacters() throws {
    _ = try folder.file("text.txt", "abcabdabe".utf8)
    let head = """
      model: {input: [3], layers: [{embedding: {vocabulary: 5, units: 2}}, {dense: 5}]}
      loss: softmax-cross-entropy
      """
    let data = try data(head, "file: text.txt", "text: {unit: character, length: 3}")
    #expect(rows(data.split.training) == [[0, 1, 2, 1, 2, 0], [0, 1, 3, 1, 3, 0]])
    guard case .classes(_, let names, 3) = data.split.training.targets else {
      Issue.record("expected three classes an example")
      return
    }
    #expect(names == ["a", "b", "c", "d", "e"])
    #expect(
      description(data)
        == "text of 5 different characters, 2 examples of 3, target: the next character at each "
        + "position")
    #expect(
      message(
        head.replacing("vocabulary: 5", with: "vocabulary: 3"), "file: text.txt",
        "text: {length: 3}")
        == "model.yaml:1: an index in the data is 3.0, but the network's vocabulary is 0 to 2")
    #expect(
      message(head, "file: text.txt", "text: {length: 4}")
        == "model.yaml:1: model.input is 3, but data.text makes examples of [4]")
    #expect(
      message(head, "file: text.txt", "text: {length: 3}", "target: 1")
        == "model.yaml:6: data.target has no place beside data.text, which makes inputs and targets "
        + "of the text")
    #expect(
      message(head.replacing("[3]", with: "[9]"), "file: text.txt", "text: {length: 9}")
        == "text.txt: holds 9 characters, expected at least 10 for one example and the character "
        + "behind it")
    #expect(
      message(
        "model: {input: [3], layers: [dense: 5]}\nloss: softmax-cross-entropy", "file: text.txt",
        "text: {length: 3}")
        == "model.yaml:1: data.text makes numbers of characters, which only an embedding takes as "
        + "its input")
  }

  @Test func aBatchLargerThanTheDataIsAllOfThem() throws {
    _ = try folder.file("x.csv", "1,2,3,4,0\n5,6,7,8,1\n".utf8)
    let training = "\ntraining: {batch: 8, epochs: 1, optimizer: {sgd: 0.1}}"
    let data = try data(Self.classifier + training, "file: x.csv")
    #expect(
      description(data)
        == "no header, 4 features, target: last column, 2 classes, every batch is the whole training "
        + "part (2 of 8)")
  }
}
