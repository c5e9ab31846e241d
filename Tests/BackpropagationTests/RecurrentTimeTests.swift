import Testing

@testable import Backpropagation

/// Backward through time: recurrent layers against the same network unrolled, and δ by time step.
struct RecurrentTimeTests {
  /// The same network with a layer of its own for each step: every δ and the sums of the gradients are the same.
  @Test(arguments: [RNN.Activation.tanh, .relu])
  func aRecurrentLayerIsItsUnrolledNetwork(_ activation: RNN.Activation) throws {
    let recurrent = try RecurrentCase.prepared(
      RNN(4, activation: activation), on: RecurrentCase.sequences(.last, steps: 3))
    recurrent.run()
    let bend: any Layer = activation == .tanh ? Tanh() : ReLU()
    let unrolled = try NeuralNetwork(
      inputs: (0..<3).map { NetworkInput([3], name: "x\($0)") },
      losses: [NetworkLoss(.halfSquaredError)]
    ) {
      Dense(4).from("x0").named("in0")
      // h_0 is zero, but its bias is not; nor does a zero weight on x0 take part.
      Dense(4).from("x0").named("hidden")
      Add().from("in0", "hidden").named("a0")
      LayerNode(bend, name: "h0")
      Dense(4).from("x1").sharingWeights(of: "in0").named("in1")
      Dense(4).from("h0").named("hid1")
      Add().from("in1", "hid1").named("a1")
      LayerNode(bend, name: "h1")
      Dense(4).from("x2").sharingWeights(of: "in0").named("in2")
      Dense(4).from("h1").sharingWeights(of: "hid1").named("hid2")
      Add().from("in2", "hid2").named("a2")
      LayerNode(bend, name: "h2")
      Dense(2).named("out")
    }
    let values = recurrent.workspace.parameters.views
    let parameters = ParameterStore<Double>(zerosFor: unrolled)
    // weight-input, weight-hidden, bias-input, bias-hidden, then those of the layer above.
    func set(_ name: String, to place: Int) throws {
      let index = try #require(unrolled.parameters.firstIndex { $0.name == name })
      parameters.views[index].assign(values[place])
    }
    for (name, place) in [
      ("in0/weight", 0), ("in0/bias", 2), ("hidden/bias", 3), ("hid1/weight", 1),
      ("hid1/bias", 3), ("out/weight", 4), ("out/bias", 5),
    ] { try set(name, to: place) }
    let workspace = Workspace<Double>(unrolled, parameters: parameters, capacity: 5)
    let data = recurrent.data
    for step in 0..<3 {
      for example in 0..<5 {
        for feature in 0..<3 {
          workspace.input(step, examples: 5)[example * 3 + feature] =
            data.inputs[(example * 3 + step) * 3 + feature]
        }
      }
    }
    workspace.forward(examples: 5)
    guard case .values(let numbers, _) = data.targets else { return }
    var targets = Tensor(shape: [5, 2], scalars: numbers)
    targets.withMutableView { workspace.backward(.values($0), examples: 5, divisor: 5) }

    func gradient(_ name: String) throws -> [Double] {
      let index = try #require(unrolled.parameters.firstIndex { $0.name == name })
      return workspace.gradients.views[index].copy.scalars
    }
    func expectEqual(_ a: [Double], _ b: [Double]) {
      #expect(a.count == b.count && a.contains { $0 != 0 })
      for (a, b) in zip(a, b) { #expect(abs(a - b) < 1e-15) }
    }
    let found = recurrent.workspace.gradients.views.map { $0.copy.scalars }
    expectEqual(found[0], try gradient("in0/weight"))
    expectEqual(found[1], try gradient("hid1/weight"))
    expectEqual(found[2], try gradient("in0/bias"))
    let first = try gradient("hidden/bias")
    expectEqual(found[3], zip(try gradient("hid1/bias"), first).map { $0 + $1 })
    let times = try #require(recurrent.workspace.timeDelta(of: 1, examples: 5)).copy.scalars
    for step in 0..<3 {
      let node = try #require(unrolled.nodes.firstIndex { $0.name == "h\(step)" })
      let delta = workspace.delta(of: node, examples: 5).copy.scalars
      expectEqual(
        (0..<5).flatMap { times[($0 * 3 + step) * 4..<($0 * 3 + step + 1) * 4] }, delta)
    }
  }

  /// Each direction's δ in the order in which it reads: both directions lose theirs toward their own first step.
  @Test func theDeltasOfBothDirectionsFadeTowardTheirFirstStep() throws {
    let forgetful = try RecurrentCase.prepared(
      RNN(6, bidirectional: true), on: RecurrentCase.sequences(.last, steps: 12))
    for (parameter, view) in zip(
      forgetful.workspace.network.parameters, forgetful.workspace.parameters.views)
    where parameter.name.contains("weight-hidden") {
      for place in 0..<view.count { view[place] *= 0.3 }
    }
    forgetful.run()
    var byTime: TimeDeltas?
    forgetful.workspace.addTimeDelta(of: 1, examples: 5, to: &byTime)
    let rms = try #require(byTime).rms
    for (earlier, later) in zip(rms, rms.dropFirst()) { #expect(earlier < later) }
    #expect(rms[0] < 1e-4 * rms[11])
  }

  @Test func onlyARecurrentLayerHasThem() throws {
    let passes = try RecurrentCase.prepared(GRU(4), on: RecurrentCase.sequences(.last))
    passes.run()
    var byTime: TimeDeltas?
    passes.workspace.addTimeDelta(of: 2, examples: 5, to: &byTime)
    #expect(byTime == nil)
  }
}
