import CGradientKernels

/// The normalization of parts of one example, each by itself: what layer, RMS, group and instance norm share.
struct NormalizedSlices {
  /// Which values are normalized together.
  enum Extent {
    /// Those of one position; of C × H × W all.
    case lastAxis
    /// Those of so many groups of channels, the first axis, at every place; nil for each channel by itself.
    case channels(groups: Int?)
  }

  var extent: Extent
  var epsilon: Double
  /// Whether there is a weight, and with centering a bias.
  var isAffine: Bool
  /// Whether the mean is taken off.
  var isCentered = true

  /// The only input's shape.
  ///
  /// - Throws: A ``ShapeError`` for any that has no such parts.
  func checked(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let input = try inputs.single
    switch extent {
    case .lastAxis:
      guard (1...3).contains(input.rank) else {
        throw ShapeError("takes features, a sequence of features or C × H × W, got \(input)")
      }
    case .channels(let groups?):
      guard (1...3).contains(input.rank) else {
        throw ShapeError("takes features, C × length or C × H × W, got \(input)")
      }
      guard groups > 0, input[0].isMultiple(of: groups) else {
        throw ShapeError(
          "divides the channels into \(groups) groups, got \(input[0]) channels in \(input)")
      }
    case .channels(nil):
      guard (2...3).contains(input.rank) else {
        throw ShapeError("takes C × length or C × H × W, got \(input)")
      }
    }
    return input
  }

  /// The weight and the bias, where there are any.
  func parameters(for input: Shape) -> ArraySlice<ParameterSpecification> {
    [ParameterSpecification].affine(weightShape(for: input)).prefix(affineCount)
  }

  private var affineCount: Int { !isAffine ? 0 : isCentered ? 2 : 1 }

  private func weightShape(for input: Shape) -> Shape {
    switch extent {
    case .lastAxis: input.rank == 3 ? input : [input.last]
    case .channels: [input[0]]
    }
  }

  /// Mean and variance of each slice, and the share of each example in the weight's and bias's gradients.
  func memory(for input: Shape) -> [MemorySpecification] {
    let shape = kernelShape(
      examples: 1, count: input.count, channels: input[0], width: weightShape(for: input).count)
    return [
      .perExample([shape.slices]), .perExample([shape.slices]),
      .perExample([2, weightShape(for: input).count], scratch: true),
    ]
  }

  func forward<S>(_ pass: ForwardPass<S>) {
    S.kernels.normalization.group(
      kernelShape(of: pass.input), pass.input.pointer,
      affineCount > 0 ? pass.parameters[0].pointer : nil,
      affineCount > 1 ? pass.parameters[1].pointer : nil, pass.memory[0].pointer,
      pass.memory[1].pointer, pass.output.pointer)
  }

  func backward<S>(_ pass: BackwardPass<S>) {
    S.kernels.normalization.groupBackward(
      kernelShape(of: pass.input), pass.input.pointer,
      affineCount > 0 ? pass.parameters[0].pointer : nil, pass.memory[0].pointer,
      pass.memory[1].pointer, pass.outputDelta.pointer, pass.inputDelta?.pointer,
      pass.memory[2].pointer, affineCount > 0 ? pass.parameterGradients[0].pointer : nil,
      affineCount > 1 ? pass.parameterGradients[1].pointer : nil)
  }

  private func kernelShape<S>(of batch: TensorView<S>) -> gk_group_norm_shape {
    let examples = batch.shape[0], count = batch.count / examples
    return kernelShape(
      examples: examples, count: count, channels: batch.shape[1],
      width: batch.shape.rank == 4 ? count : batch.shape.last)
  }

  /// For examples of `count` numbers, with `channels` on the first axis and `width` normalized where it is the last.
  private func kernelShape(
    examples: Int, count: Int, channels: Int, width: Int
  ) -> gk_group_norm_shape {
    var shape = gk_group_norm_shape()
    shape.examples = examples
    shape.is_centered = isCentered ? 1 : 0
    shape.epsilon = epsilon
    switch extent {
    case .lastAxis:
      shape.slices = count / width
      shape.groups = 1
      shape.channels = width
      shape.extent = 1
    case .channels(let groups):
      shape.slices = groups ?? channels
      shape.groups = shape.slices
      shape.channels = channels / shape.slices
      shape.extent = count / channels
    }
    return shape
  }
}
