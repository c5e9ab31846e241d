/// Passes its input on: z = a; δ_a = δ_z.
public struct Identity: Layer {
  /// Creates an identity.
  public init() {}

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) { pass.output.assign(pass.input) }

  public func backward<S>(_ pass: BackwardPass<S>) { pass.inputDelta?.assign(pass.outputDelta) }

  static let catalogEntry = CatalogEntry<any Layer>("identity", "Passes its input on: z = a.") {
    _ throws(ArgumentError) in Identity()
  }
}
