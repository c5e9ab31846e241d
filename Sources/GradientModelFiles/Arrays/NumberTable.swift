import GzipIO

/// Rows of numbers, all of one width: in memory, or in a file of which rows are read when they are asked for.
struct NumberTable: Sendable {
  /// Where the numbers are.
  enum Place: Sendable {
    case memory([Double])
    /// In a file, the first one at `offset`.
    case file(RandomAccessFile, offset: Int, type: NumberType, isBigEndian: Bool)
  }

  /// The number of rows, and of numbers in each.
  let rows: Int, width: Int
  private let place: Place

  /// Of rows that follow each other, about so many bytes of numbers are read at once.
  private static let mostBytes = 1 << 20

  init(rows: Int, width: Int, _ place: Place) {
    self.rows = rows
    self.width = width
    self.place = place
  }

  /// A table in memory.
  init(_ numbers: [Double], width: Int) {
    self.init(rows: numbers.count / max(width, 1), width: width, .memory(numbers))
  }

  /// The numbers of some rows, one row after the other.
  ///
  /// From a file they are read in the order in which they lie there, neighbors together.
  ///
  /// - Throws: An ``InputError`` if the file can't be read, or has changed.
  func numbers(of wanted: [Int]) throws(InputError) -> [Double] {
    var numbers = [Double](repeating: 0, count: wanted.count * width)
    switch place {
    case .memory(let all):
      for (place, row) in wanted.enumerated() {
        for column in 0..<width { numbers[place * width + column] = all[row * width + column] }
      }
    case .file(let file, let offset, let type, let isBigEndian):
      var found: [Double] = []
      try forEachRun(of: wanted) { rows, places throws(InputError) in
        let size = width * type.size
        let bytes = try file.bytes(
          at: offset + rows.lowerBound * size, count: rows.count * size)
        guard bytes.count == rows.count * size else {
          throw InputError(file: file.path, "was changed while it was being read")
        }
        found.removeAll(keepingCapacity: true)
        type.decode(bytes[...], isBigEndian: isBigEndian, to: &found)
        for place in places {
          let start = (wanted[place] - rows.lowerBound) * width
          for column in 0..<width { numbers[place * width + column] = found[start + column] }
        }
      }
    }
    return numbers
  }

  /// Tells the system that these rows are wanted soon.
  func readAhead(_ wanted: [Int]) {
    guard case .file(let file, let offset, let type, _) = place else { return }
    let size = width * type.size
    forEachRun(of: wanted) { rows, _ in
      file.readAhead(at: offset + rows.lowerBound * size, count: rows.count * size)
    }
  }

  /// Hands over all rows, a part of them at a time.
  func forEachPart(
    _ body: (_ numbers: [Double]) throws(InputError) -> Void
  ) throws(InputError) {
    let step = max(1, Self.mostBytes / 8 / max(width, 1))
    for start in stride(from: 0, to: rows, by: step) {
      try body(try numbers(of: Array(start..<min(start + step, rows))))
    }
  }

  /// Hands over rows that follow each other in the file, and the places at which they are wanted.
  private func forEachRun<Failure: Error>(
    of wanted: [Int],
    _ body: (_ rows: Range<Int>, _ places: ArraySlice<Int>) throws(Failure) -> Void
  ) throws(Failure) {
    let places = wanted.indices.sorted { wanted[$0] < wanted[$1] }
    let longest = max(1, Self.mostBytes / max(width * 8, 1))
    var start = 0
    while start < places.count {
      let first = wanted[places[start]]
      var last = first, end = start + 1
      while end < places.count, wanted[places[end]] <= last + 1,
        wanted[places[end]] - first < longest
      {
        last = wanted[places[end]]
        end += 1
      }
      try body(first..<last + 1, places[start..<end])
      start = end
    }
  }
}

/// Takes in the numbers of a table, which it holds in memory or, past a few, in a file without a name.
struct NumberCollector {
  /// Where the numbers of a table go.
  enum Storage: Sendable { case memory, disk }

  /// How many numbers a row has.
  let width: Int
  /// How many numbers came.
  var count: Int { writtenCount + pending.count }

  private let type: NumberType
  private let file: TemporaryFile?
  private var pending: [Double] = []
  private var writtenCount = 0

  private static let mostPending = 1 << 16

  /// Begins a table; `type` is what holds its numbers in a file, without losing anything.
  init(
    width: Int, type: NumberType = .float64, in storage: Storage
  ) throws(InputError) {
    self.width = width
    self.type = type
    file = storage == .disk ? try TemporaryFile() : nil
  }

  /// Adds a number.
  mutating func append(_ number: Double) { pending.append(number) }

  /// Adds numbers, and writes what has come together.
  mutating func append(_ numbers: some Sequence<Double>) throws(InputError) {
    pending.append(contentsOf: numbers)
    try writeSome()
  }

  /// Writes what has come together, if it is enough.
  mutating func writeSome() throws(InputError) {
    if file != nil, pending.count >= Self.mostPending { try write() }
  }

  private mutating func write() throws(InputError) {
    try file?.write(type.encode(pending))
    writtenCount += pending.count
    pending.removeAll(keepingCapacity: true)
  }

  /// The table of all that came.
  mutating func finish() throws(InputError) -> NumberTable {
    let rows = count / max(width, 1)
    guard let file else { return NumberTable(rows: rows, width: width, .memory(pending)) }
    try write()
    return NumberTable(
      rows: rows, width: width,
      .file(try file.finish(), offset: 0, type: type, isBigEndian: false))
  }
}
