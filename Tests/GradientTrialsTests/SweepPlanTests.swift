import Backpropagation
import GradientDiagnosis
import Testing

@testable import GradientTrials

/// Which layers a sweep may scale, and which part it may repeat.
@Suite struct SweepPlanTests {
  private func network(
    _ input: Shape, @NetworkBuilder _ layers: () -> [LayerNode]
  ) throws -> NeuralNetwork {
    try NeuralNetwork(input: input, loss: .softmaxCrossEntropy, layers: layers())
  }

  /// The widths of all nodes at twice the width, by name.
  private func doubled(_ network: NeuralNetwork) throws -> [String: Int] {
    let wide = try WidthPlan(network).network(times: 2)
    return Dictionary(uniqueKeysWithValues: wide.nodes.map { ($0.name, $0.units) })
  }

  @Test func hiddenLayersScaleAndOutputsDoNot() throws {
    let widths = try doubled(
      network([8]) {
        Dense(16)
        BatchNorm()
        ReLU()
        Dense(12)
        Tanh()
        Dense(4)
      })
    #expect(
      widths == [
        "input": 8, "dense-1": 32, "batch-norm-1": 32, "relu-1": 32, "dense-2": 24, "tanh-1": 24,
        "dense-3": 4,
      ])
  }

  @Test func sumsKeepTheirWidths() throws {
    let widths = try doubled(
      network([8]) {
        Dense(8).named("branch")
        Add().named("fixed").from("branch", "input")
        Dense(16).named("free")
        Dense(16).named("other")
        Add().named("sum").from("other", "free")
        Dense(4)
      })
    #expect(widths["branch"] == 8 && widths["fixed"] == 8)
    #expect(widths["free"] == 32 && widths["other"] == 32 && widths["sum"] == 32)
  }

  @Test func headsAndGroupsDivideTheirWidths() throws {
    let plan = try WidthPlan(
      network([6, 5]) {
        Dense(12).named("wide")
        Attention(heads: 3)
        Flatten()
        Dense(4)
      })
    let narrow = try plan.network(times: 0.4)
    #expect(narrow.nodes.first { $0.name == "wide" }?.units == 6)
    let grouped = try WidthPlan(
      network([4, 6, 6]) {
        Convolution2D(8, kernel: 3, padding: .same)
        GroupNorm(groups: 4)
        Convolution2D(8, kernel: 3, padding: .same, groups: 2)
        ReLU()
        GlobalAveragePool()
        Dense(4)
      }
    ).network(times: 0.3)
    #expect(grouped.nodes.filter { $0.layer is Convolution2D }.map(\.units) == [4, 2])
  }

  @Test func sharedWeightsAndBranchesStayAlike() throws {
    let widths = try doubled(
      network([8]) {
        Dense(16).named("first")
        Dense(16).named("second")
        Dense(16).named("third").sharingWeights(of: "second")
        Dense(6).named("left").from("third")
        Dense(10).named("right").from("third")
        Concatenate().named("both").from("left", "right")
        Dense(4)
      })
    #expect(["first", "second", "third"].allSatisfy { widths[$0] == 32 })
    #expect(widths["left"] == 12 && widths["right"] == 20 && widths["both"] == 32)
  }

  @Test func whatAReshapeReadsIsFixed() throws {
    let widths = try doubled(
      network([8]) {
        Dense(12).named("fixed")
        Reshape([3, 4])
        LSTM(5).named("free")
        Dense(4)
      })
    #expect(widths["fixed"] == 12 && widths["free"] == 10)
    let plane = try doubled(
      network([1, 4, 4]) {
        Convolution2D(4, kernel: 4).named("fixed")
        Flatten()
      })
    #expect(plane["fixed"] == 4)
  }

  @Test func aRunOfLayersIsMadeLongerAndShorter() throws {
    let stack = try network([8]) {
      Dense(16)
      ReLU()
      Dense(16)
      ReLU()
      Dense(16)
      ReLU()
      Dense(4)
    }
    let plan = try #require(DepthPlan(stack))
    #expect(plan.blocks == [1..<3, 3..<5, 5..<7])
    #expect(
      try plan.network(blocks: 1).nodes.map(\.name) == ["input", "dense-1", "relu-1", "dense-4"])
    let longer = try plan.network(blocks: 5)
    #expect(
      longer.nodes.map(\.name).suffix(5)
        == ["dense-3.4", "relu-3.4", "dense-3.5", "relu-3.5", "dense-4"])
    #expect(plan.ends(blocks: 5) == (2, 10))
    #expect(try plan.network(blocks: 3).nodes.map(\.name) == stack.nodes.map(\.name))
  }

  @Test func residualAndTwofoldBlocksAreRepeatedWhole() throws {
    let residual = try network([8]) {
      Dense(16).named("start")
      Dense(16).named("a")
      ReLU()
      Dense(16).named("b")
      Add().named("sum").from("b", "start")
      Dense(4)
    }
    let plan = try #require(DepthPlan(residual))
    #expect(plan.blocks == [2..<6])
    let twice = try plan.network(blocks: 2)
    let sum = try #require(twice.nodes.first { $0.name == "sum.2" })
    #expect(sum.inputs.map { twice.nodes[$0].name } == ["b.2", "sum"])

    let transformer = try network([6, 5]) {
      Dense(8).named("x")
      LayerNorm()
      Attention(heads: 2).named("looked")
      Add().named("y").from("looked", "x")
      Dense(16)
      ReLU()
      Dense(8).named("thought")
      Add().named("z").from("thought", "y")
      Flatten()
      Dense(4)
    }
    let block = try #require(DepthPlan(transformer)).blocks
    #expect(
      block.map { $0.map { transformer.nodes[$0].name } }
        == [["layer-norm-1", "looked", "y", "dense-2", "relu-1", "thought", "z"]])
  }

  @Test func whatChangesItsShapeIsNotRepeated() throws {
    #expect(
      try DepthPlan(
        network([1, 8, 8]) {
          Convolution2D(4, kernel: 5, stride: 2)
          ReLU()
          Flatten()
          Dense(4)
        }) == nil)
  }

  @Test func slopesAreMediansOfPairs() {
    #expect(theilSenSlope(of: [(0, 1), (1, 3), (2, 5), (3, 7), (4, 700)]) == 2)
    #expect(theilSenSlope(of: [(1, 1), (1, 5)]) == nil)
    #expect(theilSenSlope(of: []) == nil)
  }
}
