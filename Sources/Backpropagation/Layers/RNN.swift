import GzipIO

/// The simple recurrent layer h_t = act(W_i x_t + b_i + W_h h_{t−1} + b_h), act being tanh or ReLU (Elman, 1990).
///
/// Backward, with a_t what act is taken of: dE/dh_t = δ_t + W_hᵀ dE/da_{t+1}, dE/da_t = act′(a_t) dE/dh_t, and the
/// gradients of the weights are sums over the steps (Werbos, 1990).
public struct RNN: RecurrentLayer {
  /// The nonlinearity of a step.
  public enum Activation: String, Sendable, CaseIterable { case tanh, relu }

  public var units: Int
  public var layers: Int
  public var isBidirectional: Bool
  public var output: RecurrentOutput
  /// The nonlinearity of a step.
  public var activation: Activation
  public var recurrentInitializer: (any Initializer)?

  /// Creates a simple recurrent layer.
  public init(
    _ units: Int, layers: Int = 1, bidirectional: Bool = false, output: RecurrentOutput = .last,
    activation: Activation = .tanh, recurrentInitializer: (any Initializer)? = nil
  ) {
    self.units = units
    self.layers = layers
    isBidirectional = bidirectional
    self.output = output
    self.activation = activation
    self.recurrentInitializer = recurrentInitializer
  }

  public var cell: RecurrentCell { activation == .tanh ? .tanh : .relu }

  /// A unit's decisions at all steps of all layers in one number, the same at each position of the output.
  public func decisions(of pass: ForwardPass<Double>) -> [Int] {
    guard activation == .relu else { return [] }
    let examples = pass.input.shape[0], steps = pass.input.shape[1], features = directions * units
    let buffers = RecurrentBuffers(pass.memory, directions: directions, lengths: pass.lengths)
    var codes = [Int](repeating: 0, count: examples * features)
    for layer in 0..<layers {
      for direction in 0..<directions {
        let states = buffers.output(layer, direction)
        for place in 0..<examples * steps * units {
          let code = place / (steps * units) * features + direction * units + place % units
          codes[code] = codes[code] &* 0x1_0000_0001_b3 &+ (states[place] > 0 ? 1 : 2)
        }
      }
    }
    let positions = output == .last ? 1 : steps
    return (0..<examples * positions * features).map {
      codes[$0 / (positions * features) * features + $0 % features]
    }
  }

  static let catalogEntry = CatalogEntry<any Layer>(
    "rnn", "The simple recurrent layer h_t = act(W_i x_t + b_i + W_h h_{t−1} + b_h).",
    arguments: recurrentArguments + [
      ArgumentDescription("activation", "act, `tanh` or `relu`", default: "tanh")
    ],
    shorthand: "units"
  ) { arguments throws(ArgumentError) in
    RNN(
      try arguments.integer("units", in: 1...maximumSize),
      layers: try arguments.integer("layers", in: 1...mostRecurrentLayers, default: 1),
      bidirectional: try arguments.boolean("bidirectional", default: false),
      output: try arguments.choice("output", default: .last),
      activation: try arguments.choice("activation", default: .tanh),
      recurrentInitializer: try arguments.recurrentInitializer)
  }
}
