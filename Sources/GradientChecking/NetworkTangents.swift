import Backpropagation

/// The error of a whole network over dual numbers, as a function of its parameters and inputs.
struct NetworkTangents {
  private let workspace: Workspace<Dual>
  private let function: TangentFunction
  private let examples: Int

  init(_ point: CheckPoint, _ heads: [WholeNetwork.WeighedLoss]) {
    let examples = point.data.count
    let workspace = Workspace(
      dualsAt: point, keeping: Set(0..<point.network.inputCount))
    let outputs = heads.map {
      workspace.output(of: $0.output, examples: examples).reshaped($0.shape)
    }
    let errors = heads.map { Buffer<Dual>([$0.weights.count]) }
    let terms = zip(heads, errors).map {
      TangentFunction.Term(output: $1.view, cotangent: $0.weights)
    }
    function = TangentFunction(terms) {
      workspace.forward(examples: examples)
      for (head, views) in zip(heads, zip(outputs, errors)) {
        head.loss.forward(views.0, head.targets.duals, errors: views.1.view)
      }
    }
    self.workspace = workspace
    self.examples = examples
  }

  /// A parameter of the network.
  func parameter(_ index: Int) -> Variable.Tangents {
    Variable.Tangents(function: function, elements: workspace.parameters.views[index].elements)
  }

  /// An input of the network.
  func input(_ place: Int) -> Variable.Tangents {
    Variable.Tangents(
      function: function, elements: workspace.input(place, examples: examples).elements)
  }
}

extension Workspace<Dual> {
  /// A workspace for forward passes, whose parameters and inputs are constants; the outputs of `nodes` are kept.
  convenience init(dualsAt point: CheckPoint, keeping nodes: Set<Int>) {
    let network = point.network, data = point.data
    let store = ParameterStore<Dual>(copying: point.parameters, of: network)
    self.init(
      network, parameters: store, capacity: data.count, keeping: .ends(and: nodes))
    isRecording = false
    context.isTraining = point.isTraining
    fill(with: data)
  }
}
