import Backpropagation
import Foundation
import Testing

@testable import GradientChecking

/// The first layer of a network of eight hidden layers of sigmoids, whose gradient is about 1e-9: from end to end, finite
/// differences of the loss know two of its digits, and layer by layer all that matter.
struct VanishedGradientTests {
  private func check(_ method: CheckMethod) throws -> GradientCheck {
    let network = try NeuralNetwork(input: [64], loss: .softmaxCrossEntropy) {
      for _ in 0..<8 {
        Dense(64)
        Sigmoid()
      }
      Dense(10)
    }
    return try GradientCheck(
      network, on: randomExamples(8), method: method, exhaustive: method == .dual)
  }

  private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
  }

  /// The median relative errors of the entries that are kept to be shown.
  private func medianError(of name: String, in check: GradientCheck) throws -> Double {
    let tensor = try #require(check.tensors.first { $0.name == name })
    #expect(tensor.failed == 0 && tensor.unverifiable == 0 && tensor.entries.count >= 12)
    return median(tensor.entries.map(\.relativeError))
  }

  @Test func theFirstLayersGradientHasVanished() throws {
    let check = try check(.dual)
    let tensor = try #require(
      check.tensors.first { $0.name == "dense-1/weight (whole network)" && $0.checked > 100 })
    let sizes = tensor.entries.map { abs($0.analytic) }.filter { $0 > 0 }
    print("first layer's gradient, median |g|: \(median(sizes).figures(2))")
    #expect(median(sizes) > 1e-11 && median(sizes) < 1e-7)
    // Dual numbers see it even from end to end.
    let error = try medianError(of: tensor.name, in: check)
    print("dual numbers, end to end, median relative error: \(error.figures(2))")
    #expect(error <= 1e-12)
  }

  @Test func dualNumbersKnowItTo12Digits() throws {
    let check = try check(.dual)
    #expect(check.verdict == .pass)
    for name in ["dense-1/weight", "dense-1/bias"] {
      let error = try medianError(of: name, in: check)
      print("dual numbers, \(name), median relative error: \(error.figures(2))")
      #expect(error <= 1e-12)
    }
  }

  @Test func finiteDifferencesKnowItTo8DigitsLayerByLayer() throws {
    let check = try check(.finiteDifference)
    #expect(check.tensors.allSatisfy { $0.failed == 0 })
    for name in ["dense-1/weight", "dense-1/bias"] {
      let error = try medianError(of: name, in: check)
      print("finite differences, \(name), median relative error: \(error.figures(2))")
      #expect(error <= 1e-8)
    }
  }
}
