/// The layers that a model file can name; being listed here is being gradient-checked.
public enum LayerCatalog {
  /// The layers of this version, one line each, and the ids that a later one will know.
  public static let all = Catalog<any Layer>(
    noun: "layer",
    entries: [
      Dense.catalogEntry,
      ReLU.catalogEntry,
      LeakyReLU.catalogEntry,
      Sigmoid.catalogEntry,
      Tanh.catalogEntry,
      Identity.catalogEntry,
      Add.catalogEntry,
      Concatenate.catalogEntry,
      RNN.catalogEntry,
      LSTM.catalogEntry,
      GRU.catalogEntry,
    ],
    later: [
      "convolution-1d", "convolution-2d", "transposed-convolution-2d", "max-pool-1d",
      "max-pool-2d", "average-pool-1d", "average-pool-2d", "global-average-pool",
      "global-max-pool", "batch-norm", "instance-norm", "layer-norm", "rms-norm", "group-norm",
      "dropout", "spatial-dropout", "embedding", "attention",
      "positional-encoding", "multiply", "flatten", "reshape", "transpose", "slice", "prelu",
      "elu", "selu", "celu", "gelu", "silu", "mish", "softplus", "hard-sigmoid", "hard-tanh",
      "softmax", "log-softmax",
    ])
}

/// The largest size that an argument may name: more would not fit in memory on any machine this is for.
let maximumSize = 1 << 24
