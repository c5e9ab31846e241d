import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct AnalysisContextTests {
  /// a feeds b and c, both of these d; e stands alone.
  private let context = AnalysisContext(
    header: TraceHeader(
      producer: "test", run: RunDescription(),
      layers: [
        ("a", []), ("b", ["a"]), ("c", ["a"]), ("d", ["b", "c"]), ("e", [String]()),
      ].map { name, inputs in
        LayerDescription(
          name: name, kind: "dense", inputs: inputs,
          parameters: name == "c" ? [ParameterDescription(name: "weight", shape: [2, 2])] : [])
      }))

  @Test func layersThatFeedAnotherAreThoseOnAWayToIt() {
    #expect(context.feeding { $0 == 3 } == [true, true, true, false, false])
    #expect(context.feeding { $0 == 1 } == [true, false, false, false, false])
    #expect(context.feedsWeights == [true, false, false, false, false])
  }

  @Test func layersThatAnotherFeedsAreThoseOnAWayFromIt() {
    #expect(context.fed { $0 == 0 } == [false, true, true, true, false])
    #expect(context.fed { $0 == 2 } == [false, false, false, true, false])
    #expect(context.fed { $0 == 4 } == [false, false, false, false, false])
  }
}
