/// The losses that a model file can name; being listed here is being gradient-checked.
public enum LossCatalog {
  /// The losses, one line each.
  public static let all = Catalog<any Loss>(
    noun: "loss",
    entries: [
      SoftmaxCrossEntropy.catalogEntry,
      NegativeLogLikelihood.catalogEntry,
      BinaryCrossEntropy.catalogEntry,
      KLDivergence.catalogEntry,
    ] + SquaredError.catalogEntries + [
      MeanAbsoluteError.catalogEntry,
      Huber.catalogEntry,
      Poisson.catalogEntry,
      Hinge.catalogEntry,
      CosineDistance.catalogEntry,
    ])
}
