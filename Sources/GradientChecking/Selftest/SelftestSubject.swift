package import Backpropagation

/// A layer or a loss that mutations are planted in.
package enum SelftestSubject: Sendable {
  /// A layer at inputs of these shapes.
  case layer(any Layer, id: String, inputs: [Shape])
  /// A loss at an output of this shape.
  case loss(any Loss, id: String, output: Shape)

  /// The id that the table lists it under.
  package var id: String {
    switch self {
    case .layer(_, let id, _), .loss(_, let id, _): id
    }
  }

  /// Whether it is a loss.
  package var isLoss: Bool {
    switch self {
    case .layer: false
    case .loss: true
    }
  }

  /// Every layer and every loss of the catalogs, with all arguments that they are checked with.
  package static let all: [SelftestSubject] =
    LayerSample.all.compactMap { sample in
      guard let layer = try? sample.layer(), let inputs = LayerSample.smallInputs(of: layer) else {
        return nil
      }
      return .layer(layer, id: sample.id, inputs: inputs)
    }
    + LossSample.all.compactMap { sample in
      guard let loss = try? sample.loss() else { return nil }
      return .loss(loss, id: sample.id, output: [sample.outputs ?? 5])
    }

  /// The gradients that its backward pass writes, in the order in which they are checked.
  var places: [GradientPlace] {
    guard case .layer(let layer, _, let inputs) = self else { return [.loss] }
    let parameters = layer.parameters(for: inputs).enumerated().filter(\.element.isTrainable)
    return parameters.map { .parameter($0.offset, isBias: $0.element.name.contains("bias")) }
      + (layer.vocabulary == nil ? inputs.indices.map { .input($0) } : [])
  }

  /// It at a random point, with the gradients that it claims there; a mutation is planted in one of them.
  func variables(
    planting mutation: Mutation? = nil, at place: GradientPlace = .loss, examples: Int,
    deltaScale: Double, method: CheckMethod, seed: UInt64
  ) -> [Variable] {
    switch self {
    case .layer(let layer, _, let inputs):
      let planted = mutation.map { PlantedLayer($0, at: place, in: layer) } ?? layer
      let alone = try? LayerAlone(
        planted, at: inputs, examples: examples, deltaScale: deltaScale, method: method,
        seed: seed)
      return alone?.variables ?? []
    case .loss(let loss, _, let output):
      let planted: any Loss = mutation.map { PlantedLoss($0, in: loss) } ?? loss
      let alone = try? LossAlone(
        planted, at: output, examples: examples, deltaScale: deltaScale, method: method,
        seed: seed)
      return alone?.variables ?? []
    }
  }
}
