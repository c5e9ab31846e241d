/// One step as a recorder takes it: the numbers of a ``StepRecord`` in one flat row, filled anew at each step.
///
/// A run that keeps one row and fills it in place allocates nothing from step to step.
public final class StepRow {
  /// The step as a whole: a record without layers.
  public package(set) var head = StepRecord(step: 0)

  let layout: StepLayout
  let numbers: UnsafeMutablePointer<Double>
  var lists = EncodedLists()

  /// Creates a row for the layers of `header`, in which nothing is recorded.
  package init(_ header: TraceHeader) {
    layout = StepLayout(header)
    numbers = .allocate(capacity: layout.count)
    numbers.initialize(repeating: .notRecorded, count: layout.count)
    lists.reserve(forWindowsOf: header, 1)
  }

  deinit { numbers.deallocate() }

  /// The step as a record of its own.
  public var record: StepRecord {
    var step = head
    let header = layout.header
    step.layers = [LayerRecord?](repeating: nil, count: header.layers.count)
    for (place, column) in layout.columns.enumerated() where numbers[place].isRecorded {
      column.setter.set(numbers[place], of: column.layer, in: &step, header)
    }
    lists.set(in: &step, header)
    return step
  }
}

extension StepRow {
  /// Writes what is recorded of a layer as a whole.
  package func set(layer: Int, silentUnits: Int?, saturated: Int?) {
    let row = numbers + layout.start(of: .layer, in: layer)
    row[0] = silentUnits.map { Double($0) } ?? .notRecorded
    row[1] = saturated.map { Double($0) } ?? .notRecorded
  }

  /// Writes the statistics of a layer's activation.
  package func set(activation statistics: RowStatistics, of layer: Int) {
    statistics.write(to: numbers + layout.start(of: .activation, in: layer))
  }

  /// Writes the statistics of a layer's δ.
  package func set(delta statistics: RowStatistics, of layer: Int) {
    statistics.write(to: numbers + layout.start(of: .delta, in: layer))
  }

  /// Writes the statistics of a parameter that is trained.
  package func set(
    parameter place: Int, of layer: Int, rms: Double, nonFinite: Int, updateRMS: Double,
    gradient: RowStatistics, distinctRows: Int? = nil
  ) {
    let row = numbers + layout.start(of: .parameter(place), in: layer)
    row[0] = rms.plain
    row[1] = gradient.rms.plain
    row[2] = gradient.max.plain
    row[3] = Double(gradient.zeros)
    row[4] = updateRMS.plain
    row[5] = Double(nonFinite)
    row[6] = Double(gradient.nonFinite)
    row[7] = distinctRows.map { Double($0) } ?? .notRecorded
  }

  /// Writes the statistics of a parameter that no step changes on purpose.
  package func set(frozenParameter place: Int, of layer: Int, rms: Double, nonFinite: Int) {
    let row = numbers + layout.start(of: .parameter(place), in: layer)
    row[0] = rms.plain
    row[4] = 0
    row[5] = Double(nonFinite)
    row[8] = 1
  }

  /// Forgets the lists of the step before.
  package func removeLists() { lists.removeAll() }

  /// Adds how the magnitudes of a layer's output are distributed.
  package func add(activationHistogram counts: [UInt32], of layer: Int) {
    lists.append(
      histogram: counts, step: head.step, layer: layer, role: .activation, name: "histogram")
  }

  /// Adds how the magnitudes of a layer's δ are distributed.
  package func add(deltaHistogram counts: [UInt32], of layer: Int) {
    lists.append(
      histogram: counts, step: head.step, layer: layer, role: .delta, name: "histogram")
  }

  /// Adds how the magnitudes of a parameter's gradient are distributed.
  package func add(gradientHistogram counts: [UInt32], of place: Int, in layer: Int) {
    lists.append(
      histogram: counts, step: head.step, layer: layer, role: .parameter(place),
      name: "gradientHistogram")
  }

  /// Adds the RMS of δ per example at each time step.
  package func add(deltaRMSByTime values: [Double], of layer: Int) {
    lists.append(
      numbers: values, step: head.step, layer: layer, role: .layer, name: "deltaRmsByTime")
  }

  /// Adds mean and standard deviation of each unit of a layer's output.
  package func add(unitMeans means: [Double], deviations: [Double], of layer: Int) {
    lists.append(numbers: means, step: head.step, layer: layer, role: .layer, name: "unitMeans")
    lists.append(
      numbers: deviations, step: head.step, layer: layer, role: .layer, name: "unitDeviations")
  }

  /// Adds the mean of each unit's δ per example.
  package func add(unitDeltas means: [Double], of layer: Int) {
    lists.append(numbers: means, step: head.step, layer: layer, role: .layer, name: "unitDeltas")
  }

  /// Adds the activity of a layer's units over a window.
  ///
  /// `lastActive` are the units' last active steps, negative for never.
  package func add(
    unitWindowOf layer: Int, steps: Int, activeCounts: [UInt32], lastActive: [Int],
    deltaMeans: [Float]?, chanceSilent: Double?
  ) {
    lists.append(
      windowAt: head.step, of: layer, steps: steps, activeCounts: activeCounts,
      lastActive: lastActive, deltaMeans: deltaMeans, chanceSilent: chanceSilent)
  }
}

/// The statistics of one tensor on their way into a row; none where the count is 0.
package struct RowStatistics {
  package var count: Int
  package var mean: Double
  package var rms: Double
  package var max: Double
  package var zeros: Int
  package var nonFinite: Int
  package var subnormal: Int

  package init(
    count: Int, mean: Double, rms: Double, max: Double, zeros: Int, nonFinite: Int, subnormal: Int
  ) {
    self.count = count
    self.mean = mean
    self.rms = rms
    self.max = max
    self.zeros = zeros
    self.nonFinite = nonFinite
    self.subnormal = subnormal
  }

  /// Writes the numbers in the order of ``TensorStatistics/fields``.
  fileprivate func write(to row: UnsafeMutablePointer<Double>) {
    guard count > 0 else {
      row.update(repeating: .notRecorded, count: 7)
      return
    }
    row[0] = Double(count)
    row[1] = mean.plain
    row[2] = rms.plain
    row[3] = max.plain
    row[4] = Double(zeros)
    row[5] = Double(nonFinite)
    row[6] = Double(subnormal)
  }
}
