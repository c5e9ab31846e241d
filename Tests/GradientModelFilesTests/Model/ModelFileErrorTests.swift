import Backpropagation
import Foundation
import GradientModelFiles
import GzipIO
import Testing

/// A model file that can't be taken, and the error that says so.
struct BadModel: Sendable, CustomTestStringConvertible {
  var text: String
  var line: Int?
  var message: String

  init(_ text: String, _ line: Int?, _ message: String) {
    (self.text, self.line, self.message) = (text, line, message)
  }

  /// A whole model with these layers, the first of which stands on line 4.
  static func layers(_ layers: String..., input: String = "[4]", line: Int, _ message: String)
    -> BadModel
  {
    let list = layers.map { "    - \($0)\n" }.joined()
    return BadModel(
      "model:\n  input: \(input)\n  layers:\n\(list)loss: sum-of-squares\n", line, message)
  }

  /// A whole model with these lines in a section that begins on line 3.
  static func section(_ lines: String..., line: Int, _ message: String) -> BadModel {
    let head = "model: {input: [4], layers: [{dense: 2}]}\nloss: softmax-cross-entropy\n"
    return BadModel(head + lines.joined(separator: "\n") + "\n", line, message)
  }

  var testDescription: String { message }
}

struct ModelFileErrorTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func error(_ bytes: some Sequence<UInt8>) throws -> InputError? {
    let path = try folder.file("model.yaml", bytes)
    return #expect(throws: InputError.self) { try ModelFile(contentsOf: path) }
  }

  /// Two layers that a loss can take, and these losses from line 6 on.
  static func losses(_ items: String..., line: Int, _ message: String) -> BadModel {
    let head =
      "model:\n  input: [4]\n  layers:\n    - dense: {units: 2, name: a}\n"
      + "    - dense: {units: 2, name: b, from: input}\n"
    return BadModel(head + items.joined(separator: "\n") + "\n", line, message)
  }

  static let losses: [BadModel] = [
    losses(
      "loss: huber", "losses: []", line: 7,
      "the file has \"loss\" and \"losses\", expected one of them"),
    losses("losses: huber", line: 6, "losses is \"huber\", expected a list of losses"),
    losses("losses: []", line: 6, "losses has 0 losses, expected 1 to 64"),
    losses("losses:", "- huber", line: 7, "losses is \"huber\", expected keys and values"),
    losses("losses:", "- {output: a}", line: 7, "losses needs \"loss\", the name of a loss"),
    losses(
      "losses:", "- {output: a, loss: hubert}", line: 7,
      "unknown loss \"hubert\"; did you mean \"huber\"?"),
    losses(
      "losses:", "- {output: a, loss: huber}", "- {outputs: b, loss: huber}", line: 8,
      "unknown key \"outputs\" in losses; did you mean \"output\"?"),
    losses(
      "losses:", "- {output: a, loss: huber}", "- {output: b, loss: huber, weight: 0}", line: 8,
      "weight of losses is 0, expected a positive number"),
    losses(
      "losses:", "- {output: a, loss: huber}", "- {output: c, loss: huber}", line: 8,
      "a loss takes the output of \"c\", which is no layer; did you mean \"a\"?"),
    losses(
      "losses:", "- {output: a, loss: huber}", "- {output: a, loss: huber}", line: 8,
      "layer \"a\": two losses take its output"),
    losses(
      "losses:", "- {output: a, loss: huber}", "- loss: huber", line: 3,
      "of several losses each says whose output it takes"),
    losses(
      "losses:", "- {output: a, loss: huber}", line: 6,
      "layer \"b\": feeds nothing, and no loss takes its output"),
    losses(
      "losses:", "- {output: a, loss: huber}",
      "- {output: b, loss: {softmax-cross-entropy: {class-weights: [1]}}}", line: 8,
      "layer \"b\": softmax-cross-entropy has 1 class-weights, but the output has 2 classes"),
  ]

  static let yaml: [BadModel] = [
    BadModel("", nil, "is empty, expected a model"),
    BadModel("# nothing\n", nil, "is empty, expected a model"),
    BadModel("---\n", nil, "is empty, expected a model"),
    BadModel("42\n", 1, "the file is \"42\", expected keys and values"),
    BadModel("- a\n- b\n", 1, "the file is a list of 2, expected keys and values"),
    BadModel(
      "model:\n  input: [4\n  layers: x\n", 3,
      "is not valid YAML: while parsing a flow sequence, did not find expected ',' or ']'"),
    BadModel(
      "model:\n\tinput: 4\n", 2,
      "is not valid YAML: while scanning for the next token, found character that cannot start any "
        + "token"),
    BadModel("a: 1\u{0}\n", 1, "is not valid YAML: control characters are not allowed"),
    BadModel("a: 1\nb: \u{7}\n", 2, "is not valid YAML: control characters are not allowed"),
    BadModel(
      "model: 1\n---\nmodel: 2\n", 2,
      "is not valid YAML: expected a single document in the stream, but found another document"),
    BadModel(
      "model: 1\nloss: 2\nmodel: 3\n", 1, "the key \"model\", first given here, is given twice"),
    BadModel("a: &x 1\nb: *x\n", 1, "YAML anchors and aliases (&name, *name) are refused"),
    BadModel("a: *x\n", 1, "is not valid YAML: found undefined alias"),
    BadModel("model: !!binary abc\n", 1, "YAML tags (!name) are refused"),
    BadModel("? [a]\n: b\n", 1, "a key is a list of 1, expected a word"),
    BadModel(
      "a: " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40), 1,
      "nested deeper than the limit of 32"),
    BadModel(
      "a: " + String(repeating: "[", count: 100_000), 1,
      "nested deeper than the limit of 32"),
  ]

  static let structure: [BadModel] = [
    BadModel("modle:\n  input: [4]\n", 1, "unknown key \"modle\"; did you mean \"model\"?"),
    BadModel(
      "loss: sum-of-squares\n", 1, "the file needs \"model\", the network's input and layers"),
    BadModel(
      "model: {input: [4], layers: [relu]}\n", 1, "the file needs \"loss\", the name of a loss"),
    BadModel("model: digits\nloss: x\n", 1, "model is \"digits\", expected keys and values"),
    BadModel("version: 2\nmodel: {}\n", 1, "is of version 2, expected version 1"),
    BadModel(
      "version: one\nmodel: {}\n", 1,
      "version of the file is \"one\", expected a whole number from 1 to 1000"),
    BadModel(
      "model:\n  layers: [relu]\nloss: sum-of-squares\n", 2,
      "model needs \"input\", the shape of one example, such as [64]"),
    BadModel(
      "model:\n  input: [4]\nloss: sum-of-squares\n", 2, "model needs \"layers\", a list of layers"),
    .layers(
      "relu", input: "64", line: 2,
      "model.input is \"64\", expected the shape of one example, such as [64] or [1, 28, 28]"),
    .layers(
      "relu", input: "[0]", line: 2,
      "a size in model.input is \"0\", expected a whole number from 1"),
    .layers(
      "relu", input: "[-3]", line: 2,
      "a size in model.input is \"-3\", expected a whole number from 1"),
    .layers(
      "relu", input: "[a]", line: 2,
      "a size in model.input is \"a\", expected a whole number from 1"),
    .layers(
      "relu", input: "[4294967296, 4294967296]", line: 2,
      "model.input holds more than 2147483647 numbers"),
    .layers("relu", input: "[]", line: 2, "model.input has 0 sizes, expected 1 to 8"),
    .layers(
      "relu", input: "{a: [1], b: 2}", line: 2,
      "model.input.b is \"2\", expected the shape of one example, such as [64] or [1, 28, 28]"),
    .layers("relu", input: "{}", line: 2, "model.input has 0 inputs, expected 1 to 64"),
    BadModel(
      "model:\n  input: [4]\n  layers: relu\nloss: sum-of-squares\n", 3,
      "model.layers is \"relu\", expected a list of layers"),
    BadModel(
      "model:\n  input: [4]\n  layers: []\nloss: sum-of-squares\n", 3,
      "model.layers has 0 layers, expected 1 to 4096"),
    BadModel(
      "model: {input: [4], layers: [relu]}\nloss: sum-of-square\n", 2,
      "unknown loss \"sum-of-square\"; did you mean \"sum-of-squares\"?"),
    BadModel(
      "model: {input: [4], layers: [relu]}\nloss: {huber: -1}\n", 2,
      "delta of huber is -1, expected a positive number"),
    BadModel(
      "model: {input: [4], layers: [relu]}\nloss: {softmax-cross-entropy: {label-smooth: 0.1}}\n",
      2,
      "unknown key \"label-smooth\" in loss.softmax-cross-entropy; "
        + "did you mean \"label-smoothing\"?"),
    BadModel(
      "model: {input: [4], layers: [relu]}\n"
        + "loss: {softmax-cross-entropy: {class-weights: [1, 2]}}\n", 2,
      "layer \"relu-1\": softmax-cross-entropy has 2 class-weights, but the output has 4 classes"),
    BadModel(
      "model: {input: [4], layers: [{dense: 1}]}\nloss: softmax-cross-entropy\n", 2,
      "layer \"dense-1\": softmax-cross-entropy takes an output for each class, at least 2, got 1"),
  ]

  static let layers: [BadModel] = [
    .layers("dense: 3", "rleu", line: 5, "unknown layer \"rleu\"; did you mean \"relu\"?"),
    .layers(
      "dense: {unit: 3}", line: 4,
      "unknown key \"unit\" in model.layers.dense; did you mean \"units\"?"),
    .layers("dense: {}", line: 4, "dense needs \"units\", a whole number from 1 to 16777216"),
    .layers("dense", line: 4, "dense needs \"units\", a whole number from 1 to 16777216"),
    .layers("dense: {units: }", line: 4, "\"units\" has no value"),
    .layers(
      "dense: -1", line: 4, "units of dense is -1, expected a whole number from 1 to 16777216"),
    .layers("dense: 0", line: 4, "units of dense is 0, expected a whole number from 1 to 16777216"),
    .layers(
      "dense: 2.5", line: 4, "units of dense is 2.5, expected a whole number from 1 to 16777216"),
    .layers(
      "dense: ten", line: 4, "units of dense is \"ten\", expected a whole number from 1 to 16777216"
    ),
    .layers(
      "dense: [1]", line: 4,
      "units of dense is a list of 1, expected a whole number from 1 to 16777216"),
    .layers(
      "dense: 99999999999", line: 4,
      "units of dense is 99999999999, expected a whole number from 1 to 16777216"),
    .layers(
      "dense: 1e99", line: 4, "units of dense is 1e+99, expected a whole number from 1 to 16777216"),
    .layers(
      "dense: {units: 3, bias: yes}", line: 4, "bias of dense is \"yes\", expected true or false"),
    .layers(
      "dense: {units: 3, initializer: he}", line: 4,
      "unknown initializer \"he\"; did you mean \"he-normal\" or \"he-uniform\"?"),
    .layers(
      "dense:\n        units: 3\n        initializer:\n          normal: {standard-deviation: 0}",
      line: 7, "standard-deviation of normal is 0, expected a positive number"),
    .layers(
      "dense: {units: 16777216}", "dense: {units: 16777216}", line: 5,
      "layer \"dense-2\": with it the network has 281475077373952 parameters; at most 2147483647 are supported"
    ),
    .layers("relu: {slope: 1}", line: 4, "unknown key \"slope\" in model.layers.relu"),
    .layers("relu: 3", line: 4, "relu takes no short form, expected relu: {…}"),
    .layers(
      "{dense: 3, name: a}", line: 4,
      "expected one layer, found 2 keys (\"dense\", \"name\"); a layer's own keys stand in its braces: dense: {units: 10, name: output}"
    ),
    .layers("[relu]", line: 4, "expected the name of a layer, found a list of 1"),
    .layers("", line: 4, "unknown layer \"\""),
    .layers("relu: {name: input}", line: 4, "layer \"input\": is the name of the network's input"),
    .layers(
      "relu: {name: a b}", line: 4,
      "layer \"a b\": a layer's name is made of letters, digits, '.', '_', '-' and single '/'"),
    .layers(
      "relu: {name: a}", "relu: {name: a}", line: 5, "layer \"a\": two layers have this name"),
    .layers("relu: {name: [a]}", line: 4, "relu.name is a list of 1, expected a word"),
    .layers("relu: {from: []}", line: 4, "relu.from names no layer"),
    .layers(
      "relu: {from: [[a]]}", line: 4, "relu.from holds a list of 1, expected the name of a layer"),
    .layers(
      "dense: {units: 3, name: a}", "relu: {from: b}", line: 5,
      "layer \"relu-1\": from names \"b\", which is no layer; did you mean \"a\"?"),
    .layers(
      "dense: {units: 3, name: hidden}", "relu: {from: hiden}", line: 5,
      "layer \"relu-1\": from names \"hiden\", which is no layer; did you mean \"hidden\"?"),
    .layers(
      "add: {from: [input, b], name: a}", "relu: {name: b}", line: 4,
      "layer \"a\": feeds itself: there is a cycle among \"a\", \"b\""),
    .layers(
      "add: {from: [input, input]}", "dense: {units: 3, name: other}",
      "add: {from: [other, add-1], name: sum}", line: 6,
      "layer \"sum\": add takes inputs of one shape, got 3 and 4, from \"other\" and \"add-1\""),
    .layers(
      "dense: 3", input: "[2, 3, 4]", line: 4,
      "layer \"dense-1\": dense takes features or a sequence of features, got 2 × 3 × 4; put flatten before it, from \"input\""
    ),
    .layers(
      "dense: 3", "dense: {units: 3, from: input}", line: 3,
      "\"dense-1\" and \"dense-2\" feed nothing; the loss takes the output of one layer"),
    .layers(
      "dense: 3", "dense: {units: 2, weights-of: dense-1}", line: 5,
      "layer \"dense-2\": needs weights of 2 × 3 and 2, but those of \"dense-1\" are 3 × 4 and 3"
    ),
  ]

  static let sections: [BadModel] = [
    .section(
      "training:", "  epochs: 1", line: 4, "training needs \"optimizer\", the name of an optimizer"),
    .section(
      "training: {epochs: 1, optimizer: {sgd: 0}}", line: 3,
      "learning-rate of sgd is 0, expected a positive number"),
    .section(
      "training: {epochs: 1, optimizer: {sgd: -0.1}}", line: 3,
      "learning-rate of sgd is -0.1, expected a positive number"),
    .section(
      "training: {epochs: 1, optimizer: {sgd: .nan}}", line: 3,
      "learning-rate of sgd is nan, expected a positive number"),
    .section(
      "training: {epochs: 1, optimizer: {sgd: NaN}}", line: 3,
      "learning-rate of sgd is \"NaN\", expected a positive number"),
    .section(
      "training: {epochs: 1, optimizer: sgd}", line: 3,
      "sgd needs \"learning-rate\", a positive number"),
    .section(
      "training:", "  epochs: 1", "  optimizer:", "    sgd:", "      lerning-rate: 0.1", line: 7,
      "unknown key \"lerning-rate\" in training.optimizer.sgd; did you mean \"learning-rate\"?"),
    .section(
      "training:", "  epochs: 1", "  optimizer:", "    sgd:", "      learning-rate: 0.1",
      "      momentum: 1", line: 8, "momentum of sgd is 1, expected from 0 to below 1"),
    .section(
      "training:", "  epochs: 1", "  optimizer: sdg", line: 5,
      "unknown optimizer \"sdg\"; did you mean \"sgd\"?"),
    .section(
      "training:", "  optimizer: {sgd: 0.1}", line: 4, "training needs \"epochs\" or \"steps\""),
    .section(
      "training:", "  optimizer: {sgd: 0.1}", "  epochs: 1", "  steps: 1", line: 6,
      "training has epochs and steps, expected one"),
    .section(
      "training:", "  optimizer: {sgd: 0.1}", "  epochs: 0", line: 5,
      "epochs of training is 0, expected a whole number from 1 to 1000000000"),
    .section(
      "training:", "  epochs: 1", "  batch: -5", line: 5,
      "batch of training is -5, expected a whole number from 1 to 16777216"),
    BadModel(
      "model: {input: [65536], layers: [{dense: 2}]}\nloss: sum-of-squares\ntraining:\n  epochs: 1\n  optimizer: {sgd: 1}\n  batch: 100000\n",
      6,
      "a batch of 100000 examples, 65538 numbers each, is more than the 2147483647 numbers that are supported"
    ),
    .section(
      "training:", "  epochs: 1", "  seed: -1", line: 5,
      "seed of training is -1, expected a whole number from 0 to 9223372036854775807"),
    .section(
      "training:", "  epochs: 1", "  precision: half", line: 5,
      "training.precision is \"half\", expected one of float, double"),
    .section(
      "training:", "  epochs: 1", "  accumulate: 0", line: 5,
      "accumulate of training is 0, expected a whole number from 1 to 1048576"),
    .section(
      "training:", "  epoch: 1", line: 4,
      "unknown key \"epoch\" in training; did you mean \"epochs\"?"),
    .section("data: {}", line: 3, "data needs \"file\", the name of a data file"),
    .section(
      "data: {file: x.csv, target: all}", line: 3,
      "data.target is \"all\", which leaves no inputs"),
    .section("data: {file: [a]}", line: 3, "data.file is a list of 1, expected a word"),
    .section(
      "data: {file: /etc/passwd}", line: 3,
      "data.file is \"/etc/passwd\", which lies outside of the model file's folder and its parent; --allow-outside allows that"
    ),
    .section(
      "data: {file: ../../x.csv}", line: 3,
      "data.file is \"../../x.csv\", which lies outside of the model file's folder and its parent; --allow-outside allows that"
    ),
    .section(
      "data: {file: \"x\\0.csv\"}", line: 3,
      "data.file is \"x\\u{0}.csv\", expected the name of a file"),
    .section(
      "data: {file: x.csv, input: {file: y.csv}}", line: 3,
      "data has \"file\" and \"input\", expected one of them"),
    .section(
      "data:", "  file: x.csv", "  header: maybe", line: 5,
      "data.header is \"maybe\", expected one of auto, true, false"),
    .section(
      "data:", "  file: x.csv", "  delimiter: \"|\"", line: 5,
      "data.delimiter is \"|\", expected one of auto, \",\", \";\", tab, space"),
    .section(
      "data:", "  file: x.csv", "  skip-rows: -1", line: 5,
      "skip-rows of data is -1, expected a whole number from 0 to 1000000000"),
    .section(
      "data:", "  file: x.csv", "  missing: zero", line: 5,
      "data.missing is \"zero\", expected one of error, drop-row, mean"),
    .section(
      "data:", "  file: x.csv", "  normalize: standart", line: 5,
      "data.normalize is \"standart\", expected one of none, standard, min-max, unit-norm"),
    .section(
      "data:", "  file: x.csv", "  stream: yes please", line: 5,
      "stream of data is \"yes please\", expected true or false"),
    .section("data:", "  file: x.csv", "  columns: []", line: 5, "data.columns names no column"),
    .section(
      "data:", "  file: x.csv", "  columns: [{a: 1}]", line: 5,
      "data.columns holds a map, expected a column's name or place"),
    .section(
      "data:", "  file: x.csv", "  split: {train: 1.5}", line: 5,
      "train of data.split is 1.5, expected a share from 0.0 to 1.0"),
    .section(
      "data:", "  file: x.csv", "  split: {train: 0.7, test: 0.7}", line: 5,
      "the shares in data.split are more than 1 together"),
    .section(
      "data:", "  file: x.csv", "  split: {test: 1}", line: 5,
      "data.split leaves nothing to train on"),
    .section(
      "data:", "  file: x.csv", "  split: {trian: 1}", line: 5,
      "unknown key \"trian\" in data.split; did you mean \"train\"?"),
    .section("health:", "  fail-on:", line: 4, "\"fail-on\" has no value"),
  ]

  @Test(arguments: yaml + structure + layers + sections + losses)
  func everyFaultIsNamedWithItsPlace(bad: BadModel) throws {
    #expect(
      try error(bad.text.utf8)
        == InputError(file: folder.file("model.yaml"), line: bad.line, bad.message))
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

  /// Thirty layers that each double the width: no size overflows.
  @Test func widthsThatGrowWithoutEnd() throws {
    let layers = (0..<70).map { place in
      let above = place == 0 ? "input" : "concatenate-\(place)"
      return "    - concatenate: {from: [\(above), \(above)]}\n"
    }
    let text = "model:\n  input: [4]\n  layers:\n\(layers.joined())loss: sum-of-squares\n"
    let error = try error(text.utf8)
    #expect(error?.line == 32)
    #expect(
      error?.message
        == "layer \"concatenate-29\": its output of 2147483648 is more than the 2147483647 numbers "
        + "that are supported")
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

  /// Small files that unfold to billions of values, as values and as keys, are refused in no time.
  @Test func aliasesUnfoldToNothing() throws {
    let values = (1...9).map {
      "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ","))]"
    }
    let bomb = "a0: &a0 [x]\n" + values.joined(separator: "\n")
    #expect(try error(bomb.utf8)?.message == "YAML anchors and aliases (&name, *name) are refused")
    let keys = (1...5).map { "&a\($0) {? [*a\($0 - 1), *a\($0 - 1), *a\($0 - 1)] : 1}" }
    let keyBomb = "- &a0 [x]\n" + keys.map { "- \($0)\n" }.joined()
    #expect(try error(keyBomb.utf8)?.line == 1)
  }

  /// No bytes crash the reader: a model file is mutilated in 250 seeded ways.
  @Test func mutilatedModelsNeverCrash() throws {
    let model = Array(ModelFileTests.digits.utf8)
    let odd = Array("\0\t\n :-[]{}&*!|>'\"%@`#,?\u{feff}0e9~".utf8) + [0xff, 0xc3, 0x80]
    var state: UInt64 = 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<250 {
      var bytes = model
      for _ in 0...random(3) {
        let place = random(bytes.count)
        switch random(4) {
        case 0: bytes[place] = odd[random(odd.count)]
        case 1: bytes.removeSubrange(place..<min(place + 1 + random(8), bytes.count))
        case 2: bytes.insert(odd[random(odd.count)], at: place)
        default: bytes += bytes[..<place].suffix(random(100))
        }
      }
      let path = try folder.file("model.yaml", bytes)
      if let model = try? ModelFile(contentsOf: path) { #expect(model.network.nodes.count > 1) }
    }
  }
}
