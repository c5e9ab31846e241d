/// Examples that are read when they are asked for, however many there are.
package protocol ExampleStore: Sendable {
  /// The number of examples.
  var count: Int { get }

  /// The examples at `indices`, in that order, as a network takes them.
  func examples(_ indices: [Int]) throws -> Dataset

  /// Prepares for the examples at `indices` to be asked for next.
  func readAhead(_ indices: [Int])
}

/// A data set's training, validation and test parts, which stay on disk: what training takes is read batch by batch.
package struct StreamedSplit: TrainingData, Sendable {
  private let store: any ExampleStore
  private let parts: SplitIndices

  /// More targets than these are not read to find the best constant prediction; the part is in a random order.
  static let sampledTargets = 1 << 20

  /// Names the examples of each part.
  package init(_ store: any ExampleStore, _ parts: SplitIndices) {
    self.store = store
    self.parts = parts
  }

  package func count(of part: DataPart) -> Int { parts[part].count }

  package func probe(_ count: Int) throws -> Dataset {
    try store.examples(parts.training.prefix(count).map { Int($0) })
  }

  /// Holds the first examples of each part against the network; the store has held all of them against its own.
  package func check(against network: NeuralNetwork) throws {
    guard !parts.training.isEmpty else { throw NetworkError.noTrainingExamples }
    for part in DataPart.allCases where count(of: part) > 0 {
      try network.check(
        try store.examples(parts[part].prefix(TrainingRun.probeSize).map { Int($0) }))
    }
  }

  package func constantLoss(of network: NeuralNetwork) throws -> Double {
    let first = try probe(1)
    let size = first.targetSets.reduce(first.features.reduce(0) { $0 + $1.shape.count }) {
      $0 + $1.perExample
    }
    return network.constantLoss(of: try probe(max(Self.sampledTargets / size, 1)))
  }

  package func source<Scalar: TensorScalar>(
    _ part: DataPart, as type: Scalar.Type
  ) -> any ExampleSource<Scalar> {
    StreamedSource<Scalar>(store, parts[part])
  }
}

/// Examples that are read batch by batch, in the type of number that a network runs in.
final class StreamedSource<Scalar: TensorScalar>: ExampleSource {
  private let store: any ExampleStore
  private let inOrder: [UInt32]
  /// Each epoch shuffles the order of the one before it.
  private var shuffled: [UInt32]
  private var order: [UInt32]
  /// What was read last.
  private var batch: (places: Range<Int>, source: MemorySource<Scalar>)?

  init(_ store: any ExampleStore, _ indices: [UInt32]) {
    self.store = store
    (inOrder, shuffled, order) = (indices, indices, indices)
  }

  var count: Int { inOrder.count }

  func beginEpoch(shuffledBy random: inout RandomSource) {
    // Given up first, so that shuffling happens in place.
    order = []
    random.shuffle(&shuffled)
    begin(shuffled)
  }

  func beginPass() { begin(inOrder) }

  private func begin(_ order: [UInt32]) {
    self.order = order
    batch = nil
  }

  func gatherTargets(
    _ places: Range<Int>, into targets: [TargetBuffer<Scalar>], _ workspace: Workspace<Scalar>
  ) throws {
    try source(of: places).gatherTargets(0..<places.count, into: targets, workspace)
  }

  func gatherInputs(_ places: Range<Int>, into workspace: Workspace<Scalar>) throws {
    try source(of: places).gatherInputs(0..<places.count, into: workspace)
  }

  /// The batch at `places`; while the network works on it, the system fetches the next one.
  private func source(of places: Range<Int>) throws -> MemorySource<Scalar> {
    if let batch, batch.places == places { return batch.source }
    // Let go of before the next one is read, so that there is one at a time.
    batch = nil
    let source = MemorySource<Scalar>(try store.examples(order[places].map { Int($0) }))
    batch = (places, source)
    let next = places.upperBound..<min(places.upperBound + places.count, count)
    store.readAhead(order[next].map { Int($0) })
    return source
  }
}
