import Backpropagation

/// Who tells what a function decides while it is evaluated.
struct DecisionSource {
  /// Whether every part of the function tells, so that where no decision changes there is no kink.
  var isComplete: Bool
  /// The decisions of the last evaluation, in the order of the forward pass.
  var decisions: () -> [Decisions]

  /// Of a layer by itself; a layer of one's own that decides nothing may just not tell.
  init(_ layer: any Layer, _ decisions: @escaping () -> Decisions) {
    isComplete = layer.isOfCatalog || !decisions().pieces.isEmpty
    self.decisions = { [decisions()] }
  }

  /// Of a loss.
  init(
    _ loss: any Loss, _ output: TensorView<Double>, _ targets: BatchTargets<Double>
  ) {
    let decide = { [loss.decisions(output, targets)] }
    isComplete = loss.isOfCatalog || !decide()[0].isEmpty
    decisions = { decide().map { Decisions($0, of: "loss", output: output.shape) } }
  }

  /// Of several parts, in the order of the forward pass.
  init(_ parts: [DecisionSource]) {
    isComplete = parts.allSatisfy(\.isComplete)
    decisions = { parts.flatMap { $0.decisions() } }
  }
}
