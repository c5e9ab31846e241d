import GradientHealth

/// Swish, z = a·σ(a); dz/da = σ(a) + a·σ(a)·(1 − σ(a)) (Ramachandran et al., 2017).
struct Swish: Layer {
  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  func forward<S>(_ pass: ForwardPass<S>) { pass.output.assign(pass.input * sigmoid(pass.input)) }

  func backward<S>(_ pass: BackwardPass<S>) {
    let a = pass.input, s = sigmoid(a)
    pass.inputDelta?.assign(pass.outputDelta * (s + a * s * (1 - s)))
  }
}

/// The same with a slip that training hardly shows: the last term of the derivative is left out.
struct CarelessSwish: Layer {
  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  func forward<S>(_ pass: ForwardPass<S>) { Swish().forward(pass) }

  func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(pass.outputDelta * sigmoid(pass.input))
  }
}

@main
struct Example {
  static func main() throws {
    for layer in [Swish(), CarelessSwish()] as [any Layer] {
      let check = try GradientCheck(layer: layer, input: [64])
      print("\(layer.kind): \(check.verdict)\n\(check)")
    }
  }
}
