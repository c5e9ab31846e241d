import Backpropagation

/// A network and a batch, to be run forward and backward.
struct Passes<Scalar: TensorScalar & BinaryFloatingPoint> {
  let workspace: Workspace<Scalar>
  let data: Dataset

  init(_ network: NeuralNetwork, on data: Dataset, seed: UInt64 = 1, capacity: Int? = nil) {
    self.init(
      network, on: data, parameters: ParameterStore(network, seed: seed), capacity: capacity)
  }

  init(
    _ network: NeuralNetwork, on data: Dataset, parameters: ParameterStore<Scalar>,
    capacity: Int? = nil, inputDeltas: Bool = false
  ) {
    workspace = Workspace(
      network, parameters: parameters, capacity: capacity ?? data.count, inputDeltas: inputDeltas)
    self.data = data
  }

  /// Runs forward and backward; gives the loss, Σ_n E_n / divisor.
  @discardableResult
  func run(divisor: Double? = nil) -> Double {
    let examples = data.count, divisor = divisor ?? Double(examples)
    workspace.input(examples: examples).assign(
      Tensor(
        shape: data.inputShape.batch(of: examples), scalars: data.inputs.map { Scalar($0) }))
    workspace.use(lengths: data.lengths?.map { Int32($0) })
    workspace.forward(examples: examples)
    func finish(_ targets: BatchTargets<Scalar>) -> Double {
      let loss = workspace.loss(targets, examples: examples, divisor: divisor)
      workspace.backward(targets, examples: examples, divisor: divisor)
      return loss
    }
    switch data.targets {
    case .classes(let classes, _, _):
      return classes.map { Int32($0) }.withUnsafeBufferPointer { classes in
        classes.baseAddress.map { finish(.classes($0)) } ?? 0
      }
    case .values(let values, let perExample):
      var targets = Tensor<Scalar>(
        shape: [examples, perExample], scalars: values.map { Scalar($0) })
      return targets.withMutableView { finish(.values($0)) }
    }
  }

  /// The gradients of all parameters, one after the other.
  var gradients: [Double] {
    workspace.gradients.views.flatMap { $0.copy.scalars.map { Double($0) } }
  }

  /// dE/d(output) of the layer of that name, in the last pass.
  func delta(of name: String) -> [Double] {
    guard let node = workspace.network.nodes.firstIndex(where: { $0.name == name }) else {
      return []
    }
    return workspace.delta(of: node, examples: data.count).copy.scalars.map { Double($0) }
  }

  /// The output of the layer of that name, in the last pass.
  func output(of name: String) -> [Double] {
    guard let node = workspace.network.nodes.firstIndex(where: { $0.name == name }) else {
      return []
    }
    return workspace.output(of: node, examples: data.count).copy.scalars.map { Double($0) }
  }
}

/// Examples with normal inputs, and random classes or numbers as targets.
func randomExamples(
  _ count: Int, input: Shape, outputs: Int, classes: Bool = true, seed: UInt64 = 1
) -> Dataset {
  var source = RandomSource(seed: seed, stream: "examples")
  let inputs = (0..<count * input.count).map { _ in source.normal() }
  let targets: Targets =
    classes
    ? .classes((0..<count).map { _ in source.below(outputs) }, names: [])
    : .values((0..<count * outputs).map { _ in source.normal() }, perExample: outputs)
  return Dataset(inputShape: input, inputs: inputs, targets: targets)
}

/// Why no network can be built of this layer alone.
func networkMessage(_ layer: any Layer, _ input: Shape = [4, 9, 9]) -> String? {
  do throws(NetworkError) {
    _ = try NeuralNetwork(input: input, loss: .halfSquaredError, layers: [LayerNode(layer)])
    return nil
  } catch { return error.message }
}
