/// A type of number that tensors hold and kernels exist for: `Float` trains, `Double` checks, and ``Dual`` carries exact
/// derivatives along with a forward pass.
public protocol TensorScalar: Comparable, SignedNumeric, ExpressibleByFloatLiteral, Sendable {
  /// The number nearest to `value`.
  init(_ value: Double)
  /// The number without anything that it carries along.
  var doubleValue: Double { get }
  /// The quotient.
  static func / (a: Self, b: Self) -> Self
  /// Divides by a number.
  static func /= (a: inout Self, b: Self)
  /// The kernels for this type, in their one place.
  static var kernelTable: KernelTable<Self> { get }
}

extension TensorScalar {
  /// The kernels for this type.
  static var kernels: Kernels<Self> {
    // Lent, not copied: a copy of dozens of functions takes as long as a small kernel.
    _read { yield kernelTable.kernels }
  }
}

extension Double {
  /// The number without anything that it carries along.
  public init(_ number: some TensorScalar) { self = number.doubleValue }
}

/// Where the kernels for one type of number lie.
public final class KernelTable<Scalar>: Sendable {
  let kernels: Kernels<Scalar>

  init(_ kernels: Kernels<Scalar>) { self.kernels = kernels }
}

/// The loops over elements that layers, losses and optimizers are made of, for one type of number.
///
/// Each entry is a function of CGradientKernels; the shapes are checked by the operations on ``TensorView`` that call
/// them. Sizes come first, then numbers, then what is read, then what is written.
public struct Kernels<Scalar>: Sendable {
  typealias Source = UnsafePointer<Scalar>
  typealias Target = UnsafeMutablePointer<Scalar>
  typealias Classes = UnsafePointer<Int32>
  typealias Map = @Sendable (Int, Source, Target) -> Void
  typealias Binary = @Sendable (Int, Source, Source, Target) -> Void

  let activations: ActivationKernels<Scalar>
  let sigmoid: Map
  let tanh: Map
  let exp: Map
  let log: Map
  let squareRoot: Map
  let add: Binary
  let subtract: Binary
  let multiply: Binary
  let divide: Binary
  let scale: @Sendable (Int, Scalar, Scalar, Source, Target) -> Void
  let convert: @Sendable (Int, UnsafePointer<Double>, Target) -> Void
  let addToRows: @Sendable (Int, Int, Source, Target) -> Void
  let sumRows: @Sendable (Int, Int, Source, Target) -> Void
  let softmaxCrossEntropy: @Sendable (Int, Int, Source, Classes, Target) -> Void
  let softmaxCrossEntropyBackward: @Sendable (Int, Int, Scalar, Source, Classes, Target) -> Void
  let losses: LossKernels<Scalar>
  let statistics: StatisticKernels<Scalar>
  let optimizers: OptimizerKernels<Scalar>
  let product: @Sendable (ProductShape, Scalar, Source, Source, Scalar, Target) -> Void
  let normalization: NormalizationKernels<Scalar>
  let sequence: SequenceKernels<Scalar>
  let recurrent: RecurrentKernels<Scalar>
  let convolution: ConvolutionKernels<Scalar>
}

/// The sizes of C ← α·op(A)·op(B) + β·C, with op(A) rows × inner and op(B) inner × columns.
struct ProductShape {
  var transposesA: Bool
  var transposesB: Bool
  var rows: Int
  var columns: Int
  var inner: Int
}
