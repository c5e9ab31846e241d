package import Backpropagation

/// A layer around another: what it doesn't say itself is what that one says.
package protocol LayerWrapper: Layer {
  /// The layer within.
  var base: any Layer { get }
}

extension LayerWrapper {
  package var kind: String { base.kind }
  package var nonlinearity: Nonlinearity? { base.nonlinearity }
  package var keepsPositions: Bool { base.keepsPositions }
  package var vocabulary: Int? { base.vocabulary }
  package var timeDelta: Int? { base.timeDelta }
  package var mixesExamples: Bool { base.mixesExamples }
  package func decisions(of pass: ForwardPass<Double>) -> [Int] { base.decisions(of: pass) }
  package func smallestBatch(for inputs: [Shape]) -> Int { base.smallestBatch(for: inputs) }

  package func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try base.outputShape(of: inputs)
  }
  package func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    base.parameters(for: inputs)
  }
  package func memory(for inputs: [Shape]) -> [MemorySpecification] { base.memory(for: inputs) }

  package func forward<S>(_ pass: ForwardPass<S>) { base.forward(pass) }
}
