import Backpropagation

@testable import GradientChecking

/// Mistakes in the backward pass of a dense layer.
enum Mistake: String, CaseIterable, Sendable {
  case inputSign, weightSign, weightDoubled, weightHalved, weightTransposed, biasDropped
  case biasTimesBatch, weightShiftedByRow, entryZeroed, inputDetached, weightUnwritten

  /// What is done to which gradient.
  var planting: (Mutation, GradientPlace) {
    let input = GradientPlace.input(0)
    let weight = GradientPlace.parameter(0, isBias: false)
    let bias = GradientPlace.parameter(1, isBias: true)
    return switch self {
    case .inputSign: (.negated, input)
    case .inputDetached: (.detached, input)
    case .weightSign: (.negated, weight)
    case .weightDoubled: (.doubled, weight)
    case .weightHalved: (.halved, weight)
    case .weightTransposed: (.transposed, weight)
    case .weightShiftedByRow: (.shiftedByRow, weight)
    case .weightUnwritten: (.unwritten, weight)
    case .entryZeroed: (.entryZeroed, weight)
    case .biasDropped: (.biasDropped, bias)
    case .biasTimesBatch: (.timesBatch, bias)
    }
  }
}

extension PlantedLayer {
  /// Plants a mistake in a layer.
  init(_ mistake: Mistake, in base: any Layer) {
    let (mutation, place) = mistake.planting
    self.init(mutation, at: place, in: base)
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
