import Backpropagation

/// A function of one array and its gradient, as two closures.
struct ClosureFunction: DifferentiableFunction {
  let value: ([Double]) throws -> Double
  let gradient: ([Double]) throws -> [Double]

  func value(at point: NamedArrays<Double>) throws -> Double {
    try value(point[NamedArrays<Double>.unnamed])
  }

  func gradient(at point: NamedArrays<Double>) throws -> NamedArrays<Double> {
    NamedArrays(try gradient(point[NamedArrays<Double>.unnamed]))
  }
}
