package import Backpropagation

/// A loss whose topmost delta is right but for one mistake.
package struct PlantedLoss: Loss {
  private let base: any Loss
  private let mutation: Mutation

  /// Plants a mutation in a loss.
  package init(_ mutation: Mutation, in base: any Loss) {
    self.base = base
    self.mutation = mutation
  }

  package var id: String { base.id }
  package var takesClasses: Bool { base.takesClasses }
  package var classWeights: [Double]? { base.classWeights }

  package func check(output: Shape, targets: Targets?) throws(ShapeError) {
    try base.check(output: output, targets: targets)
  }
  package func constantLoss(of targets: Targets, outputs: Int) -> Double {
    base.constantLoss(of: targets, outputs: outputs)
  }
  package func sampleTargets(
    for output: Shape, count: Int, from source: inout RandomSource
  ) -> Targets {
    base.sampleTargets(for: output, count: count, from: &source)
  }

  package func decisions(
    _ output: TensorView<Double>, _ targets: BatchTargets<Double>
  ) -> [Int] {
    base.decisions(output, targets)
  }

  package func forward<S>(
    _ output: TensorView<S>, _ targets: BatchTargets<S>, errors: TensorView<S>
  ) {
    base.forward(output, targets, errors: errors)
  }

  package func backward<S>(
    _ output: TensorView<S>, _ targets: BatchTargets<S>, divisor: S, delta: TensorView<S>
  ) {
    let examples = output.shape[0]
    guard mutation == .stale else {
      base.backward(output, targets, divisor: divisor, delta: delta)
      return mutation.alter(delta, batch: examples, outputs: output.count / max(examples, 1))
    }
    let other = Buffer<S>(output.shape)
    other.write(output.copy.scalars.rotatedRows(of: examples, by: 1))
    withExtendedLifetime(other) {
      base.backward(other.view, targets, divisor: divisor, delta: delta)
    }
  }
}
