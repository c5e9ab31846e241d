/// The last values of a series, up to a fixed number.
struct RollingWindow<Element: Sendable>: Sendable {
  /// The most values it holds.
  let capacity: Int
  private var storage: [Element] = []
  private var oldest = 0

  /// Creates an empty window.
  init(capacity: Int) {
    precondition(capacity > 0, "expected a positive capacity, got \(capacity)")
    self.capacity = capacity
  }

  /// The values, the oldest first.
  var elements: [Element] { Array(storage[oldest...] + storage[..<oldest]) }

  /// The values, in any order.
  var unordered: [Element] { storage }

  /// The oldest value, and the latest.
  var first: Element? { storage.isEmpty ? nil : storage[oldest] }
  var last: Element? {
    storage.isEmpty ? nil : storage[(oldest + storage.count - 1) % storage.count]
  }

  /// Adds a value, which drops the oldest one where the window is full.
  mutating func append(_ element: Element) {
    if storage.count < capacity {
      storage.append(element)
    } else {
      storage[oldest] = element
      oldest = (oldest + 1) % capacity
    }
  }
}
