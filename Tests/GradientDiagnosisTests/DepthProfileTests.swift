import GradientTrace
import Testing

@testable import GradientDiagnosis

/// The shape over depth is read off a profile's ends, and from all depths where these are asked for.
@Suite struct DepthProfileTests {
  /// A profile of six layers in a row, of which `known` recorded δ with the medians −2, −4 and so on from the input on.
  private func profile(known: Set<Int>) -> DepthProfile {
    let layers = (0..<6).map { index in
      LayerDescription(
        name: "d\(index)", kind: "dense", inputs: index > 0 ? ["d\(index - 1)"] : [],
        parameters: [ParameterDescription(name: "weight", shape: [4, 4])])
    }
    let header = TraceHeader(producer: "tests 1", run: RunDescription(), layers: layers)
    let context = AnalysisContext(header: header)
    var profile = DepthProfile(.delta, context)
    for (step, factor) in [0.5, 1, 3].enumerated() {
      profile.observe(
        ObservedStep(
          StepRecord(
            step: step,
            layers: layers.indices.map { depth in
              guard known.contains(depth) else { return nil }
              let rms = factor * [1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12][depth]
              return LayerRecord(delta: TensorStatistics(rms: rms))
            }), context))
    }
    return profile
  }

  @Test(arguments: [[0, 1, 2, 3, 4, 5], [1, 4], [0, 5], [2, 3, 5]])
  func aShapeIsThatOfAllMedians(known: [Int]) throws {
    let profile = profile(known: Set(known))
    let shape = try #require(profile.shape)
    let first = try #require(known.first)
    let last = try #require(known.last)
    #expect(shape.bottom == first)
    #expect(shape.top == last)
    #expect(abs(shape.attenuation + 2 * Double(last - first)) < 1e-9)
    let all = try #require(DepthShape(profile.medians()))
    #expect(shape.attenuation == all.attenuation)
    #expect(shape.topValue == all.topValue)
    #expect(shape.values == profile.medians())
    #expect(shape.slope == all.slope)
  }

  @Test(arguments: [[], [3]])
  func oneDepthHasNoShape(known: [Int]) {
    #expect(profile(known: Set(known)).shape == nil)
  }

  @Test func theMedianLeavesOutWhatIsUnknownWhereHalfIsThere() {
    #expect(medianOfKnown([3, .nan, 1, .nan]) == 2)
    #expect(medianOfKnown([.nan, 7, .nan]) == nil)
    #expect(medianOfKnown([-.infinity, 5, 2]) == 2)
    #expect(medianOfKnown([]) == nil)
  }
}
