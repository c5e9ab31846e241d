import GzipIO

/// The gated recurrent unit h_t = (1 − z) n + z h_{t−1} (Cho et al., 2014), as PyTorch has it.
///
/// r, z = σ(W_i x_t + b_i + W_h h_{t−1} + b_h), each with its own rows of the weights, and
/// n = tanh(W_in x_t + b_in + r (W_hn h_{t−1} + b_hn)): the reset gate r acts on the hidden product, not on h_{t−1}. The
/// rows stand in the order r, z, n.
///
/// Backward: dE/dn = (1 − z) dE/dh_t, dE/dz = (h_{t−1} − n) dE/dh_t, dE/dr = (W_hn h_{t−1} + b_hn) (1 − n²) dE/dn, and
/// h_{t−1} gets z dE/dh_t besides what comes through the weights.
public struct GRU: RecurrentLayer {
  public var units: Int
  public var layers: Int
  public var isBidirectional: Bool
  public var output: RecurrentOutput
  public var recurrentInitializer: (any Initializer)?
  /// Over how many steps the gates hold at the start what they took in, from 2: zero biases.
  public var memory: Int

  /// Creates a layer of gated recurrent units.
  public init(
    _ units: Int, layers: Int = 1, bidirectional: Bool = false, output: RecurrentOutput = .last,
    recurrentInitializer: (any Initializer)? = nil, memory: Int = 2
  ) {
    self.units = units
    self.layers = layers
    isBidirectional = bidirectional
    self.output = output
    self.recurrentInitializer = recurrentInitializer
    self.memory = memory
  }

  public var cell: RecurrentCell { .gru }

  public var gateBiases: [Double] { [0, openness, 0] }

  static let catalogEntry = CatalogEntry<any Layer>(
    "gru", "The gated recurrent unit h_t = (1 − z) n + z h_{t−1}, reset after the hidden product.",
    arguments: gatedArguments, shorthand: "units"
  ) { arguments throws(ArgumentError) in
    GRU(
      try arguments.integer("units", in: 1...maximumSize),
      layers: try arguments.integer("layers", in: 1...mostRecurrentLayers, default: 1),
      bidirectional: try arguments.boolean("bidirectional", default: false),
      output: try arguments.choice("output", default: .last),
      recurrentInitializer: try arguments.recurrentInitializer,
      memory: try arguments.integer("memory", in: 2...maximumSize, default: 2))
  }
}
