import GradientHealth

/// The activations that the corpus is trained with.
enum Activation: String, CaseIterable {
  case relu, leakyReLU = "leaky-relu", elu, selu, gelu, silu, mish, softplus, tanh, sigmoid

  /// A layer of it.
  var node: LayerNode {
    switch self {
    case .relu: LayerNode(ReLU())
    case .leakyReLU: LayerNode(LeakyReLU())
    case .elu: LayerNode(ELU())
    case .selu: LayerNode(SELU())
    case .gelu: LayerNode(GELU())
    case .silu: LayerNode(SiLU())
    case .mish: LayerNode(Mish())
    case .softplus: LayerNode(Softplus())
    case .tanh: LayerNode(Tanh())
    case .sigmoid: LayerNode(Sigmoid())
    }
  }
}
