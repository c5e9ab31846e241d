import GradientTrace

/// The lists of records that have been written, which the next window's are written into.
struct SpareLists {
  private var histograms: [[UInt32]] = []
  /// For each node its unit windows.
  private var windows: [[UnitWindow]]

  init(nodes: Int) { windows = Array(repeating: [], count: nodes) }

  /// Takes the lists out of a record.
  mutating func takeBack(from record: inout StepRecord) {
    for index in record.layers.indices {
      if let counts = record.layers[index]?.delta?.histogram?.counts {
        record.layers[index]?.delta = nil
        histograms.append(counts)
      }
      for place in record.layers[index]?.parameters.indices ?? 0..<0 {
        guard let counts = record.layers[index]?.parameters[place]?.gradientHistogram?.counts
        else { continue }
        record.layers[index]?.parameters[place] = nil
        histograms.append(counts)
      }
      if let window = record.layers[index]?.unitWindow {
        record.layers[index]?.unitWindow = nil
        windows[index].append(window)
      }
    }
  }

  /// These counts in a list of their own.
  mutating func histogram(_ counts: [UInt32]?) -> Log2Histogram? {
    guard let counts else { return nil }
    var own = histograms.popLast() ?? [UInt32](repeating: 0, count: counts.count)
    for bin in counts.indices { own[bin] = counts[bin] }
    return Log2Histogram(counts: own)
  }

  /// A window of a node, to be written; `blank` where there is none.
  mutating func window(of node: Int, else blank: () -> UnitWindow) -> UnitWindow {
    windows[node].popLast() ?? blank()
  }
}
