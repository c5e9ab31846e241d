import GradientHealth

/// How the layers of a network of the corpus are put together; the last one, with an output a class, comes on top.
struct Stack: Sendable {
  /// What a stack is made of.
  enum Kind: String, Sendable {
    case dense, convolution, residual, batchNormalized = "batch-norm",
      layerNormalized = "layer-norm", rnn, lstm, gru, attention
  }

  var kind = Kind.dense
  /// The layers with weights below the last one; of a residual or attention network, its blocks.
  var depth: Int
  var width = 24
  var activation = Activation.relu
  /// How the weights of a layer start, counted from 1; nil for what suits the activation.
  var weights: @Sendable (_ layer: Int) -> (any Initializer)? = { _ in nil }
  /// How its biases start.
  var biases: @Sendable (_ layer: Int) -> any Initializer = { _ in .zeros }

  /// The layers, the last one included.
  func layers(outputs: Int) -> [LayerNode] {
    let last = LayerNode(Dense(outputs, initializer: weights(depth + 1)))
    let body: [LayerNode] =
      switch kind {
      case .dense: (1...depth).flatMap { [dense($0), activation.node] }
      case .convolution:
        (1...depth).flatMap { [convolution($0), activation.node] } + [LayerNode(Flatten())]
      case .batchNormalized:
        (1...depth).flatMap { [dense($0), LayerNode(BatchNorm()), activation.node] }
      case .layerNormalized:
        (1...depth).flatMap { [dense($0), LayerNode(LayerNorm()), activation.node] }
      case .residual: residualBlocks
      case .rnn: [LayerNode(RNN(width, layers: depth))]
      case .lstm: [LayerNode(LSTM(width, layers: depth))]
      case .gru: [LayerNode(GRU(width, layers: depth))]
      case .attention: attentionBlocks + [LayerNode(Flatten())]
      }
    return body + [last]
  }

  private func dense(_ layer: Int) -> LayerNode {
    LayerNode(Dense(width, initializer: weights(layer), biasInitializer: biases(layer)))
  }

  private func convolution(_ layer: Int) -> LayerNode {
    LayerNode(
      Convolution2D(
        width / 3, kernel: 3, padding: 1, initializer: weights(layer),
        biasInitializer: biases(layer)))
  }

  /// Blocks that are normalized first and added to what they started from (He et al., 2016).
  private var residualBlocks: [LayerNode] {
    var nodes = [LayerNode(Dense(width)).named("block-0")]
    for block in 1...depth {
      nodes += [
        LayerNode(LayerNorm()).from("block-\(block - 1)"), dense(2 * block - 1), activation.node,
        dense(2 * block).named("branch-\(block)"),
        LayerNode(Add()).from("block-\(block - 1)", "branch-\(block)").named("block-\(block)"),
      ]
    }
    return nodes
  }

  /// Attention and two dense layers, each behind a layer norm and beside a shortcut.
  private var attentionBlocks: [LayerNode] {
    var nodes = [LayerNode(Dense(width)).named("block-0")]
    for block in 1...depth {
      let input = "block-\(block - 1)"
      nodes += [
        LayerNode(LayerNorm()).from(input),
        LayerNode(Attention(heads: 2)).named("attention-\(block)"),
        LayerNode(Add()).from(input, "attention-\(block)").named("mixed-\(block)"),
        LayerNode(LayerNorm()), LayerNode(Dense(2 * width)), activation.node,
        LayerNode(Dense(width)).named("branch-\(block)"),
        LayerNode(Add()).from("mixed-\(block)", "branch-\(block)").named("block-\(block)"),
      ]
    }
    return nodes
  }
}
