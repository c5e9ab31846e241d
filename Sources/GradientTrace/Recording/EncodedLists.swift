/// The lists of numbers of one or more steps, encoded as the file holds them, one behind the other.
struct EncodedLists {
  /// A row of the table `list`.
  struct List {
    var step: Int
    var layer: Int
    var role: TensorRole
    var name: String
    var type: ElementType
    var bytes: Range<Int>
  }

  /// A row of the table `unit_window`.
  struct Window {
    var step: Int
    var layer: Int
    var steps: Int
    var chanceSilent: Double?
    var active: Range<Int>
    var lastActive: Range<Int>?
    var deltaMeans: Range<Int>?
  }

  private(set) var lists: [List] = []
  private(set) var windows: [Window] = []
  private(set) var bytes: [UInt8] = []

  mutating func removeAll() {
    lists.removeAll(keepingCapacity: true)
    windows.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }

  /// Makes room for the ends of so many windows, at each of which every tensor may have a histogram and every layer its units.
  mutating func reserve(forWindowsOf header: TraceHeader, _ count: Int) {
    let layers = header.layers.count
    let histograms = header.layers.reduce(2 * layers) { $0 + $1.parameters.count }
    let units = header.layers.reduce(0) { $0 + min($1.units ?? 0, Self.mostUnits) }
    lists.reserveCapacity(count * (histograms + 4 * layers))
    windows.reserveCapacity(count * layers)
    bytes.reserveCapacity(
      count * (histograms * Self.bytesOfHistogram + units * Self.bytesOfUnit))
  }

  /// Makes room for so many steps like the one of `row`, besides.
  mutating func reserve(for steps: Int, like row: EncodedLists) {
    lists.reserveCapacity(lists.capacity + steps * row.lists.count)
    windows.reserveCapacity(windows.capacity + steps * row.windows.count)
    bytes.reserveCapacity(bytes.capacity + steps * row.bytes.count)
  }

  /// A bin's number and 64 counts, each of at most 5 bytes.
  private static let bytesOfHistogram = 5 * (Log2Histogram.binCount + 1)
  /// A count, a last active step, a mean magnitude of δ, and mean and deviation of the output and mean of δ.
  private static let bytesOfUnit = 5 + 10 + 4 + 3 * 8
  /// What a header claims beyond this isn't made room for before it is there.
  private static let mostUnits = 1 << 16

  mutating func append(
    histogram counts: [UInt32], step: Int, layer: Int, role: TensorRole, name: String
  ) {
    let start = bytes.count
    Log2Histogram.encode(counts, to: &bytes)
    lists.append(
      List(
        step: step, layer: layer, role: role, name: name, type: .varint,
        bytes: start..<bytes.count))
  }

  mutating func append(
    numbers values: [Double], step: Int, layer: Int, role: TensorRole, name: String
  ) {
    let start = bytes.count
    let type = NumberList.encode(values, to: &bytes)
    lists.append(
      List(
        step: step, layer: layer, role: role, name: name, type: type, bytes: start..<bytes.count))
  }

  mutating func append(
    windowAt step: Int, of layer: Int, steps: Int, activeCounts: [UInt32], lastActive: [Int]?,
    deltaMeans: [Float]?, chanceSilent: Double?
  ) {
    let units = activeCounts.count
    precondition(
      lastActive?.count ?? units == units && deltaMeans?.count ?? units == units,
      "expected lists with one value a unit in the unit window of layer \(layer)")
    let start = bytes.count
    for count in activeCounts { NumberList.append(varint: UInt64(count), to: &bytes) }
    let active = start..<bytes.count
    if let lastActive {
      for last in lastActive {
        NumberList.append(varint: UnitWindow.code(lastActive: last, at: step), to: &bytes)
      }
    }
    let last = active.upperBound..<bytes.count
    if let deltaMeans {
      for mean in deltaMeans { NumberList.append(mean.bitPattern, to: &bytes) }
    }
    let means = last.upperBound..<bytes.count
    windows.append(
      Window(
        step: step, layer: layer, steps: steps, chanceSilent: chanceSilent, active: active,
        lastActive: lastActive == nil ? nil : last, deltaMeans: deltaMeans == nil ? nil : means))
  }

  /// Adds the lists of another step.
  mutating func append(_ others: EncodedLists) {
    let offset = bytes.count
    bytes.append(contentsOf: others.bytes)
    for index in others.lists.indices {
      var list = others.lists[index]
      list.bytes = list.bytes.shifted(by: offset)
      lists.append(list)
    }
    for index in others.windows.indices {
      var window = others.windows[index]
      window.active = window.active.shifted(by: offset)
      window.lastActive = window.lastActive?.shifted(by: offset)
      window.deltaMeans = window.deltaMeans?.shifted(by: offset)
      windows.append(window)
    }
  }

  /// Adds the lists of a record.
  mutating func append(listsOf step: StepRecord) {
    for (layer, record) in step.layers.enumerated() {
      guard let record else { continue }
      if let histogram = record.activation?.histogram {
        append(
          histogram: histogram.counts, step: step.step, layer: layer, role: .activation,
          name: "histogram")
      }
      if let histogram = record.delta?.histogram {
        append(
          histogram: histogram.counts, step: step.step, layer: layer, role: .delta,
          name: "histogram")
      }
      for (place, parameter) in record.parameters.enumerated() {
        guard let histogram = parameter?.gradientHistogram else { continue }
        append(
          histogram: histogram.counts, step: step.step, layer: layer, role: .parameter(place),
          name: "gradientHistogram")
      }
      for (values, name) in [
        (record.deltaRMSByTime, "deltaRmsByTime"), (record.unitMeans, "unitMeans"),
        (record.unitDeviations, "unitDeviations"), (record.unitDeltas, "unitDeltas"),
      ] {
        guard let values else { continue }
        append(numbers: values, step: step.step, layer: layer, role: .layer, name: name)
      }
      if let window = record.unitWindow {
        append(
          windowAt: step.step, of: layer, steps: window.steps, activeCounts: window.activeCounts,
          lastActive: window.lastActive?.map { $0 ?? UnitWindow.never },
          deltaMeans: window.deltaMeans, chanceSilent: window.chanceSilent)
      }
    }
  }

  /// Sets every list in the records of a step.
  func set(in step: inout StepRecord, _ header: TraceHeader) {
    bytes.withUnsafeBytes { bytes in
      for list in lists {
        guard let setter = ListSetter(list.role, list.name) else { continue }
        step.layers[list.layer].modify(orCreate: .blank(header.layers[list.layer])) {
          _ = setter.set(
            UnsafeRawBufferPointer(rebasing: bytes[list.bytes]), as: list.type, in: &$0)
        }
      }
      for window in windows {
        func part(_ range: Range<Int>) -> UnsafeRawBufferPointer {
          UnsafeRawBufferPointer(rebasing: bytes[range])
        }
        step.layers[window.layer].modify(orCreate: .blank(header.layers[window.layer])) {
          $0.unitWindow = UnitWindow(
            steps: window.steps,
            activeCounts: UnitWindow.decode(activeCounts: part(window.active)) ?? [],
            lastActive: window.lastActive.flatMap {
              UnitWindow.decode(lastActive: part($0), at: window.step)
            },
            deltaMeans: window.deltaMeans.flatMap { UnitWindow.decode(deltaMeans: part($0)) },
            chanceSilent: window.chanceSilent)
        }
      }
    }
  }
}

extension Range<Int> {
  fileprivate func shifted(by offset: Int) -> Range<Int> {
    lowerBound + offset..<upperBound + offset
  }
}
