import Backpropagation

/// The error of a whole network over dual numbers, as a function of its parameters and inputs.
struct NetworkTangents {
  private let network: NeuralNetwork
  private let passes: DualPasses
  private let terms: [TangentFunction.Term]
  private let computeErrors: () -> Void

  init(_ point: CheckPoint, _ heads: [WholeNetwork.WeighedLoss]) {
    network = point.network
    let passes = DualPasses(point, keeping: Set(0..<point.network.inputCount))
    let errors = heads.map { Buffer<Dual>([$0.weights.count]) }
    terms = zip(heads, errors).map {
      TangentFunction.Term(output: $1.view, cotangent: $0.weights)
    }
    computeErrors = {
      for (head, errors) in zip(heads, errors) {
        head.loss.forward(
          passes.output(of: head.output).reshaped(head.shape), head.targets.duals,
          errors: errors.view)
      }
    }
    self.passes = passes
  }

  /// A parameter of the network.
  func parameter(_ index: Int) -> Variable.Tangents {
    tangents(of: passes.parameter(index), from: network.users(ofParameter: index).first ?? 0)
  }

  /// An input of the network.
  func input(_ place: Int) -> Variable.Tangents { tangents(of: passes.input(place), from: place) }

  /// Of a tensor that is read by a node and perhaps by some above it.
  private func tangents(of tensor: TensorView<Dual>, from node: Int) -> Variable.Tangents {
    let function = TangentFunction(terms) { [passes] in
      passes.run(0..<node)
      passes.prepare(node)
    } run: { [passes, computeErrors] in
      passes.run(from: node)
      computeErrors()
    }
    return Variable.Tangents(function: function, elements: tensor.elements)
  }
}
