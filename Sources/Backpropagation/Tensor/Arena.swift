#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Memory for several buffers, freed together: with whoever made them, or with the last view of one of them.
final class Arena<Scalar: TensorScalar> {
  private let memory: UnsafeMutableRawPointer
  private let buffers: [UnsafeMutableBufferPointer<Scalar>]

  /// Allocates a buffer of zeros for each count.
  convenience init(counts: [Int]) {
    self.init(counts.map { BufferPlan.Buffer(count: $0, uses: nil) })
  }

  /// Allocates buffers, some of which may share their memory; it starts as zeros.
  ///
  /// What nobody touches takes no memory of the machine: the system hands out pages of zeros when they are first used.
  init(_ buffers: [BufferPlan.Buffer]) {
    let plan = BufferPlan(buffers), line = 64
    guard let memory = calloc(plan.size * MemoryLayout<Scalar>.stride + line, 1) else {
      preconditionFailure("no memory for \(plan.size) numbers")
    }
    self.memory = memory
    let start = memory.alignedUp(toMultipleOf: line)
      .bindMemory(to: Scalar.self, capacity: plan.size)
    self.buffers = zip(buffers, plan.offsets).map { buffer, offset in
      UnsafeMutableBufferPointer(start: start + offset, count: buffer.count)
    }
  }

  deinit { free(memory) }

  /// A view of a buffer's first elements, as many as `shape` has; it keeps the memory alive.
  func view(_ buffer: Int, _ shape: Shape) -> TensorView<Scalar> {
    let elements = buffers[buffer][..<shape.count]
    return TensorView(
      shape: shape, elements: UnsafeMutableBufferPointer(rebasing: elements), owner: self)
  }
}
