import CGradientKernels

/// The window of a pooling, which stands on each channel by itself.
struct PoolingWindow: Sendable {
  private let axes: Planes.Axes
  private let window: SlidingWindow
  private let padding: Extent

  init(_ axes: Planes.Axes, _ kernel: Extent, stride: Extent?, padding: Extent) {
    self.axes = axes
    self.padding = padding
    window = SlidingWindow(
      kernel: kernel, stride: stride ?? kernel, padding: .zeros(padding))
  }

  /// A window on C × length.
  init(_ kernel: Int, stride: Int?, padding: Int) {
    self.init(
      .length, Extent(1, kernel), stride: stride.map { Extent(1, $0) },
      padding: Extent(0, padding))
  }

  func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let input = try Planes(try inputs.single, axes)
    let extent = try window.output(of: input)
    // Else a window could lie in the padding alone.
    guard 2 * padding.height <= window.kernel.height, 2 * padding.width <= window.kernel.width
    else {
      throw ShapeError(
        "takes a padding of at most half of its kernel, got \(padding) and \(window.kernel)")
    }
    return Planes(channels: input.channels, height: extent.height, width: extent.width)
      .shape(axes)
  }

  /// For each window the place of its largest number in the batch, the first of equals.
  func largest(in batch: TensorView<Double>) -> [Int] {
    let input = Planes(batch: batch.shape), extent = window.extent(of: input)
    func inside(_ place: Int, _ kernel: Int, _ stride: Int, _ before: Int, _ size: Int) -> Range<
      Int
    > {
      let start = place * stride - before
      return max(start, 0)..<min(start + kernel, size)
    }
    return (0..<batch.shape[0] * input.channels).flatMap { plane in
      (0..<extent.height * extent.width).map { place in
        let columns = inside(
          place % extent.width, window.kernel.width, window.stride.width, padding.width,
          input.width)
        let places = inside(
          place / extent.width, window.kernel.height, window.stride.height, padding.height,
          input.height
        ).flatMap { row in columns.map { (plane * input.height + row) * input.width + $0 } }
        return places.dropFirst().reduce(places[0]) { batch[$1] > batch[$0] ? $1 : $0 }
      }
    }
  }

  /// Calls `body` with the sizes as the kernels take them, and the number of planes.
  func withKernelShape<S>(
    of batch: TensorView<S>, _ body: (UnsafePointer<gk_pooling>, Int) -> Void
  ) {
    let input = Planes(batch: batch.shape), extent = window.extent(of: input)
    let shape = gk_pooling(
      height: input.height, width: input.width, out_height: extent.height,
      out_width: extent.width, kernel_height: window.kernel.height,
      kernel_width: window.kernel.width, stride_height: window.stride.height,
      stride_width: window.stride.width, top: padding.height, left: padding.width)
    withUnsafePointer(to: shape) { body($0, batch.shape[0] * input.channels) }
  }
}
