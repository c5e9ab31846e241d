import GradientReport
import GradientTrace
import Testing

struct NetworkLanesTests {
  private func lanes(_ layers: [(name: String, inputs: [String])]) -> NetworkLanes {
    let described = layers.map { LayerDescription(name: $0.name, kind: "dense", inputs: $0.inputs) }
    return NetworkLanes(
      LayerGraph(TraceHeader(producer: "test", run: RunDescription(), layers: described)))
  }

  @Test func aChainHasOneLane() {
    let chain = lanes([("a", []), ("b", ["a"]), ("c", ["b"])])
    #expect(chain.lanes == [0, 0, 0])
    #expect(chain.count == 1)
  }

  @Test func aResidualStreamStaysInItsLane() {
    let network = lanes([
      ("x", []), ("norm", ["x"]), ("dense", ["norm"]), ("add", ["dense", "x"]), ("out", ["add"]),
    ])
    #expect(network.lanes == [0, 1, 1, 0, 0])
  }

  @Test func branchesStandSideBySideAndJoin() {
    let network = lanes([
      ("x", []), ("a", ["x"]), ("b", ["x"]), ("c", ["x"]), ("join", ["a", "b", "c"]),
    ])
    #expect(network.lanes == [0, 1, 2, 0, 0])
    #expect(network.count == 3)
  }

  @Test func inputsAndOutputsOfTheirOwnHaveALane() {
    let network = lanes([
      ("left", []), ("right", []), ("join", ["left", "right"]), ("head", ["join"]),
      ("other", ["join"]),
    ])
    #expect(network.lanes == [0, 1, 0, 1, 0])
  }

  /// No line passes through a layer: between a layer and the last that it feeds, its lane is its own.
  @Test func noLinePassesThroughALayer() {
    var noise = SampleRun.Noise(seed: 3)
    for _ in 0..<50 {
      let layers = (0..<30).map { layer in
        let inputs = (0..<layer).filter { _ in noise.uniform() < 2.0 / Double(layer) }
        return (name: "\(layer)", inputs: inputs.map(String.init))
      }
      let network = lanes(layers)
      for (layer, described) in layers.enumerated() {
        for input in described.inputs.compactMap({ Int($0) }) {
          for between in stride(from: input + 1, to: layer, by: 1) {
            #expect(network.lanes[between] != network.lanes[input])
          }
        }
      }
    }
  }

  @Test func nothingHasNoLane() { #expect(lanes([]).count == 0) }
}
