import Backpropagation
import Synchronization
import Testing

@testable import GradientChecking

/// What a check presumes: each breach is told and placed, and what only looks like one is not.
struct PreconditionTests {
  /// Adds to its input what no seed decides.
  struct Noise: Layer {
    final class Counter: Sendable { let value = Atomic<Int>(0) }
    let counter = Counter()

    func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }
    func forward<S>(_ pass: ForwardPass<S>) {
      let count = counter.value.wrappingAdd(1, ordering: .relaxed).newValue
      pass.output.assign(pass.input + S(Double(count)))
    }
    func backward<S>(_ pass: BackwardPass<S>) { pass.inputDelta?.assign(pass.outputDelta) }
  }

  /// The logarithm, which negative numbers have none of.
  struct Logarithm: Layer {
    func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }
    func forward<S>(_ pass: ForwardPass<S>) { pass.output.assign(log(pass.input)) }
    func backward<S>(_ pass: BackwardPass<S>) {
      pass.inputDelta?.assign(pass.outputDelta / pass.input)
    }
  }

  /// Written for the type that trains alone.
  struct FloatOnly: Layer {
    func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }
    func forward<S>(_ pass: ForwardPass<S>) {
      if S.self == Float.self { pass.output.assign(pass.input) }
    }
    func backward<S>(_ pass: BackwardPass<S>) { pass.inputDelta?.assign(pass.outputDelta) }
  }

  /// Right, but through `Double`, where the derivatives of dual numbers are lost.
  struct ThroughDouble: Layer {
    func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }
    func forward<S>(_ pass: ForwardPass<S>) {
      for place in 0..<pass.input.count {
        let number = Double(pass.input[place])
        pass.output[place] = S(number * number)
      }
    }
    func backward<S>(_ pass: BackwardPass<S>) {
      pass.inputDelta?.assign(2 * (pass.outputDelta * pass.input))
    }
  }

  /// A loss out of two numbers, with a derivative of zero wherever there is one, or none at all.
  struct Strange: Loss {
    enum Kind { case misses, logarithm, drifting }
    var kind: Kind
    let counter = Noise.Counter()

    var id: String { "strange" }
    func check(output: Shape, targets: Targets?) throws(ShapeError) {}
    func constantLoss(of targets: Targets, outputs: Int) -> Double { 0 }
    func forward<S>(_ output: TensorView<S>, _ targets: BatchTargets<S>, errors: TensorView<S>) {
      let width = output.count / errors.count
      let count = counter.value.wrappingAdd(1, ordering: .relaxed).newValue
      for example in 0..<errors.count {
        let first = output[example * width]
        switch kind {
        case .misses: errors[example] = first > 0 ? 1 : 0
        case .logarithm: errors[example] = S.log(first - 1e9)
        case .drifting: errors[example] = S(Double(count))
        }
      }
    }
    func backward<S>(
      _ output: TensorView<S>, _ targets: BatchTargets<S>, divisor: S, delta: TensorView<S>
    ) { delta.fill(0) }
  }

  private func network(
    _ layer: any Layer, loss: any Loss = .halfSquaredError
  ) throws -> NeuralNetwork {
    try NeuralNetwork(input: [7], loss: loss) {
      Dense(5)
      LayerNode(layer, name: "mine")
      Dense(3)
    }
  }

  private let examples = GradientCheckNetworkTests.graphExamples

  @Test func aLayerThatIsNotDeterministicIsNamed() throws {
    let check = try GradientCheck(network(Noise()), on: examples)
    #expect(check.verdict == .unverifiable)
    #expect(check.tensors.isEmpty)
    let obstacle = try #require(check.obstacle)
    #expect(
      obstacle.hasPrefix("layer \"mine\" is not deterministic: three passes from the same point"))
    #expect(
      obstacle.hasSuffix(
        "in example 1, at [0]; its random choices are to follow from the pass's seed"))
    let alone = try GradientCheck(layer: Noise(), input: [4])
    #expect(alone.obstacle?.hasPrefix("layer \"noise\" not deterministic: three passes") == true)
  }

  @Test func dropoutFollowsTheSeedAndIsFine() throws {
    let check = try GradientCheck(network(Dropout(0.5)), on: examples)
    #expect(check.verdict == .pass && check.obstacle == nil && check.notes.isEmpty, "\(check)")
  }

  @Test func whereANumberIsNoneIsTold() throws {
    let error = try #require(
      #expect(throws: NetworkError.self) {
        try GradientCheck(network(Logarithm()), on: examples)
      })
    #expect(error.layer == "mine")
    #expect(
      error.message.contains(
        #/^its output is -?nan at the start, in example \d, at \[\d\], while all that it reads are numbers$/#
      ), "\(error)")
    let sound = try network(Tanh())
    let parameters = ParameterStore<Double>(sound, seed: 1)
    parameters.views[0][6] = .infinity
    let other = #expect(throws: NetworkError.self) {
      try GradientCheck(sound, on: examples, parameters: parameters)
    }
    #expect(
      other?.message
        == "the parameter \"dense-1/weight\" is inf at [0, 6] at the start, expected a number")
    let holes = examples.mappingInputs { $0.values.enumerated().map { $0 == 9 ? .nan : $1 } }
    let third = #expect(throws: NetworkError.self) { try GradientCheck(sound, on: holes) }
    #expect(third?.message == "the data's \"input\" is nan in example 2, at [2]")
  }

  @Test func aLossIsLookedAtToo() throws {
    func message(_ kind: Strange.Kind) -> String? {
      #expect(throws: NetworkError.self) {
        try GradientCheck(network(Tanh(), loss: Strange(kind: kind)), on: examples)
      }?.message
    }
    #expect(
      message(.misses)
        == "the loss \"strange\" only changes in jumps: it has no derivative to learn from")
    #expect(
      message(.logarithm)?.contains(
        #/^the loss "strange" is -?nan at the start, for example 1, while the network's output is finite$/#
      ) == true)
    let check = try GradientCheck(network(Tanh(), loss: Strange(kind: .drifting)), on: examples)
    #expect(check.obstacle?.hasPrefix("loss \"strange\" is not deterministic: three") == true)
  }

  /// Each loss of the catalog, the flat ones with kinks among them, can be learned from.
  @Test func noLossOfTheCatalogIsTakenForSteps() throws {
    for entry in LossCatalog.all.entries {
      let loss = try LossCatalog.all.make(entry.id, [:])
      var source = RandomSource(seed: 3, stream: entry.id)
      let targets = loss.sampleTargets(for: [3], count: 8, from: &source)
      let data = Dataset(inputShape: [7], inputs: examples.inputs, targets: targets)
      let layer: any Layer = entry.id == "negative-log-likelihood" ? LogSoftmax() : Identity()
      let network = try NeuralNetwork(input: [7], loss: loss) {
        Dense(3)
        LayerNode(layer)
      }
      let parameters = ParameterStore<Double>(network, seed: 1)
      let preconditions = try Preconditions(
        network, parameters: parameters, on: data, method: .automatic)
      #expect(preconditions.obstacle == nil && preconditions.notes.isEmpty, "\(entry.id)")
    }
  }

  @Test func aLayerForFloatAloneIsExplained() throws {
    let error = #expect(throws: NetworkError.self) {
      try GradientCheck(network(FloatOnly()), on: examples)
    }
    #expect(
      error?.description == """
        layer "mine": leaves its output unwritten in example 1, at [0]: a check runs in Double, so \
        forward is to be written for every TensorScalar, not for Float alone
        """)
    let alone = try GradientCheck(layer: FloatOnly(), input: [4])
    #expect(alone.verdict == .unverifiable)
    #expect(alone.obstacle?.hasPrefix("layer \"float-only\" leaves its output unwritten") == true)
  }

  @Test func aLayerThatLosesDerivativesIsLeftToDifferences() throws {
    let check = try GradientCheck(network(ThroughDouble()), on: examples)
    #expect(check.verdict == .pass, "\(check)")
    #expect(check.oracles == ["finite-difference"])
    #expect(
      check.notes == [
        "layer \"mine\" passes no derivatives of dual numbers on (its forward converts to Double), "
          + "so that finite differences alone were asked"
      ])
    let words = check.description.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.hasSuffix("note " + check.notes[0]))
    let error = #expect(throws: NetworkError.self) {
      try GradientCheck(network(ThroughDouble()), on: examples, method: .dual)
    }
    #expect(error?.layer == "mine")
    #expect(try GradientCheck(layer: ThroughDouble(), input: [4]).verdict == .pass)
  }

  @Test func withoutParametersTheDeltasAreChecked() throws {
    let network = try NeuralNetwork(input: [7], loss: .sumOfSquares) {
      Tanh()
      Sigmoid()
    }
    let data = Dataset(
      inputShape: [7], inputs: examples.inputs,
      targets: .values(examples.inputs.map { $0 / 2 }, perExample: 7))
    let check = try GradientCheck(network, on: data)
    #expect(check.verdict == .pass, "\(check)")
    #expect(check.tensors.contains { $0.name == "tanh-1/input" && $0.passed > 0 })
    #expect(
      check.notes == ["the model has no parameters to train; its deltas alone are checked"])
  }
}
