/// Up to 64 successive steps on their way into the file: their numbers in rows of one matrix, their lists encoded.
///
/// The run fills it, the writer reads the rows that are complete; all memory is there from the start.
final class StepBlock {
  let layout: StepLayout
  /// The steps as wholes, without their layers.
  private(set) var heads: [StepRecord] = []
  private(set) var lists = EncodedLists()
  /// Row by row the numbers of each step.
  let numbers: UnsafeMutablePointer<Double>

  /// How many steps a block has room for.
  static let capacity = Int(TraceSchema.blockSteps)
  /// The ends of windows of 50 steps that can lie in a block.
  private static let windows = 2

  init(_ layout: StepLayout) {
    self.layout = layout
    numbers = .allocate(capacity: layout.count * Self.capacity)
    heads.reserveCapacity(Self.capacity)
    lists.reserve(forWindowsOf: layout.header, Self.windows)
  }

  deinit { numbers.deallocate() }

  var isFull: Bool { heads.count == Self.capacity }

  func append(_ row: StepRow) {
    precondition(row.layout.count == layout.count, "a row of another run")
    nextRow.initialize(from: row.numbers, count: layout.count)
    lists.append(row.lists)
    heads.append(row.head)
  }

  func append(_ record: StepRecord) {
    write(record, to: nextRow)
    lists.append(listsOf: record)
    var head = record
    head.layers = []
    heads.append(head)
  }

  /// Adds the steps of another block.
  func append(stepsOf other: StepBlock) {
    nextRow.initialize(from: other.numbers, count: other.heads.count * layout.count)
    heads.append(contentsOf: other.heads)
    lists.append(other.lists)
  }

  /// Makes room for 64 steps with as many lists as `row` has.
  func reserve(like row: StepRow) { lists.reserve(for: Self.capacity, like: row.lists) }

  /// Forgets the steps, which have been written.
  func removeAll() {
    heads.removeAll(keepingCapacity: true)
    lists.removeAll()
  }

  private var nextRow: UnsafeMutablePointer<Double> { numbers + heads.count * layout.count }

  private func write(_ record: StepRecord, to row: UnsafeMutablePointer<Double>) {
    row.initialize(repeating: .notRecorded, count: layout.count)
    for (layer, layerRecord) in record.layers.enumerated() {
      guard let layerRecord else { continue }
      func write<Part>(_ part: Part?, _ role: TensorRole, _ fields: [StatisticField<Part>]) {
        guard let part else { return }
        let start = row + layout.start(of: role, in: layer)
        for (place, field) in fields.enumerated() {
          if let value = field.get(part) { start[place] = value.plain }
        }
      }
      write(layerRecord, .layer, LayerRecord.fields)
      write(layerRecord.activation, .activation, TensorStatistics.fields)
      write(layerRecord.delta, .delta, TensorStatistics.fields)
      let places = layout.header.layers[layer].parameters.count
      for (place, parameter) in layerRecord.parameters.prefix(places).enumerated() {
        write(parameter, .parameter(place), ParameterStatistics.fields)
      }
    }
  }
}
