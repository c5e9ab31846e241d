import GzipIO

/// Long short-term memory: a cell c_t that gates write, keep and read (Hochreiter and Schmidhuber, 1997; Gers et al., 2000).
///
/// i, f, o = σ(W_i x_t + b_i + W_h h_{t−1} + b_h), each with its own rows of the weights, g = tanh of the same;
/// c_t = f c_{t−1} + i g, h_t = o tanh c_t. The rows stand in the order i, f, g, o.
///
/// Backward: dE/dc_t = dE/dh_t o (1 − tanh² c_t) + f_{t+1} dE/dc_{t+1}, from which the gates' deltas follow, and
/// dE/dh_t = δ_t + W_hᵀ dE/d(gates of t + 1).
public struct LSTM: RecurrentLayer {
  public var units: Int
  public var layers: Int
  public var isBidirectional: Bool
  public var output: RecurrentOutput
  public var recurrentInitializer: (any Initializer)?
  /// Over how many steps the gates hold at the start what they took in, from 2: zero biases.
  public var memory: Int

  /// Creates a layer of long short-term memory.
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

  public var cell: RecurrentCell { .lstm }

  public var gateBiases: [Double] { [-openness, openness, 0, 0] }

  static let catalogEntry = CatalogEntry<any Layer>(
    "lstm", "Long short-term memory: c_t = f c_{t−1} + i g, h_t = o tanh c_t.",
    arguments: gatedArguments, shorthand: "units"
  ) { arguments throws(ArgumentError) in
    LSTM(
      try arguments.integer("units", in: 1...maximumSize),
      layers: try arguments.integer("layers", in: 1...mostRecurrentLayers, default: 1),
      bidirectional: try arguments.boolean("bidirectional", default: false),
      output: try arguments.choice("output", default: .last),
      recurrentInitializer: try arguments.recurrentInitializer,
      memory: try arguments.integer("memory", in: 2...maximumSize, default: 2))
  }
}
