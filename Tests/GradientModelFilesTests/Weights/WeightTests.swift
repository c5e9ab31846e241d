import Backpropagation
import Foundation
import GzipIO
import Testing

@testable import GradientModelFiles

/// Loads somebody's trained weights, under our names and under PyTorch's.
struct WeightTests {
  let folder: TemporaryFolder
  static let head = """
    model:
      input: [2]
      layers:
        - dense: {units: 3, name: hidden}
        - batch-norm
        - dense: {units: 1, name: encoder/output, bias: false}
    loss: sum-of-squares
    """

  init() throws { folder = try TemporaryFolder() }

  /// Tensors of the network above, called by these names.
  func tensors(_ hidden: [String], _ norm: [String], _ output: String) -> [String: NumberArray] {
    var tensors = [
      hidden[0]: NumberArray(shape: [3, 2], numbers: [1, 2, 3, 4, 5, 6], type: .float32),
      hidden[1]: NumberArray(shape: [3], numbers: [7, 8, 9]),
      output: NumberArray(shape: [1, 3], numbers: [-1, -2, -3], type: .float16),
    ]
    for (place, name) in norm.enumerated() {
      tensors[name] = NumberArray(shape: [3], numbers: [Double](repeating: Double(place), count: 3))
    }
    return tensors
  }

  /// The values of every parameter of a network that starts from these tensors.
  func values(
    _ tensors: [String: NumberArray], _ weights: String = "weights: w.safetensors"
  ) throws -> [String: [Double]] {
    try SafeTensors(tensors).write(to: folder.file("w.safetensors"))
    let path = try folder.file("model.yaml", "\(Self.head)\n\(weights)\n".utf8)
    var model = try ModelFile(contentsOf: path)
    try model.loadWeights()
    let store = ParameterStore<Double>(model.network, seed: 1)
    var values: [String: [Double]] = [:]
    for (parameter, view) in zip(model.network.parameters, store.views) {
      values[parameter.name] = (0..<view.count).map { view[$0] }
    }
    return values
  }

  func message(
    _ tensors: [String: NumberArray], _ weights: String = "weights: w.safetensors"
  ) -> String {
    GradientModelFilesTests.message(in: folder) { _ = try values(tensors, weights) }
  }

  static let expected: [String: [Double]] = [
    "hidden/weight": [1, 2, 3, 4, 5, 6], "hidden/bias": [7, 8, 9],
    "batch-norm-1/weight": [0, 0, 0], "batch-norm-1/bias": [1, 1, 1],
    "batch-norm-1/running-mean": [2, 2, 2], "batch-norm-1/running-variance": [3, 3, 3],
    "encoder/output/weight": [-1, -2, -3],
  ]

  @Test func underOurNames() throws {
    let norm = ["weight", "bias", "running-mean", "running-variance"].map { "batch-norm-1/\($0)" }
    let tensors = tensors(["hidden/weight", "hidden/bias"], norm, "encoder/output/weight")
    #expect(try values(tensors) == Self.expected)
  }

  @Test func underPyTorchsNames() throws {
    let norm = ["weight", "bias", "running_mean", "running_var"].map { "module.norm.\($0)" }
    var tensors = tensors(
      ["module.fc1.weight", "module.fc1.bias"], norm, "module.encoder.output.weight")
    tensors["module.norm.num_batches_tracked"] = NumberArray(shape: [], numbers: [5], type: .int64)
    let weights =
      "weights: {file: w.safetensors, map: {fc1: hidden, module.norm: batch-norm-1}}"
    #expect(try values(tensors, weights) == Self.expected)
  }

  @Test func whatIsMissingSurplusOrMisshapenIsNamed() throws {
    let norm = ["weight", "bias", "running-mean", "running-variance"].map { "batch-norm-1/\($0)" }
    let whole = tensors(["hidden/weight", "hidden/bias"], norm, "encoder/output/weight")
    var tensors = whole
    tensors["hidden/bias"] = nil
    #expect(
      message(tensors)
        == "w.safetensors: holds no tensor for the parameter \"hidden/bias\" [3]; partial: true "
        + "allows that")
    tensors["more"] = NumberArray(shape: [2, 2], numbers: [1, 2, 3, 4])
    let partial = "weights: {file: w.safetensors, partial: true}"
    let loaded = try values(tensors, partial)
    #expect(loaded["hidden/weight"] == [1, 2, 3, 4, 5, 6] && loaded["hidden/bias"] == [0, 0, 0])
    tensors["hidden/bias"] = whole["hidden/bias"]
    #expect(
      message(tensors)
        == "w.safetensors: no parameter takes the tensor \"more\" [2, 2]; partial: true allows that"
    )
    tensors["hidden/weight"] = NumberArray(shape: [2, 3], numbers: [1, 2, 3, 4, 5, 6])
    #expect(
      message(tensors, partial)
        == "w.safetensors: tensor \"hidden/weight\" is [2, 3], expected [3, 2] for the parameter "
        + "\"hidden/weight\"")
    tensors = whole
    tensors["hidden.bias"] = whole["hidden/bias"]
    #expect(
      message(tensors)
        == "w.safetensors: the tensors \"hidden.bias\" and \"hidden/bias\" both fit the parameter "
        + "\"hidden/bias\"")
    #expect(
      message(["x": NumberArray(shape: [], numbers: [1])], partial)
        == "w.safetensors: holds no tensor for any parameter of the network")
    #expect(
      message(whole, "weights: {file: w.safetensors, map: {fc1: hiden}}")
        == "w.safetensors: weights.map leads to \"hiden\", which is no layer or parameter of the "
        + "network; did you mean \"hidden\"?")
  }

  @Test func theSectionIsChecked() {
    #expect(
      message([:], "weights: {}")
        == "model.yaml:8: weights needs \"file\", the name of a safetensors file")
    #expect(
      message([:], "weights: ../../w.safetensors")
        == "model.yaml:8: weights.file is \"../../w.safetensors\", which lies outside of the model "
        + "file's folder and its parent; --allow-outside allows that")
    #expect(
      message([:], "weights: {file: w.safetensors, map: [a]}")
        == "model.yaml:8: weights.map is a list of 1, expected names of layers by name")
    #expect(
      message([:], "weights: {file: w.safetensors, partial: some}")
        == "model.yaml:8: partial of weights is \"some\", expected true or false")
  }

  @Test func attentionsProjectionsAreSplit() throws {
    let matching = WeightMatching(
      [
        "a.in_proj_weight": NumberArray(shape: [6, 2], numbers: (0..<12).map(Double.init)),
        "a.out_proj.bias": NumberArray(shape: [2], numbers: [1, 2]),
        "r.weight_hh_l1_reverse": NumberArray(shape: [1], numbers: [1]),
      ], map: [:])
    #expect(
      try matching.match("key/weight", of: "a")
        == WeightMatching.Match(tensor: "a.in_proj_weight", part: 1, parts: 3))
    #expect(
      try matching.match("output/bias", of: "a") == WeightMatching.Match(tensor: "a.out_proj.bias"))
    #expect(
      try matching.match("weight-hidden-1-reverse", of: "r")
        == WeightMatching.Match(tensor: "r.weight_hh_l1_reverse"))
    #expect(try matching.match("query/bias", of: "a") == nil)
  }
}
