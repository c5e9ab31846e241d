/// The buffers of a recurrent layer, in the order of ``RecurrentLayer/memory(for:)``.
struct RecurrentBuffers<Scalar: TensorScalar> {
  private let memory: [TensorView<Scalar>]
  private let directions: Int
  private let lengths: UnsafePointer<Int32>?

  init(_ memory: [TensorView<Scalar>], directions: Int, lengths: UnsafePointer<Int32>?) {
    self.memory = memory
    self.directions = directions
    self.lengths = lengths
  }

  /// The place of dE/dh_t of a layer.
  static func delta(of layer: Int, _ directions: Int) -> Int { 3 + layer * (4 + 4 * directions) }

  /// dE/d(gate before its nonlinearity), of one direction of one layer at a time.
  var gateDelta: TensorView<Scalar> { memory[0] }
  /// What else the cell passes back through time.
  var stateDelta: TensorView<Scalar> { memory[1] }
  /// The transposed hidden weight, of one direction of one layer at a time.
  var weightHiddenTransposed: TensorView<Scalar> { memory[2] }

  /// dE/dh_t, the directions side by side, each in the order in which it reads.
  func delta(of layer: Int) -> TensorView<Scalar> { buffer(layer, 0) }
  /// The outputs of both directions side by side in the order of time, which the layer above reads.
  func joined(_ layer: Int) -> TensorView<Scalar> { buffer(layer, 1) }
  /// The input in the order in which the reverse direction reads it.
  func reversedInput(of layer: Int) -> TensorView<Scalar> { buffer(layer, 2) }
  /// dE/d(input) as one of two directions gives it.
  func inputDelta(of layer: Int) -> TensorView<Scalar> { buffer(layer, 3) }

  func gates(_ layer: Int, _ direction: Int) -> TensorView<Scalar> {
    buffer(layer, 4 + 4 * direction)
  }
  func state(_ layer: Int, _ direction: Int) -> TensorView<Scalar> {
    buffer(layer, 5 + 4 * direction)
  }
  /// h_{t−1}, in the order in which the direction reads.
  func previous(_ layer: Int, _ direction: Int) -> TensorView<Scalar> {
    buffer(layer, 6 + 4 * direction)
  }
  /// h_t, in the order in which the direction reads.
  func output(_ layer: Int, _ direction: Int) -> TensorView<Scalar> {
    buffer(layer, 7 + 4 * direction)
  }

  /// What a layer reads.
  func input(of layer: Int, _ first: TensorView<Scalar>) -> TensorView<Scalar> {
    guard layer > 0 else { return first }
    return directions == 1 ? output(layer - 1, 0) : joined(layer - 1)
  }

  /// All features of a sequence.
  func steps(_ view: TensorView<Scalar>) -> Steps<Scalar> { Steps(view, lengths: lengths) }

  /// The features of one direction.
  func steps(_ view: TensorView<Scalar>, of direction: Int) -> Steps<Scalar> {
    Steps(view, part: direction, of: directions, lengths: lengths)
  }

  private func buffer(_ layer: Int, _ place: Int) -> TensorView<Scalar> {
    memory[Self.delta(of: layer, directions) + place]
  }
}
