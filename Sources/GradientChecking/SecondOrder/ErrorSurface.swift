import Backpropagation

/// The gradient of a network's error on one batch, as a function of all trained parameters together.
final class ErrorSurface {
  private let workspace: Workspace<Double>
  private let targets: [CheckTargets]
  private let divisors: [Double]
  private let examples: Int
  private let trained: [Int]
  private let fixed: [(index: Int, values: [Double])]
  /// The parameters, one after the other, as the network starts.
  let start: [Double]

  init(_ network: NeuralNetwork, on data: Dataset, seed: UInt64) {
    let parameters = ParameterStore<Double>(network, seed: seed)
    let workspace = Workspace(network, parameters: parameters, capacity: data.count)
    workspace.isRecording = false
    workspace.fill(with: data)
    let targets = data.targetSets.map(CheckTargets.init)
    divisors = workspace.divisors(of: targets.map(\.batch), examples: data.count)
    self.workspace = workspace
    self.targets = targets
    examples = data.count
    trained = network.parameters.indices.filter { network.parameters[$0].isTrainable }
    start = trained.flatMap { Array(parameters.views[$0].elements) }
    fixed = network.parameters.indices.filter { !network.parameters[$0].isTrainable }.map {
      ($0, Array(parameters.views[$0].elements))
    }
  }

  /// DE/dw at `point`, from one forward and one backward pass in training mode.
  func gradient(at point: [Double]) -> [Double] {
    precondition(point.count == start.count, "expected \(start.count) numbers, got \(point.count)")
    var place = 0
    for index in trained {
      let elements = workspace.parameters.views[index].elements
      _ = elements.update(from: point[place..<place + elements.count])
      place += elements.count
    }
    // Running statistics move with every pass in training mode.
    for (index, values) in fixed {
      _ = workspace.parameters.views[index].elements.update(from: values)
    }
    let batches = targets.map(\.batch)
    workspace.forward(examples: examples)
    workspace.backward(batches, examples: examples, divisors: divisors)
    var gradient: [Double] = []
    gradient.reserveCapacity(start.count)
    for index in trained { gradient.append(contentsOf: workspace.gradients.views[index].elements) }
    return gradient
  }
}
