import Testing

@testable import Backpropagation

struct WorkspaceTests {
  static func network(_ loss: any Loss = .softmaxCrossEntropy) throws -> NeuralNetwork {
    try NeuralNetwork(input: [6], loss: loss) {
      Dense(5).named("stem")
      Tanh().named("bend")
      Dense(5).named("left")
      Add().from("left", "bend").named("sum")
      Dense(5).sharingWeights(of: "left").named("again")
      ReLU()
      Dense(3)
    }
  }

  /// The gradient of the whole is the sum of the examples' gradients.
  @Test func aBatchsGradientIsTheSumOfItsExamples() throws {
    let network = try Self.network(), data = randomExamples(7, input: [6], outputs: 3)
    let whole = Passes<Double>(network, on: data)
    let loss = whole.run(divisor: 1)
    var sum = [Double](repeating: 0, count: network.parameterCount), errors = 0.0
    for example in 0..<data.count {
      let single = Passes<Double>(network, on: data.selecting([example]), capacity: 7)
      errors += single.run()
      for (place, gradient) in single.gradients.enumerated() { sum[place] += gradient }
      let deltas = whole.delta(of: "stem")[example * 5..<(example + 1) * 5]
      for (delta, alone) in zip(deltas, single.delta(of: "stem")) {
        #expect(abs(delta - alone) < 1e-14)
      }
    }
    #expect(abs(loss - errors) < 1e-13)
    for (gradient, expected) in zip(whole.gradients, sum) {
      #expect(abs(gradient - expected) < 1e-13)
    }
    // The mean over the examples is what an optimizer sees.
    let summed = whole.gradients
    whole.run(divisor: 7)
    for (mean, sum) in zip(whole.gradients, summed) { #expect(abs(7 * mean - sum) < 1e-13) }
  }

  @Test func summariesAreThoseOfWhatThePassesWrote() throws {
    let network = try Self.network(), data = randomExamples(7, input: [6], outputs: 3)
    let passes = Passes<Float>(network, on: data, capacity: 9)
    passes.run()
    let workspace = passes.workspace
    for node in network.nodes.indices {
      #expect(workspace.activations[node] == workspace.output(of: node, examples: 7).summary)
      // Nobody asks for dE/d(input).
      let delta = workspace.delta(of: node, examples: 7).summary
      #expect(workspace.deltas[node] == (node == 0 ? TensorSummary() : delta))
    }
    workspace.isRecording = false
    let before = workspace.activations
    workspace.input(examples: 7).fill(0)
    workspace.forward(examples: 7)
    #expect(workspace.activations == before)
  }

  /// What a pass computes doesn't depend on what shares its memory; each δ is there when it is shown.
  @Test func sharedMemoryChangesNothing() throws {
    let network = try Self.network(), data = randomExamples(7, input: [6], outputs: 3)
    let kept = Passes<Double>(network, on: data)
    let loss = kept.run()
    let shared = Workspace<Double>(
      network, parameters: ParameterStore(network, seed: 1), capacity: 9, keeping: .outputs,
      inputDeltas: true)
    let ends = Workspace<Double>(
      network, parameters: ParameterStore(network, seed: 1), capacity: 9,
      keeping: .ends(and: [2, 5]))
    let buffer = TargetBuffer<Double>(data.targets, capacity: 7)
    let seen = Sightings<Double>()
    for _ in 0..<2 {
      for workspace in [shared, ends] {
        MemorySource<Double>(data).gather(0..<7, into: workspace, targets: [buffer])
      }
      shared.forward(examples: 7)
      ends.forward(examples: 7)
      let targets = [buffer.batch(of: 7)]
      #expect(shared.loss(targets, examples: 7, divisors: [7]) == loss)
      #expect(ends.loss(targets, examples: 7, divisors: [7]) == loss)
      shared.backward(targets, examples: 7, divisors: [7], watchedBy: seen)
      #expect(shared.gradients.views.flatMap(\.copy.scalars) == kept.gradients)
    }
    for (node, name) in network.nodes.map(\.name).enumerated() {
      #expect(shared.output(of: node, examples: 7).copy.scalars == kept.output(of: name), "\(name)")
      if node > 0 { #expect(seen.views[node]?.scalars == kept.delta(of: name), "\(name)") }
    }
    for node in [2, 5, network.output] {
      let output = ends.output(of: node, examples: 7).copy.scalars
      #expect(output == kept.output(of: network.nodes[node].name), "\(node)")
    }
    // Asked for, dE/d(input) stays.
    #expect(shared.delta(of: 0, examples: 7).copy == seen.views[0])
    #expect(seen.views[0]?.scalars.contains { $0 != 0 } == true)
  }

  @Test func aSmallerBatchUsesTheLeadingPart() throws {
    let network = try Self.network(), data = randomExamples(7, input: [6], outputs: 3)
    let large = Passes<Double>(network, on: data.prefix(3), capacity: 64)
    let tight = Passes<Double>(network, on: data.prefix(3))
    large.workspace.input(examples: 64).fill(.nan)
    large.run()
    tight.run()
    #expect(large.gradients == tight.gradients)
  }

  /// A view of values keeps them alive, whoever else has let go of them.
  @Test func aViewOutlivesWhatItIsAViewOf() throws {
    let network = try Self.network()
    let expected = ParameterStore<Float>(network, seed: 1).views[0].copy
    let view = ParameterStore<Float>(network, seed: 1).views[0]
    let input = Workspace(
      network, parameters: ParameterStore<Float>(network, seed: 1), capacity: 2
    ).input(examples: 2)
    // What was freed would be handed out again.
    let others = (0..<8).map { ParameterStore<Float>(network, seed: 2 + $0) }
    #expect(view.copy == expected)
    #expect(input.copy == Tensor(zeros: [2, 6]))
    #expect(others.allSatisfy { $0.views[0].copy != expected })
  }

  @Test func aBatchBeyondTheCapacityTraps() async throws {
    await #expect(processExitsWith: .failure) {
      let network = try WorkspaceTests.network()
      let parameters = ParameterStore<Float>(network, seed: 1)
      _ = Workspace(network, parameters: parameters, capacity: 4).input(examples: 5)
    }
  }

  @Test func whatIsNotKeptTraps() async throws {
    await #expect(processExitsWith: .failure) {
      let network = try WorkspaceTests.network()
      _ = Workspace<Float>(
        network, parameters: ParameterStore(network, seed: 1), capacity: 1, keeping: .outputs
      ).delta(of: 1, examples: 1)
    }
    await #expect(processExitsWith: .failure) {
      let network = try WorkspaceTests.network()
      _ = Workspace<Float>(
        network, parameters: ParameterStore(network, seed: 1), capacity: 1,
        keeping: .ends(and: [])
      ).output(of: 1, examples: 1)
    }
  }

  @Test func aSecondPassForgetsTheFirst() throws {
    let network = try Self.network(), data = randomExamples(7, input: [6], outputs: 3)
    let passes = Passes<Double>(network, on: data)
    passes.run()
    let first = passes.gradients
    passes.run()
    #expect(passes.gradients == first)
  }
}

/// Copies of what a pass shows.
private final class Sightings<Scalar: TensorScalar & BinaryFloatingPoint>: DeltaWatcher {
  private(set) var views: [Int: Tensor<Scalar>] = [:]

  func isWhole(_ view: TensorView<Scalar>, of node: Int) { views[node] = view.copy }
}
