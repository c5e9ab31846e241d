/// A data set in the type of number that a network runs in.
struct PreparedData<Scalar: TensorScalar> {
  /// The number of examples.
  let count: Int
  private let inputs: [Tensor<Scalar>]
  private let targets: [PreparedTargets<Scalar>]
  private let lengths: [Int32]?

  init(_ data: Dataset) {
    count = data.count
    inputs = data.features.map {
      Tensor(shape: $0.shape.batch(of: data.count), scalars: Scalar.convert($0.values))
    }
    targets = data.targetSets.map(PreparedTargets.init)
    lengths = data.lengths?.map { Int32($0) }
  }

  /// Copies the examples at `indices` into a batch: the workspace's inputs and lengths, and the targets.
  func gather(
    _ indices: some Collection<Int>, into workspace: Workspace<Scalar>,
    targets batch: [TargetBuffer<Scalar>]
  ) {
    for (place, input) in inputs.enumerated() {
      let view = workspace.input(place, examples: indices.count)
      let size = view.count / max(indices.count, 1)
      input.scalars.withUnsafeBufferPointer { input in
        guard let source = input.baseAddress else { return }
        for (row, index) in indices.enumerated() {
          (view.pointer + row * size).update(from: source + index * size, count: size)
        }
      }
    }
    if let lengths { workspace.use(lengths: indices.lazy.map { lengths[$0] }) }
    for (buffer, targets) in zip(batch, targets) { buffer.gather(indices, from: targets) }
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

/// Room for the targets of a batch.
final class TargetBuffer<Scalar: TensorScalar> {
  /// The targets as a loss reads them.
  func batch(of examples: Int) -> BatchTargets<Scalar> {
    guard let values else { return .classes(UnsafePointer(classes)) }
    return .values(values.view(0, [examples, perExample]))
  }

  private let classes: UnsafeMutablePointer<Int32>
  private let values: Arena<Scalar>?
  private let perExample: Int

  init(_ targets: Targets, capacity: Int) {
    perExample = targets.perExample
    let count = capacity * perExample
    if case .values = targets {
      values = Arena(counts: [count])
      classes = .allocate(capacity: 1)
      classes.initialize(to: 0)
    } else {
      values = nil
      classes = .allocate(capacity: max(count, 1))
      classes.initialize(repeating: 0, count: max(count, 1))
    }
  }

  deinit { classes.deallocate() }

  fileprivate func gather(_ indices: some Collection<Int>, from targets: PreparedTargets<Scalar>) {
    let view = values?.view(0, [indices.count, perExample])
    for (row, index) in indices.enumerated() {
      for k in 0..<perExample {
        let (target, source) = (row * perExample + k, index * perExample + k)
        if let view {
          view[target] = targets.values[source]
        } else {
          classes[target] = targets.classes[source]
        }
      }
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
