import Backpropagation
import Foundation
import Testing

@testable import GradientChecking

/// Hessian products, their symmetry and the top curvature, against what is known in closed form.
struct SecondOrderTests {
  // MARK: - Known matrices

  /// The products of a matrix, as those of the quadratic ½ wᵀAw − bᵀw.
  private func product(_ matrix: [[Double]]) -> HessianProduct {
    HessianProduct(at: matrix.indices.map { 0.3 - 0.1 * Double($0) }) { point in
      matrix.map { dot($0, point) - 0.7 }
    }
  }

  private static let symmetric = [[4.0, 1, -2], [1, 3, 0.5], [-2, 0.5, 5]]

  @Test func theProductOfAQuadraticIsExact() throws {
    for direction in [[1.0, 0, 0], [0.5, -2, 1e-3], [3e4, 1e4, -2e4]] {
      let result = product(Self.symmetric)(direction)
      let expected = Self.symmetric.map { dot($0, direction) }
      for (value, exact) in zip(result.values, expected) {
        #expect(abs(value - exact) <= 1e-12 * expected.rootOfSquares)
      }
      #expect(try #require(result.error) <= 1e-11 * expected.rootOfSquares)
    }
    #expect(product(Self.symmetric)([0, 0, 0]).values == [0, 0, 0])
  }

  /// E = Σ w⁴/12: H = diag(w²), whose differences are not exact at any step.
  @Test func theStepIsChosenBetweenCurvatureAndRounding() throws {
    let point = [0.5, -1, 2]
    let result = HessianProduct(at: point) { $0.map { $0 * $0 * $0 / 3 } }([1, 1, 1])
    for (value, w) in zip(result.values, point) { #expect(abs(value - w * w) < 1e-8) }
    let error = zip(result.values, point).map { $0 - $1 * $1 }.rootOfSquares
    #expect(try #require(result.error) >= error)
    #expect(result.step > 1e-7 && result.step < 1e-1)
  }

  @Test func aSymmetricMatrixPassesAndAnotherFails() {
    func verdict(_ matrix: [[Double]]) -> CheckVerdict {
      HessianSymmetry(of: product(matrix), count: 3).verdict
    }
    #expect(verdict(Self.symmetric) == .pass)
    var matrix = Self.symmetric
    matrix[0][1] += 1e-10
    #expect(verdict(matrix) == .pass, "rounding makes as much")
    matrix[0][1] += 1e-3
    #expect(verdict(matrix) == .fail)
    #expect(verdict([[0, 0, 0], [0, 0, 0], [0, 0, 0]]) == .pass)
  }

  @Test func theTopCurvatureIsTheLargestEigenvalue() {
    // The eigenvalues of this one are 2, 2 and 8.
    let sharpness = Sharpness(of: product([[4, 2, 2], [2, 4, 2], [2, 2, 4]]), count: 3)
    #expect(abs(sharpness.value - 8) < 1e-3)
    #expect(sharpness.hasConverged && sharpness.residual <= 0.08)
    #expect(sharpness.history.count == sharpness.iterations && sharpness.iterations < 20)
    #expect(sharpness.mostNegative == nil)
    #expect(abs((sharpness.stableBelow ?? 0) - 0.25) < 1e-4)
  }

  @Test func downwardCurvatureIsNotTakenForTheTop() {
    let saddle = Sharpness(of: product([[-5, 0, 0], [0, 2, 0], [0, 0, 1]]), count: 3)
    #expect(abs(saddle.value - 2) < 0.01)
    #expect(abs((saddle.mostNegative ?? 0) + 5) < 0.01)
    let hill = Sharpness(of: product([[-5, 0, 0], [0, -2, 0], [0, 0, -1]]), count: 3)
    #expect(abs(hill.value + 1) < 0.01)
    #expect(hill.stableBelow == nil)
    let plane = Sharpness(of: product([[0, 0], [0, 0]]), count: 2)
    #expect(plane.value == 0 && plane.hasConverged && plane.stableBelow == nil)
    let nothing = Sharpness(of: product([]), count: 0)
    #expect(nothing.value == 0 && nothing.iterations == 0)
  }

  /// Power iteration would swing between the two.
  @Test func oppositeEigenvaluesAreToldApart() {
    let sharpness = Sharpness(
      of: product([[1, 0, 0], [0, -0.9999, 0], [0, 0, 0.5]]), count: 3)
    #expect(sharpness.hasConverged)
    #expect(abs(sharpness.value - 1) < 1e-3)
  }

  /// Eigenvalues of 0 to 3.96 that lie ever closer to each other, and one of -1e6: no power of the matrix parts them.
  @Test func theTopIsFoundAmongManyBelowAHugeDownwardCurvature() {
    let values = [-1e6] + (0..<100).map { 0.04 * Double($0) }
    let diagonal = HessianProduct(at: values.map { _ in 1 }) { zip($0, values).map { $0 * $1 } }
    let sharpness = Sharpness(of: diagonal, count: values.count)
    #expect(sharpness.hasConverged && sharpness.iterations < 60)
    #expect(abs(sharpness.value - 3.96) < 0.04)
    #expect(abs((sharpness.mostNegative ?? 0) + 1e6) < 1)
  }

  /// The second difference of n points, whose eigenvalues are 2 − 2 cos(kπ/(n + 1)).
  @Test func aTridiagonalMatrixHasItsExtremeEigenvalues() {
    let count = 12
    var matrix = Tridiagonal()
    for _ in 0..<count { matrix.append(2, beside: -1) }
    for (value, place) in [(matrix.smallest, 1), (matrix.largest, count)] {
      let angle = Double(place) * .pi / Double(count + 1)
      #expect(abs(value - (2 - 2 * cos(angle))) < 1e-14)
      let last = (2 / Double(count + 1)).squareRoot() * sin(Double(count) * angle)
      #expect(abs(abs(matrix.lastComponent(ofEigenvector: value)) - abs(last)) < 1e-12)
    }
  }

  /// A rotation has no real eigenvalue.
  @Test func whatDoesNotConvergeIsSaidNotTo() {
    let sharpness = Sharpness(of: product([[0, -1], [1, 0]]), count: 2)
    #expect(!sharpness.hasConverged && sharpness.iterations == Sharpness.limit)
    #expect(sharpness.residual > 0.5)
  }

  // MARK: - Known networks

  private static let examples = 20, features = 4

  private func inputs() -> [Double] {
    var source = RandomSource(seed: 3, stream: "inputs")
    return (0..<Self.examples * Self.features).map { _ in source.normal() }
  }

  /// Σ_n s_n x_n x_nᵀ / n.
  private func gram(_ inputs: [Double], weighedBy weights: [Double]) -> [[Double]] {
    (0..<Self.features).map { row in
      (0..<Self.features).map { column in
        (0..<Self.examples).reduce(0) { sum, example in
          let start = example * Self.features
          return sum + weights[example] * inputs[start + row] * inputs[start + column]
            / Double(Self.examples)
        }
      }
    }
  }

  private func expectHessian(
    _ exact: [[Double]], of network: NeuralNetwork, on data: Dataset, within tolerance: Double
  ) {
    let surface = ErrorSurface(network, on: data, seed: 1)
    let product = HessianProduct(at: surface.start, gradient: surface.gradient)
    for column in exact.indices {
      let unit = exact.indices.map { $0 == column ? 1.0 : 0 }
      for (value, row) in zip(product(unit).values, exact) {
        #expect(abs(value - row[column]) < tolerance)
      }
    }
  }

  /// Linear regression, E = Σ ½(wᵀx − t)²/n: H = XᵀX/n.
  @Test func linearRegressionHasTheHessianOfItsInputs() throws {
    let inputs = inputs()
    let network = try NeuralNetwork(input: [Self.features], loss: .halfSquaredError) {
      Dense(1, bias: false)
    }
    let data = Dataset(
      inputShape: [Self.features], inputs: inputs,
      targets: .values((0..<Self.examples).map { Double($0 % 3) }, perExample: 1))
    let exact = gram(inputs, weighedBy: [Double](repeating: 1, count: Self.examples))
    expectHessian(exact, of: network, on: data, within: 1e-11)
    let found = try SecondOrder(network, on: data)
    let expected = Sharpness(of: product(exact), count: Self.features, seed: 5)
    #expect(abs(found.sharpness.value - expected.value) < 1e-3 * expected.value)
    #expect(found.symmetry.verdict == .pass)
    #expect(found.examples == Self.examples && found.weights == Self.features)
  }

  /// Logistic regression: H = Xᵀ diag(p(1 − p)) X/n.
  @Test func logisticRegressionHasItsClosedForm() throws {
    let inputs = inputs()
    let network = try NeuralNetwork(input: [Self.features], loss: .binaryCrossEntropy) {
      Dense(1, bias: false)
    }
    let data = Dataset(
      inputShape: [Self.features], inputs: inputs,
      targets: .values((0..<Self.examples).map { Double($0 % 2) }, perExample: 1))
    let weights = ErrorSurface(network, on: data, seed: 1).start
    let slopes = (0..<Self.examples).map { example in
      let logit = (0..<Self.features).reduce(0.0) {
        $0 + weights[$1] * inputs[example * Self.features + $1]
      }
      let p = 1 / (1 + exp(-logit))
      return p * (1 - p)
    }
    expectHessian(gram(inputs, weighedBy: slopes), of: network, on: data, within: 1e-9)
  }

  @Test(arguments: 1...10)
  func theHessianOfARightNetworkIsNeverCalledAsymmetric(seed: UInt64) throws {
    func symmetry(_ kind: TestNetwork) throws -> HessianSymmetry {
      let surface = ErrorSurface(
        try kind.make(), on: randomExamples(4, seed: seed), seed: seed)
      return HessianSymmetry(
        of: HessianProduct(at: surface.start, gradient: surface.gradient),
        count: surface.start.count, seed: seed)
    }
    for kind in TestNetwork.allCases {
      let found = try symmetry(kind)
      #expect(found.verdict != .fail, "\(kind): \(found)")
      if kind == .tanh { #expect(found.verdict == .pass, "\(found)") }
    }
  }

  /// A hidden layer whose gradient is doubled: no function has that gradient, and the error itself isn't asked.
  @Test(arguments: [Mistake.weightDoubled, .weightTransposed, .inputSign])
  func aWrongGradientHasNoSymmetricHessian(mistake: Mistake) throws {
    let network = try NeuralNetwork(input: [6], loss: .halfSquaredError) {
      Dense(6)
      Tanh()
      LayerNode(PlantedLayer(mistake, in: Dense(6)))
      Tanh()
      Dense(2)
    }
    var source = RandomSource(seed: 9)
    let data = Dataset(
      inputShape: [6], inputs: (0..<48).map { _ in source.normal() },
      targets: .values((0..<16).map { _ in source.normal() }, perExample: 2))
    let order = try SecondOrder(network, on: data)
    #expect(order.symmetry.verdict == .fail)
    #expect(order.description.hasPrefix("The Hessian is NOT symmetric: uᵀHv and vᵀHu differ by "))
    let check = GradientCheck(seed: 1, evaluations: 0, tensors: []).adding(order)
    #expect(check.verdict == .fail)
    let text = try check.jsonText
    #expect(GradientCheck(json: text)?.verdict == .fail)
  }

  // MARK: - In words

  private func order(_ optimizer: (any Optimizer)?, curvature: Double = 8) throws -> SecondOrder {
    let network = try NeuralNetwork(input: [1], loss: .halfSquaredError) { Dense(1, bias: false) }
    let data = Dataset(
      inputShape: [1], inputs: [curvature.squareRoot()], targets: .values([0], perExample: 1))
    return try SecondOrder(network, on: data, optimizer: optimizer)
  }

  @Test func theLearningRateIsHeldAgainstTheCurvature() throws {
    func last(_ optimizer: (any Optimizer)?) throws -> String {
      try order(optimizer).sentences.last ?? ""
    }
    let bound = "Plain gradient descent climbs from a learning rate of 2/λ_max = 0.25 on"
    #expect(try last(nil) == bound + ".")
    #expect(
      try last(.sgd(learningRate: 0.1))
        == bound + "; the model's learning rate, 0.1, is 0.4 times that: stable at the start.")
    #expect(
      try last(.sgd(learningRate: 0.5)) == bound + "; the model's learning rate, 0.5, is 2 times "
        + "that: too large, unless the curvature falls.")
    #expect(
      try last(.sgd(learningRate: 0.1, momentum: 0.6)).contains(
        "the model's sgd from 0.4 on; the model's learning rate, 0.1, is 0.25 times that"))
    #expect(
      try last(.sgd(learningRate: 0.1, momentum: 0.6, nesterov: true)).contains(
        "the model's sgd from 0.18 on"))
    #expect(
      try last(Adam()).hasSuffix(
        "; adam scales each weight's step by itself, so that its learning rate of 0.001 is not "
          + "comparable."))
    #expect(try order(nil).sentences[1].hasPrefix("The top curvature λ_max is 8 ("))
    #expect(
      try last(nil) != order(nil, curvature: 0).sentences.last,
      "a plane has no bound")
  }
}
