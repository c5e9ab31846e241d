import GradientModelFiles
import GzipIO
import Testing

@testable import Backpropagation

/// A network of a golden file, and what the toolkit makes of the file's inputs and parameters.
struct GoldenNetwork {
  let file: GoldenFile
  let network: NeuralNetwork

  /// Reads a golden file and builds its network from `text`, by default the file's own model.
  init(_ name: String, text: String? = nil) throws {
    file = try GoldenFile(name)
    let folder = try TemporaryFolder()
    let model = try #require(text ?? file.metadata["model"])
    network = try ModelFile(contentsOf: folder.file("model.yaml", Array(model.utf8))).network
  }

  /// What PyTorch computed.
  var theirs: [String: [Double]] {
    file.tensors("output", "loss", "delta/", "gradient/", "after/")
  }

  /// The same tensors, computed here in one pass over all examples.
  func ours<Scalar: TensorScalar>(
    in type: Scalar.Type, combination: Combination = .add
  ) throws -> [String: [Double]] {
    let data = try dataset()
    let parameters = ParameterStore<Scalar>(zerosFor: network)
    for (parameter, view) in zip(network.parameters, parameters.views) {
      let values = try file.tensor("parameter/\(parameter.name)")
      #expect(file.shapes["parameter/\(parameter.name)"] == parameter.shape.sizes)
      for (index, value) in values.enumerated() { view[index] = Scalar(value) }
    }
    let workspace = Workspace(
      network, parameters: parameters, capacity: data.count,
      inputDeltas: !file.tensors("delta/").isEmpty, combination: combination)
    workspace.context.isTraining = file.metadata["mode"] == "training"
    let buffers = data.targetSets.map { TargetBuffer<Scalar>($0, capacity: data.count) }
    MemorySource(data).gather(0..<data.count, into: workspace, targets: buffers)
    let targets = buffers.map { $0.batch(of: data.count) }
    let divisors = zip(network.heads, targets).map { head, targets in
      head.divisor(
        of: targets, examples: data.count, lengths: workspace.context.lengths)
    }
    workspace.forward(examples: data.count)
    let loss = workspace.loss(targets, examples: data.count, divisors: divisors)
    workspace.backward(targets, examples: data.count, divisors: divisors)
    return results(loss, workspace, examples: data.count)
  }

  private func results<Scalar>(
    _ loss: Double, _ workspace: Workspace<Scalar>, examples: Int
  ) -> [String: [Double]] {
    var results = ["loss": [loss]]
    for head in network.heads {
      results["output" + (head.target.map { "/\($0)" } ?? "")] =
        workspace.output(of: head.output, examples: examples).numbers
    }
    for input in 0..<network.inputCount
    where file.tensors["delta/\(network.nodes[input].name)"] != nil {
      results["delta/\(network.nodes[input].name)"] =
        workspace.delta(of: input, examples: examples).numbers
    }
    for (place, parameter) in network.parameters.enumerated() {
      if parameter.isTrainable {
        results["gradient/\(parameter.name)"] = workspace.gradients.views[place].numbers
      } else {
        results["after/\(parameter.name)"] = workspace.parameters.views[place].numbers
      }
    }
    return results
  }

  private func dataset() throws -> Dataset {
    let inputs = network.nodes.prefix(network.inputCount)
    let features = try inputs.map { node in
      let key = file.tensors["input"] == nil ? "input/\(node.name)" : "input"
      return Dataset.Features(name: node.name, shape: node.shape, values: try file.tensor(key))
    }
    let examples = features[0].values.count / features[0].shape.count
    let targets = try network.heads.map { head in
      let values = try file.tensor("target" + (head.target.map { "/\($0)" } ?? ""))
      let perExample = values.count / examples
      return head.loss.takesClasses
        ? Targets.classes(values.map { Int($0) }, names: [], perExample: perExample)
        : Targets.values(values, perExample: perExample)
    }
    return Dataset(
      features: features, targetSets: targets,
      lengths: file.tensors["lengths"].map { $0.map { Int($0) } })
  }
}

extension TensorView {
  fileprivate var numbers: [Double] { (0..<count).map { Double(self[$0]) } }
}
