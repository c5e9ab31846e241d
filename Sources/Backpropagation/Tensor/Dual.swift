public import CGradientKernels

/// A number with its derivatives in a few directions: a + ε₁ȧ₁ + ε₂ȧ₂ + …, with every product of two ε being zero.
///
/// A forward pass over dual numbers gives, next to each value, its exact derivative along each direction by which the inputs
/// or parameters were varied: there is no step, and no backward pass takes part.
public typealias Dual = gk_dual

extension gk_dual {
  /// How many directions there are.
  public static let directions = Int(GK_DIRECTIONS)

  /// The derivative along a direction.
  public subscript(direction direction: Int) -> Double {
    get {
      precondition((0..<Self.directions).contains(direction), "no direction \(direction)")
      return withUnsafeBytes(of: tangents) {
        $0.load(fromByteOffset: 8 * direction, as: Double.self)
      }
    }
    set {
      precondition((0..<Self.directions).contains(direction), "no direction \(direction)")
      withUnsafeMutableBytes(of: &tangents) {
        $0.storeBytes(of: newValue, toByteOffset: 8 * direction, as: Double.self)
      }
    }
  }
}

extension TensorView<Dual> {
  /// The derivatives of one element along each direction.
  package func tangents(of index: Int) -> UnsafePointer<Double> {
    precondition(elements.indices.contains(index), "no element \(index)")
    let offset = MemoryLayout<gk_dual>.stride * index + MemoryLayout<Double>.stride
    return UnsafeRawPointer(pointer).advanced(by: offset).assumingMemoryBound(to: Double.self)
  }

  /// Σ_i w_i ẋ_i along each direction.
  package func weighedTangents(by weights: [Double]) -> [Double] {
    precondition(weights.count == count, "\(weights.count) weights of \(count) elements")
    var sums = [Double](repeating: 0, count: Dual.directions)
    gk_weigh_tangents(count, pointer, weights, &sums)
    return sums
  }
}

extension gk_dual: @retroactive Comparable, @retroactive Equatable, @retroactive AdditiveArithmetic,
  @retroactive ExpressibleByFloatLiteral, @retroactive ExpressibleByIntegerLiteral,
  @retroactive Numeric, @retroactive SignedNumeric, TensorScalar
{
  public var doubleValue: Double { value }
  public init(_ value: Double) { self.init(value: value, tangents: (0, 0, 0, 0, 0, 0, 0)) }
  public init(floatLiteral value: Double) { self.init(value) }
  public init(integerLiteral value: Int) { self.init(Double(value)) }
  public init?(exactly source: some BinaryInteger) {
    guard let value = Double(exactly: source) else { return nil }
    self.init(value)
  }

  /// The magnitude; where the value is zero, the derivatives are those to its right.
  public var magnitude: gk_dual { value < 0 ? -self : self }

  public static func == (a: gk_dual, b: gk_dual) -> Bool { a.value == b.value }
  public static func < (a: gk_dual, b: gk_dual) -> Bool { a.value < b.value }

  public static func + (a: gk_dual, b: gk_dual) -> gk_dual { apply(gk_add_dual, a, b) }
  public static func - (a: gk_dual, b: gk_dual) -> gk_dual { apply(gk_subtract_dual, a, b) }
  public static func * (a: gk_dual, b: gk_dual) -> gk_dual { apply(gk_multiply_dual, a, b) }
  public static func / (a: gk_dual, b: gk_dual) -> gk_dual { apply(gk_divide_dual, a, b) }
  public static func *= (a: inout gk_dual, b: gk_dual) { a = a * b }
  public static func /= (a: inout gk_dual, b: gk_dual) { a = a / b }

  private static func apply(
    _ kernel: Kernels<gk_dual>.Binary, _ a: gk_dual, _ b: gk_dual
  ) -> gk_dual {
    var a = a, b = b, result = gk_dual()
    kernel(1, &a, &b, &result)
    return result
  }
}
