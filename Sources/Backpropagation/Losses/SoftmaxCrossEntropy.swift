/// Cross-entropy of the softmax of the outputs: E_n = log Σ_k e^{y_k} − y_t.
///
/// The outputs are logits, the targets class numbers. The topmost delta is softmax(y)_k − [k = t] (Bishop, 6.9).
///
/// With label smoothing ε and class weights w, E_n = Σ_k q_k (log Σ_j e^{y_j} − y_k) with
/// q_k = (1 − ε) w_t [k = t] + ε/K · w_k (Szegedy et al., 2016), and the topmost delta is Σ_j q_j · softmax(y)_k − q_k; the mean
/// over a batch is Σ_n E_n / Σ_n w_t. All of it is as in PyTorch.
public struct SoftmaxCrossEntropy: Loss, ClassLoss {
  /// The share of the target that is spread evenly over all classes, ε.
  public var labelSmoothing: Double
  /// How much each class counts; nil if all count alike.
  public var classWeights: [Double]?

  /// Creates the loss.
  public init(labelSmoothing: Double = 0, classWeights: [Double]? = nil) {
    precondition(
      (0...1).contains(labelSmoothing),
      "label smoothing is from 0 to 1, got \(labelSmoothing)")
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights
  }

  public var id: String { "softmax-cross-entropy" }
  private var isPlain: Bool { labelSmoothing == 0 && classWeights == nil }

  /// The entropy of the class frequencies, −Σ_k p_k log p_k, smoothed and weighted as the targets are.
  public func constantLoss(of targets: Targets, outputs: Int) -> Double {
    entropy(of: targets, outputs: outputs, smoothing: labelSmoothing)
  }

  @specialized(where S == Float)
  public func forward<S>(
    _ output: TensorView<S>, _ targets: BatchTargets<S>, errors: TensorView<S>
  ) {
    precondition(errors.count == output.rows, "\(id): expected \(output.rows) errors")
    guard !isPlain else {
      return S.kernels.softmaxCrossEntropy(
        output.rows, output.columns, output.pointer, targets.classes, errors.pointer)
    }
    withClassWeights { weights in
      S.kernels.losses.smoothedCrossEntropy(
        output.rows, output.columns, S(labelSmoothing), weights, output.pointer, targets.classes,
        errors.pointer)
    }
  }

  @specialized(where S == Float)
  public func backward<S>(
    _ output: TensorView<S>, _ targets: BatchTargets<S>, divisor: S, delta: TensorView<S>
  ) {
    delta.expectSameCount(output, in: "softmax-cross-entropy")
    guard !isPlain else {
      return S.kernels.softmaxCrossEntropyBackward(
        output.rows, output.columns, 1 / divisor, output.pointer, targets.classes, delta.pointer)
    }
    withClassWeights { weights in
      S.kernels.losses.smoothedCrossEntropyBackward(
        output.rows, output.columns, S(labelSmoothing), weights, 1 / divisor, output.pointer,
        targets.classes, delta.pointer)
    }
  }

  static let catalogEntry = CatalogEntry<any Loss>(
    "softmax-cross-entropy", "log Σ_k e^{y_k} − y_t, from logits and class numbers.",
    arguments: [
      ArgumentDescription(
        "label-smoothing", "the share of the target that is spread over all classes, from 0 to 1",
        default: "0"),
      classWeightsDescription,
    ]
  ) { arguments throws(ArgumentError) in
    SoftmaxCrossEntropy(
      labelSmoothing: try arguments.number(
        "label-smoothing", default: 0, expected: "a number from 0 to 1"
      ) { (0...1).contains($0) },
      classWeights: try arguments.classWeights())
  }
}

extension Loss where Self == SoftmaxCrossEntropy {
  /// Cross-entropy of the softmax of the outputs.
  public static var softmaxCrossEntropy: SoftmaxCrossEntropy { SoftmaxCrossEntropy() }
  /// Cross-entropy of the softmax of the outputs, with smoothed labels or classes that count differently.
  public static func softmaxCrossEntropy(
    labelSmoothing: Double = 0, classWeights: [Double]? = nil
  ) -> SoftmaxCrossEntropy {
    SoftmaxCrossEntropy(labelSmoothing: labelSmoothing, classWeights: classWeights)
  }
}
