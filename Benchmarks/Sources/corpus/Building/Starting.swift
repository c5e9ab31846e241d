import GradientHealth

/// A layer of which one parameter starts otherwise, where the layer itself leaves no choice.
struct Starting: Layer {
  /// The layer.
  let layer: any Layer
  /// The parameter's name within the layer, and what its values are multiplied by.
  let parameter: String, factor: Double

  var kind: String { layer.kind }
  var nonlinearity: Nonlinearity? { layer.nonlinearity }
  var keepsPositions: Bool { layer.keepsPositions }
  var timeDelta: Int? { layer.timeDelta }

  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try layer.outputShape(of: inputs)
  }

  func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    layer.parameters(for: inputs).map { specification in
      guard specification.name == parameter else { return specification }
      var changed = specification
      changed.initializer = Scaled(
        base: specification.initializer ?? .glorotUniform, factor: factor)
      return changed
    }
  }

  func memory(for inputs: [Shape]) -> [MemorySpecification] { layer.memory(for: inputs) }
  func forward<S>(_ pass: ForwardPass<S>) { layer.forward(pass) }
  func backward<S>(_ pass: BackwardPass<S>) { layer.backward(pass) }
}
