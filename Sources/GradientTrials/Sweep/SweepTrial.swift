import Backpropagation

/// A network's first few steps from one seed: how large each node's numbers are, and how far its output moves.
struct SweepTrial {
  /// The figures of one node.
  struct Figures {
    var activation: Double
    var delta: Double
    /// Nil where nothing is trained.
    var change: Double?

    /// One of them; nil for zero, which has no logarithm.
    subscript(quantity: Sweep.Quantity) -> Double? {
      let value: Double? =
        switch quantity {
        case .activation: activation
        case .delta: delta
        case .change: change
        }
      return value == 0 ? nil : value
    }
  }

  /// For each node its figures.
  let nodes: [Figures]

  /// Takes `steps` steps on one batch.
  init(
    _ network: NeuralNetwork, _ rule: UpdateRule?, on data: Dataset, steps: Int, seed: UInt64
  ) throws(NetworkError) {
    let learner = try Learner<Float>(
      network, rule ?? UpdateRule(.sgd(learningRate: 0)), capacity: data.count, seed: seed)
    learner.step(on: data)
    let layers = learner.summary.layers
    let scale = learner.summary.lossDivisor / Double(data.count).squareRoot()
    let before = network.nodes.indices.map { Self.numbers(of: learner.output(of: $0)) }
    if rule != nil { for _ in 0..<steps { learner.stepAgain(on: data) } }
    nodes = network.nodes.indices.map { node in
      Figures(
        activation: layers[node].activation.rms,
        delta: layers[node].delta.sumOfSquares.squareRoot() * scale,
        change: rule == nil
          ? nil : Self.distance(before[node], Self.numbers(of: learner.output(of: node))))
    }
  }

  private static func numbers(of view: TensorView<Float>) -> [Float] { Array(view.elements) }

  /// The root mean square of the differences.
  private static func distance(_ left: [Float], _ right: [Float]) -> Double {
    var sum = 0.0
    for index in left.indices {
      let difference = Double(right[index]) - Double(left[index])
      sum += difference * difference
    }
    return (sum / Double(max(left.count, 1))).squareRoot()
  }
}
