/// A data set in the type of number that a network runs in.
struct PreparedData<Scalar: TensorScalar> {
  /// The inputs of all examples, the examples first.
  let inputs: Tensor<Scalar>
  /// The number of examples.
  let count: Int
  private let classes: [Int32]
  private let values: [Scalar]
  private let valuesPerExample: Int

  /// Whether the targets are class numbers.
  var hasClasses: Bool { valuesPerExample == 0 }

  init(_ data: Dataset) {
    count = data.count
    inputs = Tensor(
      shape: data.inputShape.batch(of: data.count), scalars: Scalar.convert(data.inputs))
    switch data.targets {
    case .classes(let numbers, _):
      classes = numbers.map { Int32($0) }
      (values, valuesPerExample) = ([], 0)
    case .values(let numbers, let perExample):
      classes = []
      (values, valuesPerExample) = (Scalar.convert(numbers), perExample)
    }
  }

  /// Copies the examples at `indices` into a batch.
  func gather(
    _ indices: some Collection<Int>, inputs batch: TensorView<Scalar>,
    targets: inout TargetBuffer<Scalar>
  ) {
    let size = batch.count / max(indices.count, 1)
    inputs.scalars.withUnsafeBufferPointer { inputs in
      guard let source = inputs.baseAddress else { return }
      for (place, index) in indices.enumerated() {
        (batch.pointer + place * size).update(from: source + index * size, count: size)
      }
    }
    for (place, index) in indices.enumerated() {
      if hasClasses {
        targets.classes[place] = classes[index]
      } else {
        for k in 0..<valuesPerExample {
          targets.values[place * valuesPerExample + k] = values[index * valuesPerExample + k]
        }
      }
    }
  }
}

/// Room for the targets of a batch.
struct TargetBuffer<Scalar: TensorScalar> {
  var classes: [Int32] = []
  var values: [Scalar] = []
  private var valuesPerExample = 0

  init(_ targets: Targets, capacity: Int) {
    switch targets {
    case .classes: classes = [Int32](repeating: 0, count: capacity)
    case .values(_, let perExample):
      valuesPerExample = perExample
      values = [Scalar](repeating: 0, count: capacity * perExample)
    }
  }

  /// Calls `body` with the targets of the first `examples` examples.
  mutating func withBatch<Result>(
    of examples: Int, _ body: (BatchTargets<Scalar>) throws -> Result
  ) rethrows -> Result {
    guard valuesPerExample > 0 else {
      return try classes.withUnsafeBufferPointer { classes in
        guard let start = classes.baseAddress else { preconditionFailure("no targets") }
        return try body(.classes(start))
      }
    }
    let count = examples * valuesPerExample
    let shape: Shape = [examples, valuesPerExample]
    return try values.withUnsafeMutableBufferPointer { values in
      try body(
        .values(
          TensorView(shape: shape, elements: UnsafeMutableBufferPointer(rebasing: values[..<count]))
        )
      )
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
