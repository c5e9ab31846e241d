import Backpropagation

/// The error of a whole network over dual numbers, as a function of its parameters and inputs.
struct NetworkTangents {
  private let network: NeuralNetwork
  private let passes: DualPasses
  private let errors: HeadErrors

  init(_ point: CheckPoint, _ heads: [WholeNetwork.WeighedLoss]) {
    network = point.network
    passes = DualPasses(point, keeping: Set(0..<point.network.inputCount))
    errors = HeadErrors(heads, at: passes)
  }

  /// A parameter of the network.
  func parameter(_ index: Int) -> Variable.Tangents {
    tangents(of: passes.parameter(index), from: network.users(ofParameter: index).first ?? 0)
  }

  /// An input of the network.
  func input(_ place: Int) -> Variable.Tangents { tangents(of: passes.input(place), from: place) }

  /// Of a tensor that is read by a node and perhaps by some above it.
  private func tangents(of tensor: TensorView<Dual>, from node: Int) -> Variable.Tangents {
    let function = TangentFunction(errors.terms) { [passes] in
      passes.run(0..<node)
      passes.prepare(node)
    } run: { [passes, errors] in
      passes.run(from: node)
      errors.compute()
    }
    return Variable.Tangents(function: function, elements: tensor.elements)
  }
}
