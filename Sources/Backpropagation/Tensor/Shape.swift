/// The sizes of a tensor's axes, outermost first.
///
/// A layer's shapes are of one example (`[64]`, `[channels, height, width]`); a batch puts the examples in front.
public struct Shape: Hashable, Sendable {
  /// The size of each axis.
  public let sizes: [Int]
  /// The number of elements; `Int.max` where it is larger than that, which no memory holds.
  public let count: Int

  /// Creates a shape; traps if a size is negative.
  public init(_ sizes: [Int]) {
    precondition(sizes.allSatisfy { $0 >= 0 }, "a shape's sizes are not negative, got \(sizes)")
    self.sizes = sizes
    count =
      sizes.contains(0)
      ? 0
      : sizes.reduce(1) { count, size in
        let (product, overflows) = count.multipliedReportingOverflow(by: size)
        return overflows ? .max : product
      }
  }

  /// The number of axes.
  public var rank: Int { sizes.count }

  /// The size of axis `axis`.
  public subscript(axis: Int) -> Int { sizes[axis] }

  /// The size of the innermost axis, on which dense layers and softmax act.
  public var last: Int { sizes.last ?? 1 }

  /// This shape with the innermost axis replaced.
  public func replacingLast(with size: Int) -> Shape { Shape(sizes.dropLast() + [size]) }

  /// The shape of `examples` examples of this shape.
  public func batch(of examples: Int) -> Shape { Shape([examples] + sizes) }
}

extension Shape: ExpressibleByArrayLiteral, CustomStringConvertible {
  public init(arrayLiteral sizes: Int...) { self.init(sizes) }

  /// The sizes as a person writes them: `3 × 28 × 28`.
  public var description: String {
    sizes.isEmpty ? "scalar" : sizes.map(String.init).joined(separator: " × ")
  }
}
