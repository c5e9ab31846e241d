import Backpropagation

/// The targets of a batch for passes in every kind of number, in memory that lives as long as this.
final class CheckTargets {
  private let inDouble: TargetMemory<Double>
  private let inDuals: TargetMemory<Dual>
  private let inFloat: TargetMemory<Float>

  init(_ targets: Targets) {
    inDouble = TargetMemory(targets)
    inDuals = TargetMemory(targets)
    inFloat = TargetMemory(targets)
  }

  /// In Double, in which gradients are checked.
  var batch: BatchTargets<Double> { inDouble.batch }
  /// As constants among dual numbers.
  var duals: BatchTargets<Dual> { inDuals.batch }
  /// In Float, in which models train.
  var floats: BatchTargets<Float> { inFloat.batch }
}
