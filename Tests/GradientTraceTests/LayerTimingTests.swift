import GradientTrace
import Testing

@Suite struct LayerTimingTests {
  @Test func whatIsKeptIsFoundAgain() {
    let layers = [
      LayerTiming(layer: "block/1/dense", forward: 0.5, backward: 1),
      LayerTiming(layer: "forward", forward: 0.25, backward: nil),
    ]
    let kept = layers.flatMap(\.timings)
    #expect(
      kept.map(\.name) == [
        "layer/block/1/dense/forward", "layer/block/1/dense/backward", "layer/forward/forward",
      ])
    let all = [Timing(name: "check", seconds: 2)] + kept.reversed()
    #expect(all.ofLayers(["unknown", "forward", "block/1/dense"]) == [layers[1], layers[0]])
    #expect(all.ofParts == [Timing(name: "check", seconds: 2)])
  }

  @Test func otherNamesAreOfNoLayer() {
    let others = ["layer", "layer/a", "layer/forward", "layer/a/sideways", "a/b/forward"]
      .map { Timing(name: $0, seconds: 1) }
    #expect(others.ofParts == others)
    #expect(others.ofLayers(["a", "b", ""]).isEmpty)
  }
}
