/// Room for the targets of a batch.
package final class TargetBuffer<Scalar: TensorScalar> {
  /// How many class numbers or other numbers an example has.
  package let perExample: Int
  /// Where class numbers go; nil where the targets are other numbers.
  package let classes: UnsafeMutableBufferPointer<Int32>?
  /// Where other numbers go.
  package let values: UnsafeMutableBufferPointer<Scalar>?

  private let arena: Arena<Scalar>
  /// The targets as a loss reads them, for each size of batch that there was.
  private var batches: [Int: BatchTargets<Scalar>] = [:]
  /// The last of them, which is nearly always the next one too.
  private var current: (examples: Int, targets: BatchTargets<Scalar>)?

  /// Allocates room for up to `capacity` examples with class numbers, or with other numbers.
  package init(takesClasses: Bool, perExample: Int, capacity: Int) {
    self.perExample = perExample
    let count = capacity * perExample
    arena = Arena(counts: [takesClasses ? 0 : count])
    if takesClasses {
      let classes = UnsafeMutableBufferPointer<Int32>.allocate(capacity: max(count, 1))
      classes.initialize(repeating: 0)
      self.classes = classes
      values = nil
    } else {
      classes = nil
      values = arena.view(0, [count]).elements
    }
  }

  deinit { classes?.deallocate() }

  /// The targets of the first examples, as a loss reads them.
  func batch(of examples: Int) -> BatchTargets<Scalar> {
    if let current, current.examples == examples { return current.targets }
    let batch = batches[examples] ?? makeBatch(of: examples)
    batches[examples] = batch
    current = (examples, batch)
    return batch
  }

  private func makeBatch(of examples: Int) -> BatchTargets<Scalar> {
    if let classes = classes?.baseAddress { return .classes(UnsafePointer(classes)) }
    return .values(arena.view(0, [examples, perExample]))
  }

  /// Copies the targets of the examples at `indices`.
  func gather(_ indices: ArraySlice<Int>, from targets: PreparedTargets<Scalar>) {
    for place in indices.indices {
      let row = place - indices.startIndex, index = indices[place]
      for k in 0..<perExample {
        let (target, source) = (row * perExample + k, index * perExample + k)
        if let classes {
          classes[target] = targets.classes[source]
        } else {
          values?[target] = targets.values[source]
        }
      }
    }
  }
}

extension TargetBuffer {
  /// Room for up to `capacity` targets of this kind.
  convenience init(_ targets: Targets, capacity: Int) {
    let takesClasses = if case .classes = targets { true } else { false }
    self.init(
      takesClasses: takesClasses, perExample: targets.perExample, capacity: capacity)
  }

  /// These targets, all of them.
  convenience init(holding targets: Targets) {
    self.init(targets, capacity: targets.count)
    gather(Array(0..<targets.count)[...], from: PreparedTargets(targets))
  }
}
