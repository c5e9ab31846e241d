/// The layers that a model file can name; being listed here is being gradient-checked.
public enum LayerCatalog {
  /// The layers of this version, one line each, and the ids that a later one will know.
  public static let all = Catalog<any Layer>(
    noun: "layer",
    entries: [
      Dense.catalogEntry,
      ReLU.catalogEntry,
      LeakyReLU.catalogEntry,
      PReLU.catalogEntry,
      ELU.catalogEntry,
      SELU.catalogEntry,
      CELU.catalogEntry,
      GELU.catalogEntry,
      SiLU.catalogEntry,
      Mish.catalogEntry,
      Softplus.catalogEntry,
      Sigmoid.catalogEntry,
      Tanh.catalogEntry,
      HardSigmoid.catalogEntry,
      HardTanh.catalogEntry,
      Softmax.catalogEntry,
      LogSoftmax.catalogEntry,
      Identity.catalogEntry,
      Add.catalogEntry,
      Concatenate.catalogEntry,
      RNN.catalogEntry,
      LSTM.catalogEntry,
      GRU.catalogEntry,
      BatchNorm.catalogEntry,
      InstanceNorm.catalogEntry,
      LayerNorm.catalogEntry,
      RMSNorm.catalogEntry,
      GroupNorm.catalogEntry,
      Dropout.catalogEntry,
      SpatialDropout.catalogEntry,
      Embedding.catalogEntry,
      PositionalEncoding.catalogEntry,
      Attention.catalogEntry,
    ],
    later: [
      "convolution-1d", "convolution-2d", "transposed-convolution-2d", "max-pool-1d",
      "average-pool-1d", "average-pool-2d", "global-average-pool", "global-max-pool", "multiply",
      "flatten", "reshape", "transpose", "slice",
    ])
}

/// The largest size that an argument may name: more would not fit in memory on any machine this is for.
let maximumSize = 1 << 24
