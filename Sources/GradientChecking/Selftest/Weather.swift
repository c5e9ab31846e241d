import Backpropagation

/// What lies above a layer in a network, and makes its gradients hard to check though they are right.
package enum Weather: String, CaseIterable, Sendable {
  /// Ten sigmoid layers with small weights: the δ below is 1e-9 and less.
  case vanished
  /// Ten layers with weights three times as large as they should be.
  case exploded
  /// Four layers of rectifiers, whose kinks every difference may cross.
  case kinked

  /// A network with the layer at its bottom, right above its inputs or, where these are numbers, above trained layers.
  func network(
    over layer: any Layer, called id: String, inputs shapes: [Shape], seed: UInt64
  ) -> NetworkSample {
    let inputs = shapes.enumerated().map { NetworkInput($1, name: "input-\($0 + 1)") }
    let sources = inputs.enumerated().map { place, input -> LayerNode? in
      guard layer.vocabulary == nil else { return nil }
      let stem: any Layer = input.shape.rank < 3 ? Dense(input.shape.last) : LayerNorm()
      return LayerNode(stem, name: "stem-\(place + 1)", from: [input.name])
    }
    let feeding = zip(inputs, sources).map { $1?.name ?? $0.name }
    let loss: any Loss =
      seed.isMultiple(of: 2) ? SquaredError.halfSquaredError : SoftmaxCrossEntropy()
    return NetworkSample(
      "\(id), \(rawValue)", inputs: inputs, losses: [NetworkLoss(loss)],
      layers: sources.compactMap { $0 } + [
        LayerNode(layer, name: "checked", from: feeding), LayerNode(Flatten()),
      ] + layers.map { LayerNode($0) } + [LayerNode(Dense(3))])
  }

  private var layers: [any Layer] {
    let width = 6
    func dense(_ deviation: Double) -> Dense {
      Dense(width, initializer: .normal(standardDeviation: deviation))
    }
    return switch self {
    case .vanished: (0..<10).flatMap { _ in [dense(0.15), Sigmoid()] as [any Layer] }
    case .exploded:
      (0..<10).flatMap { _ in
        [dense(3 * (2 / Double(width)).squareRoot()), LeakyReLU()] as [any Layer]
      }
    case .kinked:
      (0..<4).flatMap { _ in [Dense(width, initializer: .heNormal), ReLU()] as [any Layer] }
    }
  }
}
