/// The parts of a record that are neither scalars nor plain lists.
extension JSONScanner {
  /// Reads a statistic, rounded as a trace keeps it.
  static func statistic(_ scanner: inout JSONScanner) throws(Fault) -> Double {
    try scanner.number().atTracePrecision
  }

  /// Reads a count of examples.
  static func activeCount(_ scanner: inout JSONScanner) throws(Fault) -> UInt32 {
    _ = try scanner.peek()
    let start = scanner
    guard let count = UInt32(exactly: try scanner.count()) else {
      throw start.unexpected("a whole number below 2^32")
    }
    return count
  }

  /// Reads the value of `unitWindow`.
  static func window(_ scanner: inout JSONScanner) throws(Fault) -> UnitWindow {
    _ = try scanner.peek()
    let start = scanner
    var window = UnitWindow(steps: 1, activeCounts: [])
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      if key == "steps" {
        window.steps = try scanner.count()
      } else if key == "activeCounts" {
        window.activeCounts = try scanner.optionalList(of: activeCount) ?? []
      } else if key == "lastActive" {
        window.lastActive = try scanner.optionalList { (scanner) throws(Fault) in
          try scanner.optionalCount()
        }
      } else if key == "deltaMeans" {
        window.deltaMeans = try scanner.optionalList { (scanner) throws(Fault) in
          Float(try scanner.number())
        }
      } else if key == "chanceSilent" {
        window.chanceSilent = try scanner.optionalNumber()
      } else {
        try scanner.skipValue()
      }
    }
    let units = window.activeCounts.count
    guard window.lastActive?.count ?? units == units, window.deltaMeans?.count ?? units == units
    else { throw start.unexpected("lists with one value a unit in \"unitWindow\"") }
    return window
  }

  /// Reads a histogram, which need not have the empty bins on both sides.
  static func histogram(_ scanner: inout JSONScanner) throws(Fault) -> Log2Histogram {
    _ = try scanner.peek()
    let start = scanner
    var lowest: Double = 0
    var counts: [UInt32] = []
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      if key == "lowestExponent" {
        lowest = try scanner.number()
      } else if key == "counts" {
        counts = try scanner.optionalList(of: activeCount) ?? []
      } else {
        try scanner.skipValue()
      }
    }
    let first = Int(exactly: lowest - Double(Log2Histogram.lowestExponent)) ?? -1
    guard first >= 0, first <= Log2Histogram.binCount,
      counts.count <= Log2Histogram.binCount - first
    else { throw start.unexpected("a histogram from 2^-48 to 2^16") }
    var bins = [UInt32](repeating: 0, count: Log2Histogram.binCount)
    bins.replaceSubrange(first..<first + counts.count, with: counts)
    return Log2Histogram(counts: bins)
  }
}
