import Backpropagation

/// A tensor that a function depends on, and the gradient that a backward pass claims.
struct Variable {
  /// `weight`, `input`, …: with the layer's name in front, what is reported.
  let name: String
  let layer: String
  let shape: [Int]
  let function: ScalarFunction
  let elements: UnsafeMutableBufferPointer<Double>
  /// The claimed gradient.
  let gradient: [Double]
  /// The equation that this gradient follows from.
  let equation: BackpropagationEquation
  /// The same function over dual numbers, where that oracle is asked.
  var tangents: Tangents?
  /// The known mistakes that may have made this gradient, asked for once it is wrong.
  var hypotheses: () -> [Hypothesis] = { [] }
  /// The outputs of one example.
  var outputs = 0
  /// The root mean square of the elements.
  let rms: Double
  /// The root mean square of the claimed gradient, where that is finite.
  let gradientRMS: Double
  /// The largest of the root mean squares of the layer's gradients.
  var largestRMS = 0.0
  /// The same gradient as the backward pass computes it in Float.
  var floatGradient: OnDemand<[Double]>?
  /// Who keeps the elements alive, where the function doesn't.
  private let owner: AnyObject?

  /// The tensor in a function over dual numbers.
  struct Tangents {
    let function: TangentFunction
    let elements: UnsafeMutableBufferPointer<Dual>
  }

  init(
    _ name: String, of layer: String, shape: [Int], function: ScalarFunction,
    elements: UnsafeMutableBufferPointer<Double>, gradient: [Double],
    equation: BackpropagationEquation, owner: AnyObject? = nil
  ) {
    self.owner = owner
    self.name = name
    self.layer = layer
    self.shape = shape
    self.function = function
    self.elements = elements
    self.gradient = gradient
    self.equation = equation
    rms = elements.rms
    gradientRMS = gradient.lazy.filter(\.isFinite).rms
  }

  /// What rounding may leave where this tensor as a whole has no gradient, or 0 where it has one.
  ///
  /// Softmax undoes what is added to all keys, a normalization what is added to all its inputs: the gradient of such a bias
  /// is what is left of the sum of terms like those of the gradients beside it.
  var rest: Double {
    let rest = 0x1p-44 * largestRMS
    return gradientRMS <= rest / 16 ? rest : 0
  }

  /// What rounding explains of an entry's error, or 0 where that isn't known.
  ///
  /// Float rounds 2²⁹ times as coarsely as Double, so what it makes of the same gradient shows what becomes of rounding on
  /// the way: next to nothing as a rule, and much where a gradient is what is left of larger numbers, as at a minimum.
  var rounding: Double {
    guard let floatGradient else { return 0 }
    let differences = zip(floatGradient.value, gradient).map { $0 - $1 }
    let rms = differences.rms
    return rms.isFinite ? 0x1p-23 * rms : 0
  }

  /// The index along each axis of a place in row-major order.
  func index(of place: Int) -> [Int] { GradientChecking.index(of: place, in: shape) }

  /// The place in row-major order of an index along each axis.
  func place(of index: [Int]) -> Int {
    zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }
}
