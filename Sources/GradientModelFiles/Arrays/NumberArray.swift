import GzipIO

/// An n-dimensional array of numbers from a file, or for one: its shape, its numbers, and how a file holds them.
public struct NumberArray: Sendable, Equatable {
  /// Its sizes, the slowest first; empty for a single number.
  public let shape: [Int]
  /// Its numbers, the last axis running fastest.
  public let numbers: [Double]
  /// How a file holds them.
  public let type: NumberType

  /// The most numbers that are read into memory of one array: 2²⁸.
  public static let mostNumbers = 1 << 28

  /// Creates an array; traps if the numbers don't fill the shape.
  public init(shape: [Int], numbers: [Double], type: NumberType = .float64) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == numbers.count,
      "expected the numbers of an array of shape \(shape), got \(numbers.count)")
    self.shape = shape
    self.numbers = numbers
    self.type = type
  }
}

extension NumberArray {
  /// How many numbers an array of `shape` has; nil where that is more than an Int holds, or a size is negative.
  static func count(of shape: [Int]) -> Int? {
    guard shape.allSatisfy({ $0 >= 0 }) else { return nil }
    // One size of zero makes the array empty, however large the others are.
    guard !shape.contains(0) else { return 0 }
    var count = 1
    for size in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      guard !overflows else { return nil }
      count = product
    }
    return count
  }

  /// `[3, 28, 28]` of at most so many sizes as a message can show.
  static func title(of shape: [Int]) -> String {
    "[\(shape.prefix(8).map(String.init).joined(separator: ", "))\(shape.count > 8 ? ", …" : "")]"
  }
}
