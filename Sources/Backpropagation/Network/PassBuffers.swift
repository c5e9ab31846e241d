/// The buffers of a network's passes over batches of up to a given size; what is never in use at one time may share memory.
struct PassBuffers<Scalar: TensorScalar> {
  private let arena: Arena<Scalar>
  private let outputs: [Int]
  /// What layers ask for, in the order in which they do.
  private let memories: [[(specification: MemorySpecification, buffer: Int)]]
  /// The errors of each loss's terms.
  private let errors: [Int]
  private let deltas: [Int]
  /// Where each node's further contributions go, input by input and parameter by parameter; nil where there is none.
  private let deltasBeside: [[Int?]]
  private let gradientsBeside: [[Int?]]

  /// Allocates the buffers for batches of up to `capacity` examples.
  init(
    _ network: NeuralNetwork, capacity: Int, keeping: PassResults, _ wiring: BackwardWiring
  ) {
    var buffers: [BufferPlan.Buffer] = []
    func buffer(_ count: Int, _ uses: [ClosedRange<Int>]?) -> Int {
      buffers.append(BufferPlan.Buffer(count: count, uses: uses))
      return buffers.count - 1
    }
    let times = PassTimes(network, keeping: keeping, wiring)
    outputs = network.nodes.enumerated().map { index, node in
      buffer(node.shape.count * capacity, times.output(of: index))
    }
    memories = network.nodes.enumerated().map { index, node in
      node.layer.memory(for: node.inputs.map { network.nodes[$0].shape }).map {
        ($0, buffer($0.shape(examples: capacity).count, times.memory($0, of: index)))
      }
    }
    errors = network.heads.map { buffer(capacity * ($0.positions ?? 1), nil) }
    guard !keeping.isForwardOnly else {
      (deltas, deltasBeside, gradientsBeside) = ([], [], [])
      arena = Arena(buffers)
      return
    }
    deltas = network.nodes.enumerated().map { index, node in
      buffer(node.shape.count * capacity, times.delta(of: index))
    }
    deltasBeside = zip(network.nodes.indices, wiring.deltas).map { index, contributions in
      zip(network.nodes[index].inputs, contributions).map { input, contribution in
        guard contribution == .further else { return nil }
        return buffer(network.nodes[input].shape.count * capacity, times.backward(of: index))
      }
    }
    gradientsBeside = zip(network.nodes.indices, wiring.gradients).map { index, contributions in
      zip(network.nodes[index].parameters, contributions).map { parameter, contribution in
        guard contribution == .further else { return nil }
        return buffer(network.parameters[parameter].shape.count, times.backward(of: index))
      }
    }
    arena = Arena(buffers)
  }

  /// A node's output.
  func output(of node: Int, _ shape: Shape) -> TensorView<Scalar> {
    arena.view(outputs[node], shape)
  }

  /// DE/d(output) of a node.
  func delta(of node: Int, _ shape: Shape) -> TensorView<Scalar> {
    arena.view(deltas[node], shape)
  }

  /// The errors of a loss's terms.
  func errors(of head: Int, terms: Int) -> TensorView<Scalar> { arena.view(errors[head], [terms]) }

  /// The buffers that a node asked for.
  func memory(of node: Int, examples: Int) -> [TensorView<Scalar>] {
    memories[node].map { arena.view($0.buffer, $0.specification.shape(examples: examples)) }
  }

  /// Where a node's contribution to the δ of one of its inputs goes that is to be added.
  func deltaBeside(_ node: Int, input: Int, _ shape: Shape) -> TensorView<Scalar>? {
    deltasBeside[node][input].map { arena.view($0, shape) }
  }

  /// Where a node's contribution to the gradient of one of its parameters goes that is to be added.
  func gradientBeside(_ node: Int, parameter: Int, _ shape: Shape) -> TensorView<Scalar>? {
    gradientsBeside[node][parameter].map { arena.view($0, shape) }
  }
}
