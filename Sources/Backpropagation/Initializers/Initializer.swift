/// How a parameter starts: random around zero, since weights that start alike stay alike.
public protocol Initializer: Sendable {
  /// The starting values of a parameter of `shape`, whose units have `fans`, drawn from `source`.
  func values(for shape: Shape, fans: Fans, from source: inout RandomSource) -> [Double]
}

/// The connections of one unit: how many inputs it has, and how many units one input feeds.
public struct Fans: Sendable, Equatable {
  /// The inputs of one unit, fan-in.
  public var inputs: Int
  /// The units that one input feeds, times the size of a convolution's kernel: fan-out.
  public var outputs: Int

  /// Describes the connections of a unit.
  public init(inputs: Int, outputs: Int) {
    self.inputs = inputs
    self.outputs = outputs
  }

  /// The fans of a weight whose first axis counts units and whose second counts inputs.
  public init(of shape: Shape) {
    self.init(
      inputs: shape.rank < 2 ? shape.count : shape.count / max(shape[0], 1),
      outputs: shape.rank < 2 ? shape.count : shape.count / max(shape[1], 1))
  }
}

/// Every element the same.
public struct Constant: Initializer {
  /// The value.
  public var value: Double

  /// Creates an initializer.
  public init(_ value: Double) { self.value = value }

  public func values(for shape: Shape, fans: Fans, from source: inout RandomSource) -> [Double] {
    [Double](repeating: value, count: shape.count)
  }
}

/// Independent draws whose scale is fixed or follows from the number of inputs and outputs of a unit.
public struct RandomValues: Initializer {
  /// Which distribution is drawn from.
  public enum Distribution: Sendable { case normal, uniform }
  /// What the standard deviation follows from.
  public enum Scale: Sendable {
    /// A standard deviation as given.
    case deviation(Double)
    /// √(2 / (fan-in + fan-out)) (Glorot and Bengio, 2010).
    case glorot
    /// √(2 / fan-in) (He et al., 2015).
    case he
    /// √(1 / fan-in) (LeCun et al., 1998).
    case lecun
  }

  /// The distribution.
  public var distribution: Distribution
  /// The scale.
  public var scale: Scale

  /// Creates an initializer.
  public init(_ distribution: Distribution, _ scale: Scale) {
    self.distribution = distribution
    self.scale = scale
  }

  public func values(for shape: Shape, fans: Fans, from source: inout RandomSource) -> [Double] {
    let deviation: Double =
      switch scale {
      case .deviation(let deviation): deviation
      case .glorot: (2 / Double(fans.inputs + fans.outputs)).squareRoot()
      case .he: (2 / Double(fans.inputs)).squareRoot()
      case .lecun: (1 / Double(fans.inputs)).squareRoot()
      }
    // A uniform distribution on [−b, b] has the standard deviation b/√3.
    let bound = deviation * 3.0.squareRoot()
    return (0..<shape.count).map { _ in
      switch distribution {
      case .normal: deviation * source.normal()
      case .uniform: source.uniform(-bound, bound)
      }
    }
  }
}

/// A matrix with orthonormal rows or columns, whichever are fewer (Saxe et al., 2014).
public struct Orthogonal: Initializer {
  /// What the matrix is multiplied by.
  public var gain: Double

  /// Creates an initializer.
  public init(gain: Double = 1) { self.gain = gain }

  public func values(for shape: Shape, fans: Fans, from source: inout RandomSource) -> [Double] {
    let rows = shape.rank < 2 ? 1 : max(shape[0], 1), columns = shape.count / rows
    let length = max(rows, columns), count = min(rows, columns)
    // Gram and Schmidt on random vectors; the second pass takes off what rounding left of the first.
    var vectors: [[Double]] = []
    while vectors.count < count {
      var vector = (0..<length).map { _ in source.normal() }
      for _ in 0..<2 {
        for other in vectors {
          let projection = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
          for i in 0..<length { vector[i] -= projection * other[i] }
        }
      }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard norm > 1e-6 else { continue }
      vectors.append(vector.map { $0 / norm })
    }
    return (0..<rows * columns).map { index in
      let (row, column) = (index / columns, index % columns)
      return gain * (rows <= columns ? vectors[row][column] : vectors[column][row])
    }
  }
}

extension Initializer where Self == Constant {
  /// Zero everywhere: for biases; weights that are all zero never differ from each other.
  public static var zeros: Constant { Constant(0) }
  /// The same value everywhere.
  public static func constant(_ value: Double) -> Constant { Constant(value) }
}

extension Initializer where Self == RandomValues {
  /// Normal with a given standard deviation.
  public static func normal(standardDeviation: Double = 0.01) -> RandomValues {
    RandomValues(.normal, .deviation(standardDeviation))
  }
  /// Uniform on [−bound, bound].
  public static func uniform(bound: Double = 0.01) -> RandomValues {
    RandomValues(.uniform, .deviation(bound / 3.0.squareRoot()))
  }
  /// Normal, variance 2 / fan-in.
  public static var heNormal: RandomValues { RandomValues(.normal, .he) }
  /// Uniform, variance 2 / fan-in.
  public static var heUniform: RandomValues { RandomValues(.uniform, .he) }
  /// Normal, variance 2 / (fan-in + fan-out).
  public static var glorotNormal: RandomValues { RandomValues(.normal, .glorot) }
  /// Uniform, variance 2 / (fan-in + fan-out).
  public static var glorotUniform: RandomValues { RandomValues(.uniform, .glorot) }
  /// Normal, variance 1 / fan-in.
  public static var lecunNormal: RandomValues { RandomValues(.normal, .lecun) }
}
