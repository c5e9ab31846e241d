import CGradientKernels

/// Multi-head scaled dot-product attention: each position takes a mixture of the values at all positions.
///
/// Takes one sequence T × D, or from three a query T × D, a key S × D_k and a value S × D_v; gives T × D. With q = query ·
/// Wqᵀ + bq and k, v likewise, each head has D/heads of their columns: P = softmax(q kᵀ/√(D/heads)), mixture = P v; the
/// output is mixture · Woᵀ + bo. A causal query t sees the keys 0 … t. Where sequences are of unequal length, keys that are
/// padding get no weight; a query that sees no key gets a mixture of zero. Weights are [D, D], of the key [D, D_k], of the
/// value [D, D_v] (Vaswani et al., 2017).
///
/// Backward: δP = δ_mixture vᵀ, δv = Pᵀ δ_mixture, δS = P ∘ (δP − Σ_keys P ∘ δP), δq = δS k/√(D/heads),
/// δk = δSᵀ q/√(D/heads); the four products with weights as in ``Dense``.
public struct Attention: Layer {
  /// How many heads share the features.
  public var heads: Int
  /// Whether a position sees none of the later ones.
  public var isCausal: Bool
  /// Whether the four products have biases.
  public var hasBias: Bool

  /// Creates an attention.
  public init(heads: Int, causal: Bool = false, bias: Bool = true) {
    self.heads = heads
    isCausal = causal
    hasBias = bias
  }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    guard inputs.count == 1 || inputs.count == 3 else {
      throw ShapeError("takes one input, or a query, a key and a value, got \(inputs.count)")
    }
    func written(_ shapes: [Shape]) -> String {
      shapes.map(\.description).joined(separator: " and ")
    }
    guard inputs.allSatisfy({ $0.rank == 2 }) else {
      throw ShapeError("takes sequences of features, got \(written(inputs))")
    }
    let query = inputs[0], key = inputs[inputs.count / 2]
    guard key[0] == inputs[inputs.count - 1][0] else {
      throw ShapeError(
        "takes as many values as keys, got \(written(Array(inputs.dropFirst())))")
    }
    guard heads > 0, query[1].isMultiple(of: heads) else {
      throw ShapeError(
        "divides the features among \(heads) heads, got \(query[1]) features in \(query)")
    }
    return query
  }

  public func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    let width = inputs[0][1]
    let sources = [inputs[0], inputs[inputs.count / 2], inputs[inputs.count - 1], inputs[0]]
    return zip(["query", "key", "value", "output"], sources).flatMap { name, source in
      let weight = ParameterSpecification(
        "\(name)/weight", shape: [width, source[1]], initializer: .glorotUniform)
      let bias = ParameterSpecification("\(name)/bias", shape: [width], initializer: .zeros)
      return hasBias ? [weight, bias] : [weight]
    }
  }

  public func memory(for inputs: [Shape]) -> [MemorySpecification] {
    let queries = inputs[0][0], keys = inputs[inputs.count / 2][0], width = inputs[0][1]
    return [
      .perExample([queries, width]), .perExample([keys, width]), .perExample([keys, width]),
      .perExample([queries, width]), .perExample([heads, queries, keys]),
      .perExample([queries, width], scratch: true), .perExample([keys, width], scratch: true),
      .perExample([keys, width], scratch: true),
      .perExample([heads, queries, keys], scratch: true),
    ]
  }

  public func forward<S>(_ pass: ForwardPass<S>) {
    let memory = Memory(pass.memory)
    project(.query, of: pass.inputs[0], into: memory.query, pass)
    project(.key, of: pass.inputs[pass.inputs.count / 2], into: memory.key, pass)
    project(.value, of: pass.inputs[pass.inputs.count - 1], into: memory.value, pass)
    S.kernels.sequence.attention(
      shape(of: memory, lengths: pass.lengths), memory.query.pointer, memory.key.pointer,
      memory.value.pointer, memory.weights.pointer, memory.mixture.pointer)
    project(.output, of: memory.mixture, into: pass.output, pass)
  }

  public func backward<S>(_ pass: BackwardPass<S>) {
    let memory = Memory(pass.memory)
    gradients(.output, from: pass.outputDelta, memory.mixture, pass)
    // The mixture's δ, which the kernel turns into that of the query.
    memory.queryDelta.assignProduct(of: pass.outputDelta, by: pass.parameters[weight(of: .output)])
    S.kernels.sequence.attentionBackward(
      shape(of: memory, lengths: pass.lengths), memory.query.pointer, memory.key.pointer,
      memory.value.pointer, memory.weights.pointer, memory.queryDelta.pointer,
      memory.weightsDelta.pointer, memory.keyDelta.pointer, memory.valueDelta.pointer)
    backward(.query, from: memory.queryDelta, to: 0, adding: false, pass)
    let isAlone = pass.inputs.count == 1
    backward(.key, from: memory.keyDelta, to: isAlone ? 0 : 1, adding: isAlone, pass)
    backward(.value, from: memory.valueDelta, to: isAlone ? 0 : 2, adding: isAlone, pass)
  }

  /// The products with weights, in the order of their parameters.
  private enum Projection: Int { case query, key, value, output }

  private func weight(of projection: Projection) -> Int { projection.rawValue * (hasBias ? 2 : 1) }

  private func project<S>(
    _ projection: Projection, of source: TensorView<S>, into target: TensorView<S>,
    _ pass: ForwardPass<S>
  ) {
    let weight = weight(of: projection)
    target.assignProduct(of: source, byTransposeOf: pass.parameters[weight])
    if hasBias { target.addToRows(pass.parameters[weight + 1]) }
  }

  private func gradients<S>(
    _ projection: Projection, from delta: TensorView<S>, _ source: TensorView<S>,
    _ pass: BackwardPass<S>
  ) {
    let weight = weight(of: projection)
    pass.parameterGradients[weight].assignProduct(ofTranspose: delta, by: source)
    if hasBias { pass.parameterGradients[weight + 1].assignSumOfRows(of: delta) }
  }

  private func backward<S>(
    _ projection: Projection, from delta: TensorView<S>, to input: Int, adding: Bool,
    _ pass: BackwardPass<S>
  ) {
    gradients(projection, from: delta, pass.inputs[input], pass)
    pass.inputDeltas[input]?.assignProduct(
      of: delta, by: pass.parameters[weight(of: projection)], adding: adding)
  }

  private func shape<S>(
    of memory: Memory<S>, lengths: UnsafePointer<Int32>?
  ) -> gk_attention_shape {
    gk_attention_shape(
      examples: memory.query.shape[0], heads: heads, queries: memory.query.shape[1],
      keys: memory.key.shape[1], width: memory.query.shape[2], is_causal: isCausal ? 1 : 0,
      lengths: lengths)
  }

  /// The layer's buffers by name, in the order of ``memory(for:)``.
  private struct Memory<S: TensorScalar> {
    let query, key, value, mixture, weights: TensorView<S>
    let queryDelta, keyDelta, valueDelta, weightsDelta: TensorView<S>

    init(_ memory: [TensorView<S>]) {
      (query, key, value, mixture, weights) =
        (memory[0], memory[1], memory[2], memory[3], memory[4])
      (queryDelta, keyDelta, valueDelta, weightsDelta) =
        (memory[5], memory[6], memory[7], memory[8])
    }
  }
}

extension Attention {
  static let catalogEntry = CatalogEntry<any Layer>(
    "attention",
    "Each position takes a mixture of all positions' values: softmax(q kᵀ/√(features/heads)) v, "
      + "of one sequence, or of a query, a key and a value (`from:`).",
    arguments: [
      ArgumentDescription("heads", "how many heads share the features"),
      ArgumentDescription(
        "causal", "whether a position sees none of the later ones", default: "false"),
      ArgumentDescription("bias", "whether the four products have biases", default: "true"),
    ], shorthand: "heads"
  ) { arguments throws(ArgumentError) in
    Attention(
      heads: try arguments.integer("heads", in: 1...maximumSize),
      causal: try arguments.boolean("causal", default: false),
      bias: try arguments.boolean("bias", default: true))
  }
}
