/// A kernel for each channel that slides along the input: a_o(x) = b_o + Σ_c Σ_k w_oc(k) · z_c(x·s + k·d − p).
///
/// Input C × length, output channels × length′ with length′ = ⌊(length + 2p − d(k − 1) − 1)/s⌋ + 1. The weight is
/// [channels, C/groups, k]. It is a ``Convolution2D`` over planes of height 1. A sequence of positions × features is turned
/// into C × length by ``Transpose``.
public struct Convolution1D: Layer {
  /// The number of kernels, each a unit.
  public var channels: Int
  /// The length of a kernel.
  public var kernel: Int
  /// How far it moves at a time, s.
  public var stride: Int
  /// The zeros before and behind the input, p, or nil for as many as keep its length.
  public var padding: Int?
  /// How far the elements of a kernel are apart, d.
  public var dilation: Int
  /// The parts into which the channels are divided.
  public var groups: Int
  /// Whether each channel has a bias.
  public var hasBias: Bool
  /// How the weights start; nil leaves it to the network.
  public var initializer: (any Initializer)?
  /// How the biases start.
  public var biasInitializer: any Initializer

  /// Creates a convolution; a `padding` of nil keeps the length.
  public init(
    _ channels: Int, kernel: Int, stride: Int = 1, padding: Int? = 0, dilation: Int = 1,
    groups: Int = 1, bias: Bool = true, initializer: (any Initializer)? = nil,
    biasInitializer: any Initializer = .zeros
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
      window: SlidingWindow(
        kernel: Extent(1, kernel), stride: Extent(1, stride), dilation: Extent(1, dilation),
        padding: padding.map { .zeros(Extent(0, $0)) } ?? .same),
      groups: groups, hasBias: hasBias)
  }

  public var kind: String { "convolution-1d" }
  public var keepsPositions: Bool { false }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    try connections.output(of: Planes(try inputs.single, .length)).shape(.length)
  }

  public func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    let input = Planes(example: inputs[0])
    return connections.parameters(
      outer: channels, inner: input.channels, fans: connections.fans(from: input), .length,
      initializer, biasInitializer)
  }

  public func memory(for inputs: [Shape]) -> [MemorySpecification] {
    connections.memory(from: Planes(example: inputs[0]))
  }

  public func forward<S>(_ pass: ForwardPass<S>) { connections.forward(pass) }
  public func backward<S>(_ pass: BackwardPass<S>) { connections.backward(pass) }
}

extension Convolution1D {
  static let catalogEntry = CatalogEntry<any Layer>(
    "convolution-1d",
    "Kernels that slide along C × length: a_o(x) = b_o + Σ_c Σ_k w_oc(k) · z_c(x·s + k·d − p).",
    arguments: .convolution + [.padding, .dilation, .groups] + .biasAndInitializers
  ) { arguments throws(ArgumentError) in
    Convolution1D(
      try arguments.channels, kernel: try arguments.length("kernel"),
      stride: try arguments.length("stride", default: 1),
      padding: try arguments.paddingOfLength(),
      dilation: try arguments.length("dilation", default: 1), groups: try arguments.groups,
      bias: try arguments.boolean("bias", default: true),
      initializer: try arguments.initializer,
      biasInitializer: try arguments.biasInitializer)
  }
}
