/// A kernel for each channel that slides over the planes of the input: a_o(y, x) = b_o + Σ_c Σ_k w_oc(k) · z_c(y·s + k·d − p).
///
/// Input C × H × W, output channels × H′ × W′ with H′ = ⌊(H + 2p − d(k − 1) − 1)/s⌋ + 1; what lies outside the input is
/// zero. The weight is [channels, C/groups, kh, kw]: with groups, each part of the channels sees its part of the input
/// alone; as many groups as channels are a depthwise convolution. Backward, dE/dz is the transposed convolution of δ,
/// dE/dw_oc(k) = Σ_n Σ_yx δ_o(y, x) · z_c(y·s + k·d − p), dE/db_o = Σ_n Σ_yx δ_o (LeCun et al., 1989; arguments and
/// layout as PyTorch's).
public struct Convolution2D: Layer {
  /// The number of kernels, each a unit.
  public var channels: Int
  /// The size of a kernel.
  public var kernel: Extent
  /// How far it moves at a time, s.
  public var stride: Extent
  /// The zeros around the input, p.
  public var padding: Padding
  /// How far the elements of a kernel are apart, d.
  public var dilation: Extent
  /// The parts into which the channels are divided.
  public var groups: Int
  /// Whether each channel has a bias.
  public var hasBias: Bool
  /// How the weights start; nil leaves it to the network.
  public var initializer: (any Initializer)?
  /// How the biases start.
  public var biasInitializer: any Initializer

  /// Creates a convolution.
  public init(
    _ channels: Int, kernel: Extent, stride: Extent = 1, padding: Padding = 0,
    dilation: Extent = 1, groups: Int = 1, bias: Bool = true,
    initializer: (any Initializer)? = nil, biasInitializer: any Initializer = .zeros
  ) {
    self.channels = channels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    hasBias = bias
    self.initializer = initializer
    self.biasInitializer = biasInitializer
  }

  var connections: Connections {
    Connections(
      channels: channels,
      window: SlidingWindow(kernel: kernel, stride: stride, dilation: dilation, padding: padding),
      groups: groups, hasBias: hasBias)
  }

  public var kind: String { "convolution-2d" }
  public var keepsPositions: Bool { false }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try connections.output(of: Planes(try inputs.single, .plane)).shape(.plane)
  }

  public func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    let input = Planes(example: inputs[0])
    return connections.parameters(
      outer: channels, inner: input.channels, fans: connections.fans(from: input), .plane,
      initializer, biasInitializer)
  }

  public func memory(for inputs: [Shape]) -> [MemorySpecification] {
    connections.memory(from: Planes(example: inputs[0]))
  }

  public func forward<S>(_ pass: ForwardPass<S>) { connections.forward(pass) }
  public func backward<S>(_ pass: BackwardPass<S>) { connections.backward(pass) }
}

extension Convolution2D {
  static let catalogEntry = CatalogEntry<any Layer>(
    "convolution-2d",
    "Kernels that slide over C × H × W: a_o(y, x) = b_o + Σ_c Σ_k w_oc(k) · z_c(y·s + k·d − p).",
    arguments: .convolution + [.padding, .dilation, .groups] + .biasAndInitializers
  ) { arguments throws(ArgumentError) in
    Convolution2D(
      try arguments.channels, kernel: try arguments.extent("kernel"),
      stride: try arguments.extent("stride", default: 1),
      padding: try arguments.padding(),
      dilation: try arguments.extent("dilation", default: 1), groups: try arguments.groups,
      bias: try arguments.boolean("bias", default: true),
      initializer: try arguments.initializer,
      biasInitializer: try arguments.biasInitializer)
  }
}
