/// The losses that a model file can name; being listed here is being gradient-checked.
public enum LossCatalog {
  /// The losses, one line each.
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
    later: [])
}
