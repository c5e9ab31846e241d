/// Memory for several buffers, freed together: with whoever made them, or with the last view of one of them.
final class Arena<Scalar: TensorScalar> {
  private let memory: UnsafeMutablePointer<Scalar>
  private let buffers: [UnsafeMutableBufferPointer<Scalar>]

  /// Allocates a buffer of zeros for each count.
  init(counts: [Int]) {
    let padded = counts.map(Self.padded)
    let total = padded.reduce(0, +)
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: total * MemoryLayout<Scalar>.stride, alignment: 64)
    memory = raw.initializeMemory(as: Scalar.self, repeating: 0, count: total)
    var offset = 0
    var buffers: [UnsafeMutableBufferPointer<Scalar>] = []
    for (count, room) in zip(counts, padded) {
      buffers.append(UnsafeMutableBufferPointer(start: memory + offset, count: count))
      offset += room
    }
    self.buffers = buffers
  }

  /// A count raised so that the buffer behind it starts on a cache line.
  static func padded(_ count: Int) -> Int {
    let line = 64 / MemoryLayout<Scalar>.stride
    return (count + line) / line * line
  }

  deinit { memory.deallocate() }

  /// A view of a buffer's elements from `start`, as many as `shape` has; it keeps the memory alive.
  func view(_ buffer: Int, from start: Int = 0, _ shape: Shape) -> TensorView<Scalar> {
    let elements = buffers[buffer][start..<start + shape.count]
    return TensorView(
      shape: shape, elements: UnsafeMutableBufferPointer(rebasing: elements), owner: self)
  }
}
