import Backpropagation
import Testing

@testable import GradientChecking

struct SamplingTests {
  @Test func smallTensorsAreTakenWhole() {
    var source = RandomSource(seed: 1)
    let gradient = [Double](repeating: 1, count: 1_000)
    #expect(Sampling.places(of: gradient, from: &source) == Array(0..<1_000))
    #expect(Sampling.places(of: [], from: &source).isEmpty)
  }

  /// Where an evaluation costs a pass over a large layer, a bias of 512 is sampled as larger tensors are.
  @Test func costlyOnesAreSampledSooner() {
    func count(_ size: Int, costing numbers: Int) -> Int {
      var source = RandomSource(seed: 1)
      let gradient = (0..<size).map { _ in source.normal() }
      return Sampling.places(of: gradient, costing: numbers, from: &source).count
    }
    #expect(count(512, costing: 512 * 512) == 200)
    #expect(count(512, costing: 128 * 512) == 512)
    #expect(count(200, costing: 512 * 512) == 200)
    #expect(count(201, costing: 512 * 512) == 200)
  }

  @Test func largeOnesAreSampledOfEveryKind() {
    var source = RandomSource(seed: 1)
    var gradient = (0..<5_000).map { _ in source.normal() }
    for place in 100..<110 { gradient[place] = 0 }
    gradient[17] = 1e3
    gradient[18] = 1e-9
    gradient[4_999] = .nan
    let places = Sampling.places(of: gradient, from: &source)
    #expect(places.count == 200)
    #expect(Set(places).count == 200)
    for place in [17, 18, 4_999] + Array(100..<110) { #expect(places.contains(place)) }
    #expect(places == places.sorted())
    // Beyond the special ones, the whole tensor is drawn from.
    #expect(places.count { $0 < 2_500 } > 50 && places.count { $0 >= 2_500 } > 50)
  }

  @Test func directionsHaveNoMeanAndNoTwoEqualSteps() {
    var source = RandomSource(seed: 1)
    let direction = Sampling.direction(count: 10_000, from: &source)
    #expect(direction.allSatisfy { (0.5...1.5).contains(abs($0)) })
    #expect(abs(direction.reduce(0, +)) < 5 * 1.04 * 100)
    #expect(Set(direction.map { abs($0) }).count > 9_990)
  }
}
