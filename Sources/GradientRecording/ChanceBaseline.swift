import Backpropagation

/// How many units of a rectifier would be silent by chance: the share of random directions, without bias, that no
/// example of the training data lies on the positive side of.
///
/// A unit of a convolution is silent if it is so at every place; its directions are tried on patches of its input, at some
/// places of each example.
///
/// In a deep network the examples' activations point into nearly the same direction, so that a fifth of all directions
/// miss every one of them: without this baseline a healthy network's units count as dead.
final class ChanceBaseline {
  /// The directions that are tried.
  static let directions: Int = 256
  /// The places of each example at which a convolution's directions are tried, and the numbers that all patches may have.
  static let places: Int = 16
  static let patchNumbers: Int = 1 << 22
  /// The groups of a convolution that are tried.
  static let groups: Int = 8
  /// The numbers that are looked at at a time.
  static let chunkNumbers: Int = 1 << 16

  /// What feeds a rectifier.
  private struct Source {
    /// The node whose output the directions are tried on, and an example's shape there.
    var node: Int
    var shape: Shape
    /// The convolution; nil for a dense layer.
    var convolution: (any ReceptiveField)?
    /// A direction's numbers, and the places of an example at which it is tried.
    var size: Int
    var places: Int
    /// The examples that are looked at at a time.
    var chunk: Int
    /// The name of the random numbers.
    var stream: String
  }

  private let probe: NetworkProbe
  /// The rectifiers' sources; nil where neither a dense layer nor a convolution feeds it.
  private let sources: [Source?]
  /// Room for the directions, and for some examples, what is tried of them and on which side it lies.
  private var directions: [Double]
  private var inputs: [Double]
  private var patches: [Double]
  private var sides: [Double]
  private var isActive = [Bool](repeating: false, count: ChanceBaseline.directions)

  /// Makes room to measure any of these rectifiers.
  init(_ run: TrainingRun, rectifiers: [Int]) {
    let probe = run.probe
    let sources = rectifiers.map { Self.source(of: $0, in: run.network, examples: probe.examples) }
    func room(_ numbers: (Source) -> Int) -> [Double] {
      [Double](repeating: 0, count: sources.compactMap { $0.map(numbers) }.max() ?? 0)
    }
    self.probe = probe
    self.sources = sources
    directions = room { $0.size * Self.directions }
    inputs = room { $0.chunk * $0.shape.count }
    patches = room { $0.convolution == nil ? 0 : $0.chunk * $0.places * $0.size }
    sides = room { $0.chunk * $0.places * Self.directions }
    // What the first measurement alone has to make is made here, not in the middle of a training.
    if sources.contains(where: { $0 != nil }) { probe.run() }
    for rectifier in sources.indices { _ = silentShare(of: rectifier, step: 0) }
  }

  private static func source(
    of rectifier: Int, in network: NeuralNetwork, examples: Int
  ) -> Source? {
    let feeding = network.nodes[network.nodes[rectifier].inputs[0]]
    let convolution = feeding.layer as? any ReceptiveField
    guard feeding.layer is Dense || convolution != nil else { return nil }
    let shape = network.nodes[feeding.inputs[0]].shape
    // A dense layer acts at every position of a sequence.
    let size = convolution?.patchSize(of: shape) ?? shape.last
    let most = max(patchNumbers / max(examples * size, 1), 1)
    let places =
      convolution.map { min(most, Self.places, $0.positions(of: shape)) }
      ?? shape.count / max(shape.last, 1)
    let numbers = max(shape.count, places * max(size, directions))
    return Source(
      node: feeding.inputs[0], shape: shape, convolution: convolution, size: size, places: places,
      chunk: max(1, min(examples, chunkNumbers / numbers)), stream: "chance/\(rectifier)")
  }

  /// Runs the network as it is at this moment.
  func run() { probe.run() }

  /// The share of silent directions for the rectifier at a place, on what the network was in the last run.
  func silentShare(of rectifier: Int, step: Int) -> Double? {
    guard let source = sources[rectifier], source.size > 0 else { return nil }
    var random = RandomSource(seed: UInt64(step), stream: source.stream)
    let total = source.convolution?.groups ?? 1, tried = min(total, Self.groups)
    var sum = 0.0
    for index in 0..<tried {
      sum += silentShare(
        of: source, group: index * total / tried, directions: Self.directions / tried, &random)
    }
    return sum / Double(tried)
  }

  private func silentShare(
    of source: Source, group: Int, directions count: Int, _ random: inout RandomSource
  ) -> Double {
    for index in 0..<count * source.size { directions[index] = random.normal() }
    for direction in 0..<count { isActive[direction] = false }
    for first in stride(from: 0, to: probe.examples, by: source.chunk) {
      let examples = first..<min(first + source.chunk, probe.examples)
      let rows = examples.count * source.places
      takeSides(of: source, group, examples, rows: rows, directions: count)
      for row in 0..<rows {
        for direction in 0..<count where sides[row * count + direction] > 0 {
          isActive[direction] = true
        }
      }
    }
    var silent = 0
    for direction in 0..<count where !isActive[direction] { silent += 1 }
    return Double(silent) / Double(count)
  }

  /// Multiplies what is tried of some examples by the directions.
  private func takeSides(
    of source: Source, _ group: Int, _ examples: Range<Int>, rows: Int, directions count: Int
  ) {
    inputs.withUnsafeMutableBufferPointer { inputs in
      patches.withUnsafeMutableBufferPointer { patches in
        sides.withUnsafeMutableBufferPointer { sides in
          guard let input = inputs.baseAddress, let side = sides.baseAddress else { return }
          probe.copyOutput(source.node, examples, input)
          var tried = input
          if let convolution = source.convolution, let patch = patches.baseAddress {
            convolution.writePatches(
              of: input, examples: examples.count, shape: source.shape, group: group,
              places: source.places, to: patch)
            tried = patch
          }
          MatrixProducts.multiply(
            tried, byTransposeOf: directions, rows: rows, columns: count, inner: source.size,
            into: side)
        }
      }
    }
  }
}
