import Backpropagation

/// A mistake in a backward pass that people make.
enum Mistake: String, CaseIterable, Sendable {
  case inputSign, weightSign, weightDoubled, weightHalved, weightTransposed, biasDropped
  case biasTimesBatch, weightShiftedByRow, entryZeroed, inputDetached, weightUnwritten
}

/// A layer whose backward pass is right but for one mistake.
struct Planted: Layer {
  var base: any Layer
  var mistake: Mistake

  init(_ mistake: Mistake, in base: any Layer) {
    self.base = base
    self.mistake = mistake
  }

  var kind: String { base.kind }
  var nonlinearity: Nonlinearity? { base.nonlinearity }

  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try base.outputShape(of: inputs)
  }
  func parameters(for inputs: [Shape]) -> [ParameterSpecification] { base.parameters(for: inputs) }
  func forward<S>(_ pass: ForwardPass<S>) { base.forward(pass) }

  func backward<S>(_ pass: BackwardPass<S>) {
    base.backward(pass)
    let gradients = pass.parameterGradients
    switch mistake {
    case .inputSign: pass.inputDelta?.mapInPlace { -$0 }
    case .inputDetached: pass.inputDelta?.fill(0)
    case .weightSign: gradients[0].mapInPlace { -$0 }
    case .weightDoubled: gradients[0].mapInPlace { 2 * $0 }
    case .weightHalved: gradients[0].mapInPlace { $0 / 2 }
    case .weightTransposed:
      let right = gradients[0].copy
      let rows = right.shape[0], columns = right.shape[1]
      for place in 0..<right.shape.count {
        gradients[0][place] = right[place % rows * columns + place / rows]
      }
    case .weightShiftedByRow:
      let right = gradients[0].copy
      for place in 0..<right.shape.count {
        gradients[0][place] = right[(place + right.shape[1]) % right.shape.count]
      }
    case .weightUnwritten: gradients[0].fill(S(Double.nan))
    case .entryZeroed: gradients[0][gradients[0].count * 2 / 3] = 0
    case .biasDropped: gradients[1].fill(0)
    case .biasTimesBatch: gradients[1].mapInPlace { $0 * S(Double(pass.input.shape[0])) }
    }
  }
}

/// A sigmoid whose backward pass takes the derivative at the output instead of the input.
struct DerivativeAtOutput: Layer {
  var kind: String { "sigmoid" }
  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }
  func forward<S>(_ pass: ForwardPass<S>) { pass.output.assign(sigmoid(pass.input)) }
  func backward<S>(_ pass: BackwardPass<S>) {
    let z = sigmoid(pass.output)
    pass.inputDelta?.assign(pass.outputDelta * (z * (1 - z)))
  }
}

/// A rectifier that masks each example by the activity of the one before it.
struct StaleMask: Layer {
  var kind: String { "relu" }
  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }
  func forward<S>(_ pass: ForwardPass<S>) { ReLU().forward(pass) }
  func backward<S>(_ pass: BackwardPass<S>) {
    guard let inputDelta = pass.inputDelta else { return }
    let count = inputDelta.count, columns = pass.output.shape.last
    for place in 0..<count {
      let stale = pass.output[(place + count - columns) % count]
      inputDelta[place] = stale > 0 ? pass.outputDelta[place] : 0
    }
  }
}

/// ½ squared error that forgets to divide by the number of examples.
struct SumForMean: Loss {
  var id: String { "sum-for-mean" }
  func check(output: Shape, targets: Targets?) throws(ShapeError) {
    try SquaredError.halfSquaredError.check(output: output, targets: targets)
  }
  func constantLoss(of targets: Targets, outputs: Int) -> Double { 0 }
  func forward<S>(_ output: TensorView<S>, _ targets: BatchTargets<S>, errors: TensorView<S>) {
    SquaredError.halfSquaredError.forward(output, targets, errors: errors)
  }
  func backward<S>(
    _ output: TensorView<S>, _ targets: BatchTargets<S>, divisor: S, delta: TensorView<S>
  ) {
    SquaredError.halfSquaredError.backward(output, targets, divisor: 1, delta: delta)
  }
}

extension TensorView {
  func mapInPlace(_ transform: (Scalar) -> Scalar) {
    for index in 0..<count { self[index] = transform(self[index]) }
  }
}
