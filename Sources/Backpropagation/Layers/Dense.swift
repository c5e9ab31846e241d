import GzipIO

/// A layer of units that each see every input: a_j = Σ_i w_ji z_i + b_j.
///
/// Input [I] or [T, I], output [O] or [T, O]: on a sequence it acts at every position. The weight is [O, I].
/// With Z the inputs as rows and Δ the deltas of the outputs: A = Z Wᵀ + b; dE/dZ = Δ W; dE/dW = Δᵀ Z;
/// dE/db = Σ_n Δ_n (Bishop, Neural Networks for Pattern Recognition, 4.8).
public struct Dense: Layer {
  /// The number of units, O.
  public var units: Int
  /// Whether each unit has a bias.
  public var hasBias: Bool
  /// How the weights start; nil leaves it to the network.
  public var initializer: (any Initializer)?
  /// How the biases start.
  public var biasInitializer: any Initializer

  /// Creates a dense layer.
  public init(
    _ units: Int, bias: Bool = true, initializer: (any Initializer)? = nil,
    biasInitializer: any Initializer = .zeros
  ) {
    self.units = units
    hasBias = bias
    self.initializer = initializer
    self.biasInitializer = biasInitializer
  }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let input = try inputs.single
    guard input.rank == 1 || input.rank == 2 else {
      throw ShapeError(
        "takes features or a sequence of features, got \(input); put flatten before it")
    }
    guard (1...maximumSize).contains(units) else {
      throw ShapeError("takes 1 to \(maximumSize.grouped) units, got \(units)")
    }
    return input.replacingLast(with: units)
  }

  public func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    let weight = ParameterSpecification(
      "weight", shape: [units, inputs[0].last], initializer: initializer)
    let bias = ParameterSpecification("bias", shape: [units], initializer: biasInitializer)
    return hasBias ? [weight, bias] : [weight]
  }

  @specialized(where S == Float)
  public func forward<S>(_ pass: ForwardPass<S>) {
    pass.output.assignProduct(of: pass.input, byTransposeOf: pass.parameters[0])
    if hasBias { pass.output.addToRows(pass.parameters[1]) }
  }

  @specialized(where S == Float)
  public func backward<S>(_ pass: BackwardPass<S>) {
    let delta = pass.outputDelta
    pass.inputDelta?.assignProduct(of: delta, by: pass.parameters[0])
    pass.parameterGradients[0].assignProduct(ofTranspose: delta, by: pass.input)
    if hasBias { pass.parameterGradients[1].assignSumOfRows(of: delta) }
  }
}

extension Dense {
  static let catalogEntry = CatalogEntry<any Layer>(
    "dense", "Units that each see every input: a_j = Σ_i w_ji z_i + b_j.",
    arguments: [
      ArgumentDescription("units", "the number of units, from 1"),
      ArgumentDescription("bias", "whether each unit has a bias", default: "true"),
      ArgumentDescription(
        "initializer", "how the weights start",
        default: "he-uniform before the ReLU family, else glorot-uniform"),
      ArgumentDescription("bias-initializer", "how the biases start", default: "zeros"),
    ],
    shorthand: "units"
  ) { arguments throws(ArgumentError) in
    Dense(
      try arguments.integer("units", in: 1...maximumSize),
      bias: try arguments.boolean("bias", default: true),
      initializer: try arguments.initializer,
      biasInitializer: try arguments.biasInitializer)
  }
}
