import GradientHealth

/// The classifier of Examples/ci-package, with a bug or without.
struct SwishNetwork: Sendable {
  var learningRate = 0.05
  var slip: SlippingSwish.Slip?

  func trainer() throws -> Trainer {
    let swish = SlippingSwish(slip: slip)
    let network = try NeuralNetwork(input: [64], loss: .softmaxCrossEntropy) {
      Dense(32, initializer: .heNormal)
      swish
      Dense(32, initializer: .heNormal)
      swish
      Dense(10)
    }
    return Trainer(
      network, optimizer: .sgd(learningRate: learningRate, momentum: 0.9), batch: 32)
  }
}

/// Swish, z = a·σ(a), with a slip in its backward pass or without.
struct SlippingSwish: Layer {
  enum Slip: Sendable { case forgottenDerivative, wrongSign }

  var slip: Slip?

  var kind: String { "swish" }

  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

  func forward<S>(_ pass: ForwardPass<S>) { pass.output.assign(pass.input * sigmoid(pass.input)) }

  func backward<S>(_ pass: BackwardPass<S>) {
    let a = pass.input, s = sigmoid(a)
    let right = pass.outputDelta * (s + a * s * (1 - s))
    switch slip {
    case nil: pass.inputDelta?.assign(right)
    case .forgottenDerivative: pass.inputDelta?.assign(pass.outputDelta)
    case .wrongSign: pass.inputDelta?.assign(-1 * right)
    }
  }
}
