import GradientReport
import GradientTrace
import Testing

struct NetworkPlanTests {
  /// A plan of layers, each with its kind and what feeds it; a `dense` one has weights.
  private func plan(_ layers: [(name: String, kind: String, inputs: [String])]) -> NetworkPlan {
    let weight = ParameterDescription(name: "weight", shape: [2, 2])
    let described = layers.map {
      LayerDescription(
        name: $0.name, kind: $0.kind, inputs: $0.inputs,
        parameters: $0.kind == "dense" ? [weight] : [])
    }
    let header = TraceHeader(producer: "test", run: RunDescription(), layers: described)
    return NetworkPlan(LayerGraph(header), described)
  }

  @Test func whatFollowsALayerStandsInItsBlock() {
    let plan = plan([
      ("x", "input", []), ("flat", "flatten", ["x"]), ("a", "dense", ["flat"]),
      ("relu", "relu", ["a"]), ("b", "dense", ["relu"]),
    ])
    #expect(plan.blocks.map(\.layers) == [[0], [1, 2, 3], [4]])
    #expect(plan.blocks.map(\.main) == [0, 2, 4])
    #expect(plan.blocks.map(\.column) == [0, 1, 2])
    #expect(plan.blocks.map(\.lane) == [0, 0, 0])
  }

  @Test func aResidualStreamStaysInItsLane() {
    let plan = plan([
      ("x", "input", []), ("a", "dense", ["x"]), ("norm", "layer-norm", ["a"]),
      ("b", "dense", ["norm"]), ("sum", "add", ["b", "a"]), ("out", "dense", ["sum"]),
    ])
    // "a" feeds two, so that the norm belongs to what comes after it.
    #expect(plan.blocks.map(\.layers) == [[0], [1], [2, 3], [4, 5]])
    #expect(plan.blocks.map(\.main) == [0, 1, 3, 5])
    #expect(plan.blocks.map(\.column) == [0, 1, 2, 3])
    #expect(plan.blocks.map(\.lane) == [0, 0, 1, 0])
    #expect(plan.lanesByColumn == [1, 1, 2, 2])
  }

  @Test func branchesStandSideBySide() {
    let branches = (1...8).flatMap { branch in
      [
        (name: "a\(branch)", kind: "dense", inputs: ["x"]),
        (name: "b\(branch)", kind: "dense", inputs: ["a\(branch)"]),
      ]
    }
    let join = (name: "join", kind: "concatenate", inputs: (1...8).map { "b\($0)" })
    let plan = plan([(name: "x", kind: "input", inputs: [])] + branches + [join])
    #expect(plan.columnCount == 4)
    let lanes = plan.blocks.filter { $0.column == 1 }.map(\.lane)
    #expect(lanes == Array(0..<8))
    #expect(plan.blocks.filter { $0.column == 2 }.map(\.lane) == lanes)
    #expect(plan.blocks.last?.lane == 0)
  }

  @Test func anInputStandsBeforeWhatReadsIt() {
    let plan = plan([
      ("x", "input", []), ("late", "input", []), ("a", "dense", ["x"]), ("b", "dense", ["a"]),
      ("join", "add", ["b", "late"]),
    ])
    #expect(plan.blocks.map(\.column) == [0, 2, 1, 2, 3])
  }

  /// From a block to the last that it feeds its lane is its own, and no two blocks share a place.
  @Test func noLinePassesThroughABlock() {
    var noise = SampleRun.Noise(seed: 4)
    for _ in 0..<50 {
      let layers = (0..<40).map { layer in
        let inputs = (0..<layer).filter { _ in noise.uniform() < 1.5 / Double(layer) }
        return (
          name: "\(layer)", kind: noise.uniform() < 0.5 ? "dense" : "relu",
          inputs: inputs.map(String.init)
        )
      }
      let blocks = plan(layers).blocks
      #expect(blocks.flatMap(\.layers).sorted() == Array(0..<40))
      for (index, block) in blocks.enumerated() {
        #expect(block.inputs.allSatisfy { blocks[$0].column < block.column })
        for other in blocks[(index + 1)...] where other.lane == block.lane {
          #expect(other.column >= block.end || other.end <= block.column)
        }
      }
    }
  }

  @Test func nothingHasNoPlan() {
    #expect(plan([]).columnCount == 0)
    #expect(plan([]).lanesByColumn.isEmpty)
  }
}
