import Backpropagation
import GradientChecking
import Testing

/// The checker on networks with several inputs, several losses, and sequences of unequal length.
struct HeadAndSequenceTests {
  @Test func twoInputsAndTwoLossesAreRight() throws {
    let network = try NeuralNetwork(
      inputs: [NetworkInput([3], name: "left"), NetworkInput([2], name: "right")],
      losses: [
        NetworkLoss(.softmaxCrossEntropy, output: "classes", weight: 0.3),
        NetworkLoss(.halfSquaredError, output: "trunk", weight: 2),
      ]
    ) {
      Concatenate().from("left", "right")
      Dense(4).named("trunk")
      Tanh()
      Dense(3).named("classes")
    }
    var source = RandomSource(seed: 3)
    let data = Dataset(
      features: [
        .init(name: "left", shape: [3], values: (0..<15).map { _ in source.normal() }),
        .init(name: "right", shape: [2], values: (0..<10).map { _ in source.normal() }),
      ],
      targetSets: [
        .classes([0, 2, 1, 1, 0], names: []),
        .values((0..<20).map { _ in source.normal() }, perExample: 4),
      ])
    let check = try GradientCheck(network, on: data)
    #expect(check.verdict == .pass, "\(check)")
    let losses = ["loss of classes/input", "loss of trunk/input"]
    #expect(check.tensors.map(\.name).filter { $0.hasPrefix("loss") } == losses)
  }

  @Test func sequencesOfUnequalLengthAreRight() throws {
    let network = try NeuralNetwork(input: [5, 3], loss: .softmaxCrossEntropy) {
      Dense(4)
      Tanh()
      Dense(2)
    }
    var source = RandomSource(seed: 4)
    let data = Dataset(
      features: [.init(shape: [5, 3], values: (0..<45).map { _ in source.normal() })],
      targetSets: [.classes((0..<15).map { _ in source.below(2) }, names: [], perExample: 5)],
      lengths: [5, 2, 1])
    let check = try GradientCheck(network, on: data)
    #expect(check.verdict == .pass, "\(check)")
  }
}
