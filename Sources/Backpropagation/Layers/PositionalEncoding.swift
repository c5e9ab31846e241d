import GzipIO

/// Adds to each position of a sequence a vector that tells the position: z_t = a_t + p_t.
///
/// Takes T × features. Sinusoidal: p_{t,2i} = sin(t/10000^{2i/F}), p_{t,2i+1} = cos(t/10000^{2i/F}), t counted from 0
/// (Vaswani et al., 2017, 3.5). Learned: p is a weight of [length, F]; its gradient is the sum of the examples' δ, zero
/// past the sequence.
public struct PositionalEncoding: Layer {
  /// Where the vectors come from.
  public enum Kind: String, Sendable, CaseIterable {
    /// Sines and cosines of the position.
    case sinusoidal
    /// A parameter.
    case learned
  }

  /// Where the vectors come from.
  public var kindOfVectors: Kind
  /// The most positions that a sequence may have; nil for those of the input.
  public var length: Int?

  /// Creates an encoding.
  public init(_ kind: Kind = .sinusoidal, length: Int? = nil) {
    kindOfVectors = kind
    self.length = length
  }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let input = try inputs.single
    guard input.rank == 2 else { throw ShapeError("takes a sequence of features, got \(input)") }
    if let length {
      guard (1...maximumSize).contains(length) else {
        throw ShapeError("takes a length from 1 to \(maximumSize.grouped), got \(length)")
      }
      guard input[0] <= length else {
        throw ShapeError("takes at most \(length) positions, got \(input)")
      }
    }
    return input
  }

  public func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    guard kindOfVectors == .learned else { return [] }
    return [
      ParameterSpecification(
        "weight", shape: [length ?? inputs[0][0], inputs[0][1]],
        initializer: .normal(standardDeviation: 0.02))
    ]
  }

  public func memory(for inputs: [Shape]) -> [MemorySpecification] {
    kindOfVectors == .sinusoidal ? [.perBatch(inputs[0], scratch: true)] : []
  }

  public func forward<S>(_ pass: ForwardPass<S>) {
    let positions = pass.input.shape[1], features = pass.input.shape[2]
    let vectors: TensorView<S>
    switch kindOfVectors {
    case .sinusoidal:
      vectors = pass.memory[0]
      S.kernels.sequence.sinusoids(positions, features, vectors.pointer)
    case .learned: vectors = pass.parameters[0]
    }
    pass.output.assign(pass.input)
    S.kernels.addToRows(
      pass.input.shape[0], positions * features, vectors.pointer, pass.output.pointer)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    pass.inputDelta?.assign(pass.outputDelta)
    guard let gradient = pass.parameterGradients.first else { return }
    gradient.fill(0)
    S.kernels.sumRows(
      pass.input.shape[0], pass.input.shape[1] * pass.input.shape[2], pass.outputDelta.pointer,
      gradient.pointer)
  }
}

extension PositionalEncoding {
  static let catalogEntry = CatalogEntry<any Layer>(
    "positional-encoding",
    "Adds to each position a vector that tells the position: z_t = a_t + p_t.",
    arguments: [
      ArgumentDescription(
        "kind", "`sinusoidal`, sines and cosines of t/10000^(2i/features), or `learned`",
        default: "sinusoidal"),
      ArgumentDescription(
        "length", "the most positions that a sequence may have", default: "those of the input"),
    ]
  ) { arguments throws(ArgumentError) in
    let word = arguments["kind"] ?? .text("sinusoidal")
    guard case .text(let name) = word, let kind = Kind(rawValue: name) else {
      throw ArgumentError(
        key: "kind",
        message: "kind of positional-encoding is \(word.written), expected sinusoidal or learned")
    }
    return PositionalEncoding(
      kind,
      length: arguments["length"] == nil
        ? nil : try arguments.integer("length", in: 1...maximumSize))
  }
}
