/// Two numbers, along the height and along the width of a plane: `3` for both alike, or `[3, 5]`.
public struct Extent: Sendable, Equatable {
  /// Along the height.
  public var height: Int
  /// Along the width.
  public var width: Int

  /// Creates an extent.
  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }
}

extension Extent: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, CustomStringConvertible {
  public init(integerLiteral both: Int) { self.init(both, both) }

  public init(arrayLiteral sizes: Int...) {
    precondition(sizes.count == 2, "expected [height, width], got \(sizes.count) numbers")
    self.init(sizes[0], sizes[1])
  }

  /// The numbers as a person writes them: `3 × 5`.
  public var description: String { "\(height) × \(width)" }
}

/// The zeros that stand around a plane.
public enum Padding: Sendable, Equatable {
  /// So many on each side.
  case zeros(Extent)
  /// As many as keep the plane's size, with one more behind than before where they are odd.
  case same
}

extension Padding: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  public init(integerLiteral all: Int) { self = .zeros(Extent(all, all)) }
  public init(arrayLiteral sizes: Int...) {
    precondition(sizes.count == 2, "expected [height, width], got \(sizes.count) numbers")
    self = .zeros(Extent(sizes[0], sizes[1]))
  }
}
