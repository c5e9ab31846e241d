/// The transpose of a convolution, which enlarges planes: a_o(y·s + k·d − p) += Σ_c w_co(k) · z_c(y), and + b_o.
///
/// Input C × H × W, output channels × H′ × W′ with H′ = (H − 1)s − 2p + d(k − 1) + 1 + the output padding, which says by
/// how much the rest of a division was lost by the convolution that this one undoes. The weight is
/// [C, channels/groups, kh, kw]. Backward, dE/dz is the convolution of δ (Zeiler et al., 2010; arguments and layout as
/// PyTorch's).
public struct TransposedConvolution2D: Layer {
  /// The number of channels of the output, each a unit.
  public var channels: Int
  /// The size of a kernel.
  public var kernel: Extent
  /// How far apart an input's neighbors lie in the output, s.
  public var stride: Extent
  /// What is cut off around the output, p.
  public var padding: Extent
  /// What is added behind the output.
  public var outputPadding: Extent
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

  /// Creates a transposed convolution.
  public init(
    _ channels: Int, kernel: Extent, stride: Extent = 1, padding: Extent = 0,
    outputPadding: Extent = 0, dilation: Extent = 1, groups: Int = 1, bias: Bool = true,
    initializer: (any Initializer)? = nil, biasInitializer: any Initializer = .zeros
  ) {
    self.channels = channels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    self.groups = groups
    hasBias = bias
    self.initializer = initializer
    self.biasInitializer = biasInitializer
  }

  private var window: SlidingWindow {
    SlidingWindow(kernel: kernel, stride: stride, dilation: dilation, padding: .zeros(padding))
  }

  private var connections: Connections {
    Connections(channels: channels, window: window, groups: groups, hasBias: hasBias)
  }

  public var kind: String { "transposed-convolution-2d" }
  public var keepsPositions: Bool { false }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let input = try Planes(try inputs.single, .plane)
    try connections.check(input)
    try window.checkNumbers()
    for (rest, step, spread) in [
      (outputPadding.height, stride.height, dilation.height),
      (outputPadding.width, stride.width, dilation.width),
    ] {
      guard rest >= 0, rest < max(step, spread) else {
        throw ShapeError(
          "takes an output padding below the stride or the dilation, got \(outputPadding)")
      }
    }
    let output = output(of: input)
    guard output.height > 0, output.width > 0 else {
      throw ShapeError(
        "has a padding of \(padding) that leaves nothing of its output, from \(input.shape(.plane))"
      )
    }
    return output.shape(.plane)
  }

  /// The planes behind the layer, where nothing is out of range.
  private func output(of input: Planes) -> Planes {
    Planes(
      channels: channels,
      height: (input.height - 1) * stride.height - 2 * padding.height + window.span.height
        + outputPadding.height,
      width: (input.width - 1) * stride.width - 2 * padding.width + window.span.width
        + outputPadding.width)
  }

  public func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    let input = Planes(example: inputs[0])
    return connections.parameters(
      outer: input.channels, inner: channels, fans: connections.fans(from: input), .plane,
      initializer, biasInitializer)
  }

  public func memory(for inputs: [Shape]) -> [MemorySpecification] {
    let input = Planes(example: inputs[0])
    return connections.memory(for: connections.shape(from: output(of: input), to: input))
  }

  public func forward<S>(_ pass: ForwardPass<S>) { connections.forwardTransposed(pass) }
  public func backward<S>(_ pass: BackwardPass<S>) { connections.backwardTransposed(pass) }
}

extension TransposedConvolution2D {
  static let catalogEntry = CatalogEntry<any Layer>(
    "transposed-convolution-2d",
    "The transpose of a convolution: a_o(y·s + k·d − p) += Σ_c w_co(k) · z_c(y), and + b_o.",
    arguments: .convolution
      + [
        ArgumentDescription(
          "padding", "p, what is cut off on each side, from 0, or [height, width]", default: "0"),
        ArgumentDescription(
          "output-padding", "what is added behind the output, from 0, or [height, width]",
          default: "0"), .dilation, .groups,
      ] + .biasAndInitializers
  ) { arguments throws(ArgumentError) in
    TransposedConvolution2D(
      try arguments.channels, kernel: try arguments.extent("kernel"),
      stride: try arguments.extent("stride", default: 1),
      padding: try arguments.extent("padding", from: 0, default: 0),
      outputPadding: try arguments.extent("output-padding", from: 0, default: 0),
      dilation: try arguments.extent("dilation", default: 1), groups: try arguments.groups,
      bias: try arguments.boolean("bias", default: true),
      initializer: try arguments.initializer,
      biasInitializer: try arguments.biasInitializer)
  }
}
