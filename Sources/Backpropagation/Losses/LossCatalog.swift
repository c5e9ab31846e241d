/// The losses that a model file can name; being listed here is being gradient-checked.
public enum LossCatalog {
  /// The losses of this version, one line each, and the ids that a later one will know.
  public static let all = Catalog<any Loss>(
    noun: "loss",
    entries: [
      CatalogEntry(
        "softmax-cross-entropy", "log Σ_k e^{y_k} − y_t, from logits and class numbers."
      ) { _ throws(ArgumentError) in .softmaxCrossEntropy },
      CatalogEntry("half-squared-error", "½ Σ_k (y_k − t_k)².") { _ throws(ArgumentError) in
        .halfSquaredError
      },
      CatalogEntry("sum-of-squares", "Σ_k (y_k − t_k)².") { _ throws(ArgumentError) in
        .sumOfSquares
      },
    ],
    later: [
      "kl-divergence", "mean-squared-error", "mean-absolute-error", "huber", "binary-cross-entropy",
      "poisson", "hinge", "negative-log-likelihood", "cosine",
    ])
}
