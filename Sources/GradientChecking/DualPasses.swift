import Backpropagation

/// Forward passes of a network over dual numbers, whose parameters and inputs are constants but for what is varied.
///
/// A dual number takes eight times the memory of a Double. In a large network the nodes therefore take turns: only the
/// parameters of the node that runs are there, taken anew from the Doubles.
final class DualPasses {
  private let workspace: Workspace<Dual>
  private let point: CheckPoint
  /// For each node the parameters that are there only while it runs.
  private let turns: [[Int]]
  /// The parameters from which on nodes take turns: below, it costs more time than the memory is worth.
  private static let manyParameters = 1 << 17

  /// Allocates the buffers; the outputs of `nodes` are kept.
  init(_ point: CheckPoint, keeping nodes: Set<Int>) {
    let network = point.network, data = point.data
    self.point = point
    let takesTurns = network.parameterCount > Self.manyParameters
    turns = network.nodes.map { node in
      takesTurns ? node.parameters.filter { network.users(ofParameter: $0).count == 1 } : []
    }
    let parameters: ParameterStore<Dual> =
      takesTurns ? ParameterStore(takingTurnsIn: network) : ParameterStore(zerosFor: network)
    let shared = Set(network.parameters.indices).subtracting(turns.joined())
    for index in shared { parameters.views[index].take(point.parameters.views[index]) }
    workspace = Workspace(
      network, parameters: parameters, capacity: data.count, keeping: .ends(and: nodes))
    workspace.isRecording = false
    workspace.context.isTraining = point.isTraining
    workspace.fill(with: data)
  }

  /// What holds for every pass.
  var context: PassContext { workspace.context }

  /// An input of the network.
  func input(_ place: Int) -> TensorView<Dual> { output(of: place) }

  /// The output of a node that is kept.
  func output(of node: Int) -> TensorView<Dual> {
    workspace.output(of: node, examples: point.data.count)
  }

  /// A parameter; one that takes turns is there once its node is ready.
  func parameter(_ index: Int) -> TensorView<Dual> { workspace.parameters.views[index] }

  /// Runs all nodes.
  func run() { run(point.network.nodes.indices) }

  /// Runs some nodes in their order.
  func run(_ nodes: Range<Int>) {
    for node in nodes {
      prepare(node)
      workspace.forward(examples: point.data.count, node: node)
    }
  }

  /// Runs a node that is ready, as it is, and those above it.
  func run(from node: Int) {
    workspace.forward(examples: point.data.count, node: node)
    run(node + 1..<point.network.nodes.count)
  }

  /// Takes the parameters of a node, as constants.
  func prepare(_ node: Int) {
    for index in turns[node] { parameter(index).take(point.parameters.views[index]) }
  }
}

extension TensorView<Dual> {
  /// Takes numbers, as constants.
  fileprivate func take(_ values: TensorView<Double>) {
    for (index, value) in values.elements.enumerated() { elements[index] = Dual(value) }
  }
}
