import CGradientKernels
import GzipIO

/// How a convolution connects the channels of planes, forward or transposed: what its layers have in common.
struct Connections: Sendable {
  var channels: Int
  var window: SlidingWindow
  var groups: Int
  var hasBias: Bool

  /// The planes behind the convolution.
  ///
  /// - Throws: A ``ShapeError`` if a number is out of range, or the input doesn't fit.
  func output(of input: Planes) throws(ShapeError) -> Planes {
    try check(input)
    let extent = try window.output(of: input)
    return Planes(channels: channels, height: extent.height, width: extent.width)
  }

  func check(_ input: Planes) throws(ShapeError) {
    guard (1...maximumSize).contains(channels) else {
      throw ShapeError("takes 1 to \(maximumSize.grouped) channels, got \(channels)")
    }
    guard groups > 0, input.channels.isMultiple(of: groups), channels.isMultiple(of: groups) else {
      throw ShapeError(
        "divides its channels into \(groups) groups, got \(input.channels) in and \(channels) out")
    }
  }

  func shape(from input: Planes, to output: Planes) -> gk_convolution {
    gk_convolution(
      channels: input.channels, height: input.height, width: input.width,
      out_channels: output.channels, out_height: output.height, out_width: output.width,
      kernel_height: window.kernel.height, kernel_width: window.kernel.width,
      stride_height: window.stride.height, stride_width: window.stride.width,
      dilation_height: window.dilation.height, dilation_width: window.dilation.width,
      top: window.before.height, left: window.before.width, groups: groups)
  }

  /// The weight between `outer` channels, its first axis, and their share of the `inner` ones; and the bias.
  func parameters(
    outer: Int, inner: Int, fans: Fans, _ axes: Planes.Axes, _ initializer: (any Initializer)?,
    _ biasInitializer: any Initializer
  ) -> [ParameterSpecification] {
    let kernel =
      axes == .plane ? [window.kernel.height, window.kernel.width] : [window.kernel.width]
    let weight = ParameterSpecification(
      "weight", shape: Shape([outer, inner / groups] + kernel), initializer: initializer,
      fans: fans)
    let bias = ParameterSpecification("bias", shape: [channels], initializer: biasInitializer)
    return hasBias ? [weight, bias] : [weight]
  }

  /// The inputs of one unit, and the units that one input feeds.
  func fans(from input: Planes) -> Fans {
    func connections(_ channels: Int) -> Int {
      Shape([channels / groups, window.kernel.height, window.kernel.width]).count
    }
    return Fans(inputs: connections(input.channels), outputs: connections(channels))
  }

  func memory(from input: Planes) -> [MemorySpecification] {
    let extent = window.extent(of: input)
    let output = Planes(channels: channels, height: extent.height, width: extent.width)
    return memory(for: shape(from: input, to: output))
  }

  /// Room for as many examples at a time as there are threads.
  func memory(for shape: gk_convolution) -> [MemorySpecification] {
    let room = withUnsafePointer(to: shape) {
      gk_convolution_scratch($0, Int(gk_threads()), NeuralNetwork.mostNumbers)
    }
    // What C gives as SIZE_MAX, for too much, is negative here.
    return [.perBatch([room < 0 ? .max : room], scratch: true)]
  }
}

extension Connections {
  /// z ← w ∗ a + b.
  func forward<S>(_ pass: ForwardPass<S>) {
    let input = Planes(batch: pass.input.shape), output = Planes(batch: pass.output.shape)
    withUnsafePointer(to: shape(from: input, to: output)) {
      S.kernels.convolution.convolve(
        $0, pass.input.shape[0], pass.input.pointer, pass.parameters[0].pointer,
        hasBias ? pass.parameters[1].pointer : nil, pass.output.pointer, pass.memory[0].pointer,
        pass.memory[0].count)
    }
  }

  func backward<S>(_ pass: BackwardPass<S>) {
    let input = Planes(batch: pass.input.shape), output = Planes(batch: pass.output.shape)
    let examples = pass.input.shape[0], scratch = pass.memory[0]
    withUnsafePointer(to: shape(from: input, to: output)) {
      if let inputDelta = pass.inputDelta {
        S.kernels.convolution.convolveTransposed(
          $0, examples, pass.outputDelta.pointer, pass.parameters[0].pointer, nil,
          inputDelta.pointer, scratch.pointer, scratch.count)
      }
      S.kernels.convolution.convolveBackwardWeight(
        $0, examples, pass.input.pointer, pass.outputDelta.pointer,
        pass.parameterGradients[0].pointer, scratch.pointer, scratch.count)
    }
    backwardBias(pass)
  }

  /// z ← the transpose of what ``forward(_:)`` does, + b.
  func forwardTransposed<S>(_ pass: ForwardPass<S>) {
    let input = Planes(batch: pass.input.shape), output = Planes(batch: pass.output.shape)
    withUnsafePointer(to: shape(from: output, to: input)) {
      S.kernels.convolution.convolveTransposed(
        $0, pass.input.shape[0], pass.input.pointer, pass.parameters[0].pointer,
        hasBias ? pass.parameters[1].pointer : nil, pass.output.pointer, pass.memory[0].pointer,
        pass.memory[0].count)
    }
  }

  func backwardTransposed<S>(_ pass: BackwardPass<S>) {
    let input = Planes(batch: pass.input.shape), output = Planes(batch: pass.output.shape)
    let examples = pass.input.shape[0], scratch = pass.memory[0]
    withUnsafePointer(to: shape(from: output, to: input)) {
      if let inputDelta = pass.inputDelta {
        S.kernels.convolution.convolve(
          $0, examples, pass.outputDelta.pointer, pass.parameters[0].pointer, nil,
          inputDelta.pointer, scratch.pointer, scratch.count)
      }
      S.kernels.convolution.convolveBackwardWeight(
        $0, examples, pass.outputDelta.pointer, pass.input.pointer,
        pass.parameterGradients[0].pointer, scratch.pointer, scratch.count)
    }
    backwardBias(pass)
  }

  private func backwardBias<S>(_ pass: BackwardPass<S>) {
    guard hasBias else { return }
    let planes = Planes(batch: pass.output.shape)
    S.kernels.convolution.sumPlanes(
      pass.output.shape[0], planes.channels, planes.size, pass.outputDelta.pointer,
      pass.parameterGradients[1].pointer)
  }
}
