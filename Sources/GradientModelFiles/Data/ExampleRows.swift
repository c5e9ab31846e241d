/// Which rows of the tables make which example.
enum ExampleRows: Sendable {
  /// Each row is an example.
  case all(Int)
  /// Each of these rows is one.
  case chosen([UInt32])
  /// The rows from one start to the next are the steps of one, which has room for so many.
  case sequences(rows: [UInt32], starts: [Int], steps: Int)

  /// The number of examples.
  var count: Int {
    switch self {
    case .all(let rows): rows
    case .chosen(let rows): rows.count
    case .sequences(_, let starts, _): starts.count - 1
    }
  }

  /// The rows of some examples, one example after the other.
  func rows(of examples: [Int]) -> [Int] {
    switch self {
    case .all: examples
    case .chosen(let rows): examples.map { Int(rows[$0]) }
    case .sequences(let rows, let starts, _):
      examples.flatMap { rows[starts[$0]..<starts[$0 + 1]].map { Int($0) } }
    }
  }

  /// The first row of each of some examples.
  func firstRows(of examples: [Int]) -> [Int] {
    guard case .sequences(let rows, let starts, _) = self else { return self.rows(of: examples) }
    return examples.map { Int(rows[starts[$0]]) }
  }

  /// How many steps each of some examples has; nil where they are no sequences.
  func lengths(of examples: [Int]) -> [Int]? {
    guard case .sequences(_, let starts, _) = self else { return nil }
    return examples.map { starts[$0 + 1] - starts[$0] }
  }

  /// How many rows an example has room for.
  var steps: Int { if case .sequences(_, _, let steps) = self { steps } else { 1 } }

  /// The numbers of some examples' rows, those of sequences padded to the same number of steps.
  func padded(
    _ numbers: [Double], width: Int, of examples: [Int], with padding: Double = 0
  ) -> [Double] {
    guard case .sequences(_, let starts, let steps) = self else { return numbers }
    var padded: [Double] = []
    padded.reserveCapacity(examples.count * steps * width)
    var next = 0
    for example in examples {
      let size = (starts[example + 1] - starts[example]) * width
      padded += numbers[next..<next + size]
      padded += repeatElement(padding, count: steps * width - size)
      next += size
    }
    return padded
  }
}

extension ExampleRows {
  /// Gathers rows of equal keys to sequences, in the order in which the keys come first.
  ///
  /// Also gives the sequences' keys.
  static func sequences(
    byKeys keys: [Double], of rows: [UInt32], steps: Int
  ) -> (ExampleRows, keys: [Double]) {
    var numbers: [Double: Int] = [:]
    var order: [Double] = []
    var counts: [Int] = []
    for key in keys {
      if let number = numbers[key] {
        counts[number] += 1
      } else {
        numbers[key] = order.count
        order.append(key)
        counts.append(1)
      }
    }
    var starts = [0]
    for count in counts { starts.append((starts.last ?? 0) + count) }
    var next = starts
    var gathered = [UInt32](repeating: 0, count: rows.count)
    for (key, row) in zip(keys, rows) {
      guard let number = numbers[key] else { continue }
      gathered[next[number]] = row
      next[number] += 1
    }
    return (.sequences(rows: gathered, starts: starts, steps: steps), order)
  }
}
