public import Backpropagation

/// One or several arrays of numbers, each with a name: the point at which a function is taken, and its gradient there.
///
/// An array literal is a single array, a dictionary literal names several:
///
/// ```swift
/// let point: NamedArrays<Double> = ["weight": [0.3, -0.2], "bias": [0]]
/// ```
public struct NamedArrays<Scalar: TensorScalar>: Sendable, Equatable {
  /// One of the arrays.
  public struct Part: Sendable, Equatable {
    /// The name by which it is reported.
    public var name: String
    /// The sizes of its axes, outermost first; those of a plain array are its count alone.
    public var shape: [Int]
    /// Its numbers, the last axis running fastest.
    public var values: [Scalar]

    /// Creates an array; without a shape it has one axis.
    public init(_ name: String, shape: [Int]? = nil, _ values: [Scalar]) {
      let shape = shape ?? [values.count]
      precondition(
        Shape(shape).count == values.count,
        "expected \(Shape(shape).count) numbers in \(name), got \(values.count)")
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// The name of an array that was given none.
  public static var unnamed: String { "x" }

  /// The arrays, in their order.
  public internal(set) var parts: [Part]

  /// Puts arrays together; traps if two have the same name.
  public init(_ parts: [Part]) {
    precondition(
      Set(parts.map(\.name)).count == parts.count,
      "expected a name for each array, got \(parts.map(\.name))")
    self.parts = parts
  }

  /// A single array, called `x`.
  public init(_ values: [Scalar]) { self.init([Part(Self.unnamed, values)]) }

  /// The array of a name; traps if there is none.
  public subscript(name: String) -> [Scalar] {
    guard let part = parts.first(where: { $0.name == name }) else {
      preconditionFailure("no array \(name), only \(parts.map(\.name))")
    }
    return part.values
  }

  /// A number of the only array; traps if there are several.
  public subscript(index: Int) -> Scalar {
    precondition(parts.count == 1, "expected a single array, got \(parts.map(\.name))")
    return parts[0].values[index]
  }

  /// How many numbers there are in all arrays.
  public var count: Int { parts.reduce(0) { $0 + $1.values.count } }
}

extension NamedArrays: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  public init(arrayLiteral values: Scalar...) { self.init(values) }
  public init(dictionaryLiteral parts: (String, [Scalar])...) {
    self.init(parts.map { Part($0, $1) })
  }
}
