/// The optimizers that a model file can name.
public enum OptimizerCatalog {
  /// The optimizers of this version, one line each, and the ids that a later one will know.
  public static let all = Catalog<any Optimizer>(
    noun: "optimizer", entries: [SGD.catalogEntry],
    later: ["adam", "adamw", "rmsprop", "adagrad", "adadelta", "lion"])
}
