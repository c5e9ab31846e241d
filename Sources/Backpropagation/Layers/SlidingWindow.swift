import GzipIO

/// A window that slides over planes: where it stands, and so the size of what comes out.
struct SlidingWindow: Sendable {
  var kernel: Extent
  var stride: Extent
  var dilation: Extent = 1
  var padding: Padding

  /// The planes' height and width behind the window, channel by channel.
  ///
  /// - Throws: A ``ShapeError`` if a number is out of range, or the window doesn't fit.
  func output(of planes: Planes) throws(ShapeError) -> Extent {
    try checkNumbers()
    guard padding != .same || stride == 1 else {
      throw ShapeError("takes the padding same with a stride of 1 alone, got \(stride)")
    }
    let padded = Extent(planes.height + around.height, planes.width + around.width)
    guard span.height <= padded.height, span.width <= padded.width else {
      throw ShapeError(
        "has a kernel that spans \(span), more than the \(padded) of its input and padding")
    }
    return extent(of: planes)
  }

  /// Refuses numbers that are out of range.
  func checkNumbers() throws(ShapeError) {
    for (name, extent) in [("kernel", kernel), ("stride", stride), ("dilation", dilation)] {
      guard [extent.height, extent.width].allSatisfy((1...maximumSize).contains) else {
        throw ShapeError("takes a \(name) of 1 to \(maximumSize.grouped), got \(extent)")
      }
    }
    guard [before.height, before.width].allSatisfy((0...maximumSize).contains) else {
      throw ShapeError("takes a padding of 0 to \(maximumSize.grouped), got \(before)")
    }
  }

  /// The same for planes that are known to fit.
  func extent(of planes: Planes) -> Extent {
    Extent(
      (planes.height + around.height - span.height) / stride.height + 1,
      (planes.width + around.width - span.width) / stride.width + 1)
  }

  /// From the first element of the kernel to the last.
  var span: Extent {
    Extent(
      (kernel.height - 1) * dilation.height + 1, (kernel.width - 1) * dilation.width + 1)
  }

  /// The zeros before the first element of a plane.
  var before: Extent {
    switch padding {
    case .zeros(let extent): extent
    case .same: Extent((span.height - 1) / 2, (span.width - 1) / 2)
    }
  }

  /// The zeros before and behind a plane.
  private var around: Extent {
    switch padding {
    case .zeros(let extent): Extent(2 * extent.height, 2 * extent.width)
    case .same: Extent(span.height - 1, span.width - 1)
    }
  }
}
