/// Examples in memory, in the type of number that a network runs in.
final class MemorySource<Scalar: TensorScalar>: ExampleSource {
  let count: Int
  private let inputs: [Tensor<Scalar>]
  private let targets: [PreparedTargets<Scalar>]
  private let lengths: [Int32]?
  /// Each epoch shuffles the order of the one before it.
  private var shuffled: [Int]
  private let ascending: [Int]
  private var order: [Int]

  init(_ data: Dataset) {
    count = data.count
    inputs = data.features.map {
      Tensor(shape: $0.shape.batch(of: data.count), scalars: Scalar.convert($0.values))
    }
    targets = data.targetSets.map(PreparedTargets.init)
    lengths = data.lengths?.map { Int32($0) }
    ascending = Array(0..<data.count)
    shuffled = ascending
    order = ascending
  }

  @specialized(where Scalar == Float)
  func beginEpoch(shuffledBy random: inout RandomSource) {
    // Given up first, so that shuffling happens in place.
    order = []
    random.shuffle(&shuffled)
    order = shuffled
  }

  func beginPass() { order = ascending }

  @specialized(where Scalar == Float)
  func gatherTargets(
    _ places: Range<Int>, into buffers: [TargetBuffer<Scalar>], _ workspace: Workspace<Scalar>
  ) {
    // By index: iterators over pairs allocate where they aren't specialized for the type of number.
    for index in buffers.indices { buffers[index].gather(order[places], from: targets[index]) }
    if let lengths { workspace.use(lengths: order[places].lazy.map { lengths[$0] }) }
  }

  @specialized(where Scalar == Float)
  func gatherInputs(_ places: Range<Int>, into workspace: Workspace<Scalar>) {
    for index in inputs.indices {
      let view = workspace.input(index, examples: places.count)
      let size = view.count / max(places.count, 1)
      inputs[index].scalars.withUnsafeBufferPointer { input in
        guard let source = input.baseAddress else { return }
        for place in places {
          (view.pointer + (place - places.lowerBound) * size)
            .update(from: source + order[place] * size, count: size)
        }
      }
    }
  }

  /// Copies the examples at `places`.
  func gather(
    _ places: Range<Int>, into workspace: Workspace<Scalar>, targets: [TargetBuffer<Scalar>]
  ) {
    gatherTargets(places, into: targets, workspace)
    gatherInputs(places, into: workspace)
  }
}

/// A set of targets in the type of number that a network runs in.
struct PreparedTargets<Scalar: TensorScalar> {
  let classes: [Int32]
  let values: [Scalar]
  let perExample: Int

  init(_ targets: Targets) {
    perExample = targets.perExample
    switch targets {
    case .classes(let numbers, _, _): (classes, values) = (numbers.map { Int32($0) }, [])
    case .values(let numbers, _): (classes, values) = ([], Scalar.convert(numbers))
    }
  }
}

extension TensorScalar {
  /// The numbers rounded to this type.
  static func convert(_ numbers: [Double]) -> [Self] {
    [Self](unsafeUninitializedCapacity: numbers.count) { buffer, count in
      if let start = buffer.baseAddress { kernels.convert(numbers.count, numbers, start) }
      count = numbers.count
    }
  }
}
