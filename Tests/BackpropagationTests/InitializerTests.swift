import Testing

@testable import Backpropagation

struct InitializerTests {
  private func values(_ initializer: any Initializer, _ shape: Shape, seed: UInt64 = 1) -> [Double]
  {
    var source = RandomSource(seed: seed)
    return initializer.values(for: shape, fans: Fans(of: shape), from: &source)
  }

  /// The standard deviations of the publications, for 120 inputs and 80 units.
  static let deviations: [(String, Double)] = [
    ("normal", 0.01), ("uniform", 0.01 / 3.0.squareRoot()),
    ("glorot-normal", (2.0 / 200).squareRoot()), ("glorot-uniform", (2.0 / 200).squareRoot()),
    ("xavier-normal", (2.0 / 200).squareRoot()), ("xavier-uniform", (2.0 / 200).squareRoot()),
    ("he-normal", (2.0 / 120).squareRoot()), ("he-uniform", (2.0 / 120).squareRoot()),
    ("lecun-normal", (1.0 / 120).squareRoot()), ("orthogonal", (1.0 / 120).squareRoot()),
  ]

  @Test(arguments: deviations)
  func scalesAreThoseOfThePublications(_ id: String, deviation: Double) throws {
    let values = values(try InitializerCatalog.all.make(id, [:]), [80, 120])
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let measured = (values.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
    #expect(values.count == 9_600)
    #expect(abs(mean) < 0.05 * deviation)
    #expect(abs(measured / deviation - 1) < 0.03)
    if id.hasSuffix("uniform") {
      #expect(values.allSatisfy { abs($0) <= deviation * 3.0.squareRoot() })
    }
  }

  @Test func everyInitializerIsTestedForItsScale() {
    let tested = Set(Self.deviations.map(\.0) + ["zeros", "constant"])
    #expect(tested == Set(InitializerCatalog.all.entries.map(\.id)))
  }

  @Test func constantsAreConstant() throws {
    #expect(values(.zeros, [3]) == [0, 0, 0])
    let made = try InitializerCatalog.all.member(.map(["constant": .number(0.3)]))
    #expect(values(made, [2, 2]) == [0.3, 0.3, 0.3, 0.3])
  }

  @Test(arguments: [[5, 9], [9, 5], [6, 6], [1, 4]])
  func orthogonalMatricesKeepLengths(sizes: [Int]) {
    let rows = sizes[0], columns = sizes[1]
    let matrix = values(Orthogonal(gain: 2), Shape(sizes))
    let count = min(rows, columns)
    for a in 0..<count {
      for b in 0..<count {
        let product = (0..<max(rows, columns)).reduce(0.0) { sum, i in
          rows <= columns
            ? sum + matrix[a * columns + i] * matrix[b * columns + i]
            : sum + matrix[i * columns + a] * matrix[i * columns + b]
        }
        #expect(abs(product - (a == b ? 4 : 0)) < 1e-13)
      }
    }
  }

  @Test func aSeedGivesTheSameValuesEachTime() {
    #expect(values(.heNormal, [4, 4]) == values(.heNormal, [4, 4]))
    #expect(values(.heNormal, [4, 4]) != values(.heNormal, [4, 4], seed: 2))
  }

  @Test func argumentsOutOfRangeAreRefused() {
    let error = #expect(throws: ArgumentError.self) {
      try InitializerCatalog.all.member(.map(["normal": .number(0)]))
    }
    #expect(
      error?.message == "standard-deviation of normal is 0.0, expected a positive number")
  }
}
