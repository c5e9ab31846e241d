/// How improbable the target is: E_n = −w_t y_t, from log-probabilities, as log-softmax makes them, and class numbers.
///
/// The topmost delta is −w_t [k = t]; the mean over a batch is Σ_n E_n / Σ_n w_t, as in PyTorch.
public struct NegativeLogLikelihood: Loss, ClassLoss {
  /// How much each class counts, w; nil if all count alike.
  public var classWeights: [Double]?

  /// Creates the loss.
  public init(classWeights: [Double]? = nil) { self.classWeights = classWeights }

  public var id: String { "negative-log-likelihood" }

  /// The entropy of the class frequencies, −Σ_k p_k log p_k, the classes weighted.
  public func constantLoss(of targets: Targets, outputs: Int) -> Double {
    entropy(of: targets, outputs: outputs, smoothing: 0)
  }

  public func forward<S>(
    _ output: TensorView<S>, _ targets: BatchTargets<S>, errors: TensorView<S>
  ) {
    precondition(errors.count == output.rows, "\(id): expected \(output.rows) errors")
    withClassWeights { weights in
      S.kernels.losses.negativeLogLikelihood(
        output.rows, output.columns, weights, output.pointer, targets.classes, errors.pointer)
    }
  }

  public func backward<S>(
    _ output: TensorView<S>, _ targets: BatchTargets<S>, divisor: S, delta: TensorView<S>
  ) {
    delta.expectSameCount(output, in: "negative-log-likelihood")
    withClassWeights { weights in
      S.kernels.losses.negativeLogLikelihoodBackward(
        output.rows, output.columns, weights, 1 / divisor, targets.classes, delta.pointer)
    }
  }

  static let catalogEntry = CatalogEntry<any Loss>(
    "negative-log-likelihood", "−y_t, from log-probabilities and class numbers.",
    arguments: [classWeightsDescription]
  ) { arguments throws(ArgumentError) in
    NegativeLogLikelihood(classWeights: try arguments.classWeights())
  }
}

extension Loss where Self == NegativeLogLikelihood {
  /// How improbable the target is, from log-probabilities.
  public static var negativeLogLikelihood: NegativeLogLikelihood { NegativeLogLikelihood() }
}
