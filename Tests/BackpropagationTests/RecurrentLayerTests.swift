import Foundation
import Testing

@testable import Backpropagation

/// Recurrent layers against their formulas step by step, against the same network unrolled, and with padding.
struct RecurrentLayerTests {
  static let layers: [any RecurrentLayer] = [
    RNN(5, output: .sequence), RNN(3, activation: .relu), LSTM(4), GRU(4, output: .sequence),
    RNN(3, layers: 2, bidirectional: true), LSTM(3, layers: 3, output: .sequence),
    LSTM(2, layers: 2, bidirectional: true, output: .sequence), GRU(3, bidirectional: true),
    GRU(3, layers: 3, bidirectional: true, output: .sequence), LSTM(1), GRU(17, layers: 2),
  ]
  static let lengths = [6, 1, 4, 0, 3]

  /// The layer, and above it two outputs for each example or step; no bias is zero.
  private func prepared<S: TensorScalar & BinaryFloatingPoint>(
    _ layer: any Layer, on data: Dataset, as _: S.Type = Double.self
  ) throws -> Passes<S> {
    let network = try NeuralNetwork(input: data.inputShape, loss: .halfSquaredError) {
      LayerNode(layer, name: "recurrent")
      Dense(2)
    }
    let parameters = ParameterStore<S>(network, seed: 3)
    for (parameter, view) in zip(network.parameters, parameters.views)
    where parameter.name.contains("bias") {
      var source = RandomSource(seed: 7, stream: parameter.name)
      for place in 0..<view.count { view[place] = S(0.5 * source.normal()) }
    }
    return Passes(network, on: data, parameters: parameters)
  }

  /// Examples of `steps` steps of three features and two targets, for the output as a whole or for each step.
  ///
  /// What lies past an example's length is not a number, nor is any of the further steps of `padding`.
  private func sequences(
    _ output: RecurrentOutput, count: Int = 5, steps: Int = 6, padding: Int = 0,
    lengths: [Int]? = nil
  ) -> Dataset {
    func numbers(
      _ stream: String, steps: Int, padding: Int, width: Int, lengths: [Int]?
    ) -> [Double] {
      var source = RandomSource(seed: 11, stream: stream)
      return (0..<count).flatMap { example in
        (0..<steps + padding).flatMap { step in
          (0..<width).map { _ in
            let value = step < steps ? source.normal() : .nan
            return step < lengths?[example] ?? steps ? value : .nan
          }
        }
      }
    }
    let inputs = numbers(
      "inputs", steps: steps, padding: padding, width: 3, lengths: lengths)
    let isWhole = output == .last
    let targets = numbers(
      "targets", steps: isWhole ? 1 : steps, padding: isWhole ? 0 : padding, width: 2,
      lengths: isWhole ? nil : lengths)
    return Dataset(
      features: [.init(shape: [steps + padding, 3], values: inputs)],
      targetSets: [.values(targets, perExample: targets.count / count)], lengths: lengths)
  }

  // MARK: Forward

  @Test(arguments: layers.indices, [nil, lengths])
  func aPassIsItsFormulas(_ place: Int, lengths: [Int]?) throws {
    let layer = Self.layers[place], data = sequences(layer.output, lengths: lengths)
    let passes = try prepared(layer, on: data)
    passes.run()
    let parameters = passes.workspace.parameters.views.map { $0.copy.scalars }
    var expected: [Double] = []
    for example in 0..<data.count {
      let length = lengths?[example] ?? 6
      let rows = (0..<length).map { step in
        Array(data.inputs[(example * 6 + step) * 3..<(example * 6 + step + 1) * 3])
      }
      let result = ReferenceRecurrence(layer).run(rows, parameters)
      expected += layer.output == .last ? result.last : result.sequence.flatMap { $0 }
      if layer.output == .sequence {
        expected += [Double](repeating: 0, count: (6 - length) * layer.directions * layer.units)
      }
    }
    let output = passes.output(of: "recurrent")
    #expect(output.count == expected.count)
    for (value, expected) in zip(output, expected) { #expect(abs(value - expected) < 1e-14) }
  }

  // MARK: Backward through time

  /// The same network with a layer of its own for each step: every δ and the sums of the gradients are the same.
  @Test(arguments: [RNN.Activation.tanh, .relu])
  func aRecurrentLayerIsItsUnrolledNetwork(_ activation: RNN.Activation) throws {
    let recurrent = try prepared(RNN(4, activation: activation), on: sequences(.last, steps: 3))
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

  /// So many examples that they are split over threads; each gives what it gives alone.
  @Test(arguments: layers.indices)
  func aBatchsGradientIsTheSumOfItsExamples(_ place: Int) throws {
    let layer = Self.layers[place]
    let data = sequences(layer.output, count: 70, steps: 20)
    let whole = try prepared(layer, on: data)
    whole.run(divisor: 1)
    var sum = [Double](repeating: 0, count: whole.gradients.count)
    for example in 0..<data.count {
      let single = try prepared(layer, on: data.selecting([example]))
      single.run(divisor: 1)
      for (place, gradient) in single.gradients.enumerated() { sum[place] += gradient }
    }
    let largest = sum.reduce(0) { max($0, abs($1)) }
    for (gradient, expected) in zip(whole.gradients, sum) {
      #expect(abs(gradient - expected) < 1e-13 * largest)
    }
  }

  // MARK: Unequal lengths

  /// Whatever stands in the padding is never read, and more of it changes but the order of sums.
  @Test(arguments: layers.indices)
  func paddingChangesNothing(_ place: Int) throws {
    let layer = Self.layers[place], lengths = [6, 1, 4, 2, 3]
    func results(
      padding: Int = 0, of value: Double = .nan
    ) throws -> (loss: Double, gradients: [Double], byTime: TimeDeltas) {
      let data = sequences(layer.output, padding: padding, lengths: lengths)
        .mappingInputs { $0.values.map { $0.isNaN ? value : $0 } }
      let passes = try prepared(layer, on: data)
      let loss = passes.run()
      var byTime: TimeDeltas?
      passes.workspace.addTimeDelta(of: 1, examples: 5, to: &byTime)
      return (loss, passes.gradients, try #require(byTime))
    }
    let tight = try results(), other = try results(of: 1e3), loose = try results(padding: 7)
    #expect(tight.loss.isFinite && tight.gradients.contains { $0 != 0 })
    #expect(tight == other)
    #expect(abs(tight.loss - loose.loss) < 1e-14)
    for (one, other) in zip(tight.gradients, loose.gradients) { #expect(abs(one - other) < 1e-14) }

    let numbers = layer.directions * layer.units
    #expect(tight.byTime.counts == [5, 4, 3, 2, 1, 1].map { $0 * numbers })
    #expect(loose.byTime.counts == tight.byTime.counts + [0, 0, 0, 0, 0, 0, 0])
    #expect(loose.byTime.rms.suffix(7) == [0, 0, 0, 0, 0, 0, 0])
    for (one, other) in zip(tight.byTime.rms, loose.byTime.rms) {
      #expect(one > 0 && abs(one - other) < 1e-14)
    }
  }

  @Test(arguments: layers.indices)
  func fullLengthsAreNoLengths(_ place: Int) throws {
    let layer = Self.layers[place]
    let free = try prepared(layer, on: sequences(layer.output))
    let stated = try prepared(
      layer, on: sequences(layer.output, lengths: [Int](repeating: 6, count: 5)))
    #expect(free.run() == stated.run())
    #expect(free.gradients == stated.gradients)
  }

  /// Lengths speak of the input's positions, and are none of a layer's whose steps are others.
  @Test func lengthsOfOtherPositionsAreNotTaken() throws {
    let data = sequences(.last, lengths: [6, 6, 6, 6, 1])
    let network = try NeuralNetwork(input: [6, 3], loss: .halfSquaredError) {
      Halves()
      LSTM(4)
      Dense(2)
    }
    var byTime: TimeDeltas?
    let passes = Passes<Double>(
      network,
      on: Dataset(
        features: [
          .init(shape: [6, 3], values: data.inputs.map { $0.isNaN ? 0 : $0 })
        ], targetSets: data.targetSets, lengths: data.lengths))
    passes.run()
    passes.workspace.addTimeDelta(of: 2, examples: 5, to: &byTime)
    #expect(byTime?.counts == [20, 20])
  }

  /// The sequence as two steps, each half of it.
  private struct Halves: Layer {
    func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
      [2, try inputs.single.count / 2]
    }
    var keepsPositions: Bool { false }
    func forward<S>(_ pass: ForwardPass<S>) {
      pass.output.assign(pass.input.reshaped(pass.output.shape))
    }
    func backward<S>(_ pass: BackwardPass<S>) {
      pass.inputDelta.map { $0.assign(pass.outputDelta.reshaped($0.shape)) }
    }
  }

  // MARK: δ by time step

  /// Each direction's δ in the order in which it reads: both directions lose theirs toward their own first step.
  @Test func theDeltasOfBothDirectionsFadeTowardTheirFirstStep() throws {
    let forgetful = try prepared(RNN(6, bidirectional: true), on: sequences(.last, steps: 12))
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
    let passes = try prepared(GRU(4), on: sequences(.last))
    passes.run()
    var byTime: TimeDeltas?
    passes.workspace.addTimeDelta(of: 2, examples: 5, to: &byTime)
    #expect(byTime == nil)
  }

  // MARK: Parameters and misuse

  @Test func parametersAreThoseOfPyTorch() throws {
    let network = try NeuralNetwork(input: [6, 3], loss: .halfSquaredError) {
      LSTM(5, layers: 2, bidirectional: true).named("l")
    }
    #expect(
      network.parameters.map { "\($0.name) \($0.shape)" } == [
        "l/weight-input-0 20 × 3", "l/weight-hidden-0 20 × 5", "l/bias-input-0 20",
        "l/bias-hidden-0 20", "l/weight-input-0-reverse 20 × 3", "l/weight-hidden-0-reverse 20 × 5",
        "l/bias-input-0-reverse 20", "l/bias-hidden-0-reverse 20", "l/weight-input-1 20 × 10",
        "l/weight-hidden-1 20 × 5", "l/bias-input-1 20", "l/bias-hidden-1 20",
        "l/weight-input-1-reverse 20 × 10", "l/weight-hidden-1-reverse 20 × 5",
        "l/bias-input-1-reverse 20", "l/bias-hidden-1-reverse 20",
      ])
    // One gate has as many outputs as there are units.
    #expect(network.parameters[0].fans == Fans(inputs: 3, outputs: 5))
    #expect(network.parameters[1].fans == Fans(inputs: 5, outputs: 5))
    #expect(network.parameters[8].fans == Fans(inputs: 10, outputs: 5))
    #expect(GRU(5).parameters(for: [[6, 3]]).map(\.shape) == [[15, 3], [15, 5], [15], [15]])
    #expect(RNN(5).parameters(for: [[6, 3]]).map(\.shape) == [[5, 3], [5, 5], [5], [5]])
  }

  @Test func whatDoesNotFitIsRefused() {
    func message(_ layer: any Layer, _ input: Shape = [6, 3]) -> String? {
      #expect(throws: ShapeError.self) { try layer.outputShape(of: [input]) }?.message
    }
    #expect(message(LSTM(3), [6]) == "takes a sequence, steps × features, got 6")
    #expect(message(GRU(3), [1, 8, 8]) == "takes a sequence, steps × features, got 1 × 8 × 8")
    #expect(message(RNN(0)) == "takes 1 to 16,777,216 units, got 0")
    #expect(message(LSTM(3, layers: 0)) == "takes 1 to 1,000 layers, got 0")
    #expect(message(LSTM(3, layers: 1001)) == "takes 1 to 1,000 layers, got 1001")
    #expect(
      networkMessage(LSTM(maximumSize, layers: 1000, bidirectional: true), [1 << 30, 1])
        == "with it the network has 6750896109998047232 parameters; at most 2147483647 are supported"
    )
    #expect(
      networkMessage(RNN(1 << 12), [1 << 20, 1])
        == "needs more than the 2147483647 numbers of memory that are supported")
    func argument(_ id: String, _ arguments: [String: ArgumentValue]) -> String? {
      #expect(throws: ArgumentError.self) { try LayerCatalog.all.make(id, arguments) }?.message
    }
    #expect(argument("gru", [:]) == "gru needs \"units\", a whole number from 1 to 16777216")
    #expect(
      argument("lstm", ["units": .integer(3), "output": .text("first")])
        == "output of lstm is \"first\", expected last or sequence")
    #expect(
      argument("rnn", ["units": .integer(3), "activation": .text("gelu")])
        == "activation of rnn is \"gelu\", expected tanh or relu")
    #expect(
      argument("lstm", ["units": .integer(3), "layers": .integer(0)])
        == "layers of lstm is 0, expected a whole number from 1 to 1000")
    #expect(
      argument("lstm", ["units": .integer(3), "bidirectional": .integer(1)])
        == "bidirectional of lstm is 1, expected true or false")
  }

  /// A number that is none spreads to what it reaches: all later steps of its example, and no other example.
  @Test func notANumberStaysInItsExample() throws {
    let layer = LSTM(4, output: .sequence)
    var data = sequences(.sequence)
    var inputs = data.inputs
    inputs[(2 * 6 + 3) * 3] = .nan
    data = Dataset(inputShape: [6, 3], inputs: inputs, targets: data.targets)
    let passes = try prepared(layer, on: data)
    passes.run()
    let output = passes.output(of: "recurrent")
    for example in 0..<5 {
      for step in 0..<6 {
        let values = output[(example * 6 + step) * 4..<(example * 6 + step + 1) * 4]
        #expect(values.allSatisfy { $0.isNaN == (example == 2 && step >= 3) })
      }
    }
  }
}

/// The formulas as PyTorch's documentation gives them, one sequence and one number at a time.
private struct ReferenceRecurrence {
  let layer: any RecurrentLayer

  init(_ layer: any RecurrentLayer) { self.layer = layer }

  func run(
    _ sequence: [[Double]], _ parameters: [[Double]]
  ) -> (sequence: [[Double]], last: [Double]) {
    var rows = sequence
    var last: [Double] = []
    for number in 0..<layer.layers {
      var results: [[[Double]]] = []
      last = []
      for direction in 0..<layer.directions {
        let first = 4 * (number * layer.directions + direction)
        let weights = Array(parameters[first..<first + 4])
        let read = direction == 0 ? rows : rows.reversed()
        let states = states(read, weights)
        last += states.last ?? [Double](repeating: 0, count: layer.units)
        results.append(direction == 0 ? states : states.reversed())
      }
      rows = rows.indices.map { row in results.flatMap { $0[row] } }
    }
    return (rows, last)
  }

  private func states(_ rows: [[Double]], _ weights: [[Double]]) -> [[Double]] {
    let units = layer.units
    func sigmoid(_ a: Double) -> Double { 1 / (1 + Foundation.exp(-a)) }
    func product(_ matrix: [Double], _ bias: [Double], _ vector: [Double]) -> [Double] {
      bias.indices.map { row in
        vector.indices.reduce(bias[row]) { $0 + matrix[row * vector.count + $1] * vector[$1] }
      }
    }
    var h = [Double](repeating: 0, count: units), c = h
    return rows.map { row in
      let x = product(weights[0], weights[2], row), y = product(weights[1], weights[3], h)
      for u in 0..<units {
        func sum(_ gate: Int) -> Double { x[gate * units + u] + y[gate * units + u] }
        switch layer.cell {
        case .tanh: h[u] = Foundation.tanh(sum(0))
        case .relu: h[u] = max(0, sum(0))
        case .lstm:
          c[u] = sigmoid(sum(1)) * c[u] + sigmoid(sum(0)) * Foundation.tanh(sum(2))
          h[u] = sigmoid(sum(3)) * Foundation.tanh(c[u])
        case .gru:
          let r = sigmoid(sum(0)), z = sigmoid(sum(1))
          let n = Foundation.tanh(x[2 * units + u] + r * y[2 * units + u])
          h[u] = (1 - z) * n + z * h[u]
        }
      }
      return h
    }
  }
}
