public import GradientHealth

/// Swish, z = a·σ(a); dz/da = σ(a) + a·σ(a)·(1 − σ(a)) (Ramachandran et al., 2017).
public struct Swish: Layer {
  public init() {}

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assign(pass.input * sigmoid(pass.input))
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    let a = pass.input, s = sigmoid(a)
    pass.inputDelta?.assign(pass.outputDelta * (s + a * s * (1 - s)))
  }
}
