import Backpropagation
import GradientTrace

extension TrainingRun {
  /// The layers as a trace describes them.
  var layerDescriptions: [LayerDescription] {
    network.nodes.map { node in
      LayerDescription(
        name: node.name, kind: node.layer.kind,
        inputs: node.inputs.map { network.nodes[$0].name }, units: node.units,
        parameters: network.trainedParameters(of: node).map { index in
          let parameter = network.parameters[index]
          return GradientTrace.ParameterDescription(
            name: parameter.nameInLayer, shape: parameter.shape.sizes,
            initialRMS: initialRMS[index], frozen: isFrozen[index])
        })
    }
  }
}

extension NeuralNetwork {
  /// The indices of a node's parameters that the optimizer changes: what a trace records.
  func trainedParameters(of node: Node) -> [Int] {
    node.parameters.filter { parameters[$0].isTrainable }
  }
}
