/// The optimizers that a model file can name.
public enum OptimizerCatalog {
  /// The optimizers, one line each.
  public static let all = Catalog<any Optimizer>(
    noun: "optimizer",
    entries: [
      SGD.catalogEntry,
      Adam.catalogEntry,
      AdamW.catalogEntry,
      RMSprop.catalogEntry,
      Adagrad.catalogEntry,
      Adadelta.catalogEntry,
      Lion.catalogEntry,
    ])
}
