import Testing

/// Faults in the input and the layers of a model file.
struct ModelLayerErrorTests {
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

  @Test(arguments: structure + layers)
  func everyFaultIsNamedWithItsPlace(bad: BadModel) throws {
    try bad.expectRefusal(in: TemporaryFolder())
  }
}
