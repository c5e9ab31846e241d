import CGradientKernels
import Foundation
import Testing

@testable import Backpropagation

/// The C kernels against plain Swift, at sizes that end within a vector and at ones that fill it.
struct KernelTests {
  static let sizes = [1, 3, 7, 8, 15, 16, 17, 31, 64, 100]

  private func normal<S: TensorScalar & BinaryFloatingPoint>(_ shape: Shape, _ stream: String)
    -> Tensor<S>
  {
    var source = RandomSource(seed: 3, stream: stream)
    return Tensor(shape: shape, scalars: (0..<shape.count).map { _ in S(source.normal()) })
  }

  @Test(arguments: [(1, 1, 1), (2, 3, 5), (7, 9, 11), (16, 16, 16), (33, 65, 17), (64, 1, 64)])
  func productsAreSumsOfProducts(rows: Int, inner: Int, columns: Int) {
    func check<S: TensorScalar & BinaryFloatingPoint>(_: S.Type, tolerance: Double) {
      let a: Tensor<S> = normal([rows, inner], "a"), b: Tensor<S> = normal([inner, columns], "b")
      let aT = transposed(a), bT = transposed(b)
      for variant in 0..<3 {
        var c = Tensor<S>(zeros: [rows, columns])
        // What was there before must not matter.
        for place in 0..<c.shape.count { c[place] = .nan }
        c.withMutableView { c in
          a.withView { a in
            b.withView { b in
              aT.withView { aT in
                bT.withView { bT in
                  switch variant {
                  case 0: c.assignProduct(of: a, by: b)
                  case 1: c.assignProduct(of: a, byTransposeOf: bT)
                  default: c.assignProduct(ofTranspose: aT, by: b)
                  }
                }
              }
            }
          }
        }
        for row in 0..<rows {
          for column in 0..<columns {
            let expected = (0..<inner).reduce(0.0) {
              $0 + Double(a[row * inner + $1]) * Double(b[$1 * columns + column])
            }
            #expect(abs(Double(c[row * columns + column]) - expected) < tolerance)
          }
        }
      }
    }
    check(Float.self, tolerance: 1e-4)
    check(Double.self, tolerance: 1e-12)
  }

  /// What stands in where there is no OpenBLAS computes the same.
  @Test(arguments: [(1, 1, 1), (2, 3, 5), (7, 9, 11), (33, 65, 17)])
  func plainProductsAreThoseOfOpenBLAS(rows: Int, inner: Int, columns: Int) {
    let a: Tensor<Double> = normal([rows, inner], "a"),
      b: Tensor<Double> = normal(
        [inner, columns], "b")
    for (transposesA, transposesB) in [(false, false), (false, true), (true, false)] {
      for beta in [0.0, 0.5] {
        let left = transposesA ? transposed(a) : a, right = transposesB ? transposed(b) : b
        var plain = [Double](repeating: 1, count: rows * columns), blas = plain
        gk_plain_product_f64(
          transposesA ? 1 : 0, transposesB ? 1 : 0, rows, columns, inner, 2, left.scalars,
          left.shape[1], right.scalars, right.shape[1], beta, &plain, columns)
        gk_product_f64(
          transposesA ? 1 : 0, transposesB ? 1 : 0, rows, columns, inner, 2, left.scalars,
          right.scalars, beta, &blas)
        for (one, other) in zip(plain, blas) { #expect(abs(one - other) < 1e-12) }
      }
    }
  }

  /// A part of larger matrices, and so large that it is split: along the rows, then along the columns; or that it is done
  /// in blocks along one of the three sides.
  @Test(arguments: [
    (200, 40, 70), (40, 200, 70), (3, 2, 1), (400, 64, 45), (9, 900, 40), (9, 20, 1100),
  ])
  func stridedProductsStayWithinTheirPart(rows: Int, columns: Int, inner: Int) {
    for (transposesA, transposesB) in [(false, false), (false, true), (true, false), (true, true)] {
      let a: Tensor<Double> = normal(transposesA ? [inner, rows + 2] : [rows, inner + 2], "a")
      let b: Tensor<Double> = normal(
        transposesB ? [columns, inner + 3] : [inner, columns + 3], "b")
      var c = [Double](repeating: 1, count: rows * (columns + 1))
      gk_product_strided_f64(
        transposesA ? 1 : 0, transposesB ? 1 : 0, rows, columns, inner, 2, a.scalars, a.shape[1],
        b.scalars, b.shape[1], 0.5, &c, columns + 1)
      for row in 0..<rows {
        for column in 0..<columns {
          let sum = (0..<inner).reduce(0.0) { sum, l in
            sum + a[transposesA ? l * a.shape[1] + row : row * a.shape[1] + l]
              * b[transposesB ? column * b.shape[1] + l : l * b.shape[1] + column]
          }
          #expect(abs(c[row * (columns + 1) + column] - (2 * sum + 0.5)) < 1e-12)
        }
        #expect(c[row * (columns + 1) + columns] == 1)
      }
    }
  }

  private func transposed<S>(_ a: Tensor<S>) -> Tensor<S> {
    let rows = a.shape[0], columns = a.shape[1]
    return Tensor(
      shape: [columns, rows],
      scalars: (0..<a.shape.count).map { a[$0 % rows * columns + $0 / rows] })
  }

  @Test(arguments: sizes)
  func mapsAndArithmeticAreThoseOfTheirFormulas(count: Int) {
    func check<S: TensorScalar & BinaryFloatingPoint>(_: S.Type, tolerance: Double) {
      let a: Tensor<S> = normal([count], "a"), b: Tensor<S> = normal([count], "b")
      let positive = a * a + 0.5
      let results: [(Tensor<S>, (Double, Double) -> Double)] = [
        (a + b, { $0 + $1 }), (a - b, { $0 - $1 }), (a * b, { $0 * $1 }),
        (a / (b * b + 1), { $0 / ($1 * $1 + 1) }), (a + 2, { a, _ in a + 2 }),
        (a - 2, { a, _ in a - 2 }), (2 - a, { a, _ in 2 - a }), (3 * a, { a, _ in 3 * a }),
        (sigmoid(a), { a, _ in 1 / (1 + Foundation.exp(-a)) }),
        (Backpropagation.tanh(a), { a, _ in Foundation.tanh(a) }),
        (Backpropagation.exp(a), { a, _ in Foundation.exp(a) }),
        (Backpropagation.log(positive), { a, _ in Foundation.log(a * a + 0.5) }),
        (Backpropagation.sqrt(positive), { a, _ in (a * a + 0.5).squareRoot() }),
      ]
      for (operation, (result, expected)) in results.enumerated() {
        for place in 0..<count {
          let value = expected(Double(a[place]), Double(b[place]))
          #expect(
            abs(Double(result[place]) - value) <= tolerance * max(1, abs(value)),
            "operation \(operation)")
        }
      }
    }
    check(Float.self, tolerance: 1e-6)
    check(Double.self, tolerance: 1e-15)
  }

  @Test(arguments: sizes)
  func summariesCountEverything(count: Int) {
    func check<S: TensorScalar & BinaryFloatingPoint>(_: S.Type) {
      var values: Tensor<S> = normal([count], "values")
      values[0] = 0
      if count > 4 {
        values[count - 1] = -.leastNormalMagnitude / 4
        values[2] = -7
      }
      let summary = values.withView { $0.summary }
      let numbers = values.scalars.map { Double($0) }
      let squares = numbers.reduce(0) { $0 + $1 * $1 }
      #expect(summary.count == count)
      #expect(abs(summary.sum - numbers.reduce(0, +)) < 1e-10)
      #expect(abs(summary.sumOfSquares - squares) <= 1e-12 * squares)
      #expect(abs(summary.rms - (squares / Double(count)).squareRoot()) < 1e-10)
      #expect(summary.maxMagnitude == numbers.reduce(0) { max($0, abs($1)) })
      #expect(summary.zeros == 1)
      #expect(summary.subnormal == (count > 4 ? 1 : 0))
      #expect(summary.nonFinite == 0)
      for strange in [S.nan, .infinity, -.infinity] {
        values[count / 2] = strange
        let summary = values.withView { $0.summary }
        #expect(summary.nonFinite == 1)
        #expect(!summary.maxMagnitude.isFinite)
      }
    }
    check(Float.self)
    check(Double.self)
  }

  /// Shapes with a rest behind whole vectors, with planes, and so large that they are divided.
  @Test(arguments: [
    (1, 1, 1), (3, 5, 1), (7, 16, 1), (32, 100, 1), (300, 520, 1), (2, 3, 5), (3, 4, 16),
    (5, 6, 100), (9, 7, 2_000),
  ])
  func unitsAreCountedAsTheyAreSummarized(examples: Int, units: Int, size: Int) {
    func check<S: TensorScalar & BinaryFloatingPoint>(_: S.Type) {
      let count = examples * units * size
      var values: Tensor<S> = normal([count], "units")
      for place in stride(from: 0, to: count, by: 3) { values[place] = 0 }
      values[count / 2] = .nan
      var active = [UInt32](repeating: 99, count: units), sums = [S](repeating: 99, count: units)
      var outside = 99
      let (found, saturating) = values.withView { view in
        S.kernels.statistics.sumMagnitudes(examples, units, size, view.pointer, &sums)
        return (
          S.kernels.statistics.summarizeUnits(examples, units, size, view.pointer, &active),
          S.kernels.statistics.summarizeSaturating(count, view.pointer, -0.5, 1, &outside)
        )
      }
      let expected = values.withView { $0.summary }
      for summary in [found, saturating].map({ TensorSummary(count: count, $0) }) {
        #expect(summary.zeros == expected.zeros && summary.subnormal == expected.subnormal)
        #expect(summary.nonFinite == 1 && summary.maxMagnitude.isNaN)
      }
      #expect(outside == values.scalars.count { $0 < -0.5 || $0 > 1 })
      for unit in 0..<units {
        var outputs: [S] = []
        for example in 0..<examples {
          let first = (example * units + unit) * size
          outputs += values.scalars[first..<first + size]
        }
        #expect(Int(active[unit]) == outputs.count { $0 != 0 })
        let sum = outputs.reduce(0.0) { $0 + Double($1.magnitude) }, found = Double(sums[unit])
        #expect(sum.isNaN == found.isNaN && !(abs(found - sum) > 1e-5 * sum))
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(arguments: [1, 15, 17, 100_003])
  func histogramsCountPowersOfTwo(count: Int) {
    func check<S: TensorScalar & BinaryFloatingPoint>(_: S.Type) {
      var values: Tensor<S> = normal([count], "histogram")
      let strange: [S] = [0, .nan, .infinity, -1e-30, 1e30]
      for place in 0..<min(count - 1, 15) { values[place] = strange[place % 5] }
      var bins = [UInt32](repeating: 1, count: 64), expected = bins
      values.withView { S.kernels.statistics.histogram(count, 4, $0.pointer, &bins) }
      for value in values.scalars where value != 0 && value.isFinite {
        let bin = Int(value.exponent) + 2 + 48
        expected[min(max(bin, 0), 63)] += 1
      }
      #expect(bins == expected)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func squaresOfTinyFloatsDoNotVanish() {
    let tiny = Tensor<Float>(shape: [3], scalars: [1e-25, -1e-25, 1e-25])
    #expect(abs(tiny.withView { $0.summary.rms } - 1e-25) < 1e-31)
  }

  @Test(arguments: [(1, 1), (3, 5), (8, 17)])
  func rowsAreAddedToAndSummed(rows: Int, columns: Int) {
    var matrix: Tensor<Double> = normal([rows, columns], "matrix")
    let vector: Tensor<Double> = normal([columns], "vector"), before = matrix
    matrix.withMutableView { matrix in vector.withView { matrix.addToRows($0) } }
    var sums = Tensor<Double>(shape: [columns], scalars: .init(repeating: .nan, count: columns))
    sums.withMutableView { sums in before.withView { sums.assignSumOfRows(of: $0) } }
    for column in 0..<columns {
      let sum = (0..<rows).reduce(0) { $0 + before[$1 * columns + column] }
      #expect(abs(sums[column] - sum) < 1e-14)
      for row in 0..<rows {
        let place = row * columns + column
        #expect(matrix[place] == before[place] + vector[column])
      }
    }
  }

  @Test func aProductOfShapesThatDoNotFitTraps() async {
    await #expect(processExitsWith: .failure) {
      let a = Tensor<Double>(zeros: [2, 3])
      var c = Tensor<Double>(zeros: [2, 2])
      c.withMutableView { c in a.withView { c.assignProduct(of: $0, by: $0) } }
    }
  }
}
