/// Where buffers lie in one memory: those that are never in use at the same time may lie in the same place.
///
/// Those that are always in use stand in front, one behind the other. Of the rest the largest is placed first, each as far
/// in front as those that are in use with it leave room (greedy by size; Pisarchyk and Lee, 2020).
struct BufferPlan {
  /// What is to be placed.
  struct Buffer {
    /// The numbers that it holds.
    var count: Int
    /// The times at which it is in use, in any unit; nil for always.
    var uses: [ClosedRange<Int>]?
  }

  /// Where each buffer begins.
  let offsets: [Int]
  /// The numbers in all of the memory.
  let size: Int

  init(_ buffers: [Buffer]) {
    var offsets = buffers.map { _ in 0 }, front = 0
    for (index, buffer) in buffers.enumerated() where buffer.uses == nil {
      offsets[index] = front
      front += buffer.room
    }
    let rest = buffers.indices.filter { buffers[$0].uses != nil }
      .sorted { (buffers[$1].count, $0) < (buffers[$0].count, $1) }
    // By where they begin.
    var placed: [Int] = []
    var size = front
    for index in rest {
      var start = front
      for other in placed where buffers[other].isInUse(with: buffers[index]) {
        if offsets[other] >= start + buffers[index].room { break }
        start = max(start, offsets[other] + buffers[other].room)
      }
      offsets[index] = start
      size = max(size, start + buffers[index].room)
      placed.insert(index, at: placed.firstIndex { offsets[$0] > start } ?? placed.count)
    }
    self.offsets = offsets
    self.size = size
  }
}

extension BufferPlan.Buffer {
  /// What it takes up, so that the buffer behind it starts on a cache line.
  fileprivate var room: Int { (count + 16) / 16 * 16 }

  fileprivate func isInUse(with other: Self) -> Bool {
    guard let uses, let others = other.uses else { return true }
    return uses.contains { use in others.contains { $0.overlaps(use) } }
  }
}
