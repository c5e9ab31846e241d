/// The targets of a batch in memory that lives as long as this.
package final class TargetMemory<Scalar: TensorScalar> {
  /// What a loss reads.
  package let batch: BatchTargets<Scalar>
  private let classes: UnsafeMutableBufferPointer<Int32>

  /// Takes a set of targets over.
  package init(_ targets: Targets) {
    switch targets {
    case .classes(let numbers, _, _):
      classes = .allocate(capacity: max(numbers.count, 1))
      classes.initialize(repeating: 0)
      for (place, number) in numbers.enumerated() { classes[place] = Int32(number) }
      guard let start = classes.baseAddress else { preconditionFailure("no memory for targets") }
      batch = .classes(UnsafePointer(start))
    case .values(let numbers, let perExample):
      classes = .allocate(capacity: 1)
      let view = Arena<Scalar>(counts: [numbers.count]).view(0, [targets.count, perExample])
      for (place, number) in numbers.enumerated() { view[place] = Scalar(number) }
      batch = .values(view)
    }
  }

  deinit { classes.deallocate() }
}
