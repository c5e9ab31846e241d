import GzipIO

/// Takes the rows of a CSV file in, as numbers: of words the first is 0, the next one that differs 1, and so on.
struct CSVIntake {
  /// The numbers of the input columns, and of the target columns; NaN where one is missing.
  var inputs: NumberCollector, targets: NumberCollector
  /// How many rows there were.
  private(set) var rows = 0
  /// The targets' words; none if they are numbers.
  private(set) var names: [String] = []
  /// The rows in which something is missing, in ascending order.
  private(set) var rowsWithGaps: [Int] = []
  /// How many inputs are missing.
  private(set) var gaps = 0

  private let source: CSVSource
  private let columns: TableColumns
  private let inputColumns: [Int], targetColumns: [Int]
  private let storage: NumberCollector.Storage
  private var wordNumbers: [ArraySlice<UInt8>: Int] = [:]
  private var targetsAreWords: Bool?

  private static let mostNumbers = 1 << 28
  private static let largestClass = 1 << 20

  init(
    _ source: CSVSource, _ columns: TableColumns, inputs: [Int], targets: [Int],
    _ storage: NumberCollector.Storage
  ) throws(InputError) {
    self.source = source
    self.columns = columns
    self.storage = storage
    inputColumns = inputs
    targetColumns = targets
    self.inputs = try NumberCollector(width: inputs.count, in: storage)
    self.targets = try NumberCollector(width: targets.count, in: storage)
  }

  /// Adds the reader's current row.
  mutating func take(_ row: borrowing CSVRowReader) throws(InputError) {
    guard row.cells.count == columns.count else {
      throw InputError(
        file: columns.file, line: row.line,
        "\(row.cells.count) columns, expected \(columns.count) as in line \(columns.line ?? 1)")
    }
    guard storage == .disk || inputs.count + targets.count < Self.mostNumbers else {
      throw InputError(
        file: columns.file, line: row.line,
        "more than \(Self.mostNumbers) numbers, too many to hold in memory; stream: true reads them "
          + "from disk")
    }
    let line = row.bytes
    let bytes = line.span
    var hasGap = false
    for column in inputColumns {
      let cell = row.cells[column]
      if let number = decimalNumber(bytes, from: cell.lowerBound, to: cell.upperBound),
        number.isFinite
      {
        inputs.append(number)
      } else {
        try checkMissing(row, column, isTarget: false)
        inputs.append(.nan)
        gaps += 1
        hasGap = true
      }
    }
    for column in targetColumns where try !takeTarget(row, column) { hasGap = true }
    if hasGap { rowsWithGaps.append(rows) }
    rows += 1
    try inputs.writeSome()
    try targets.writeSome()
  }

  /// Adds a target; false if it is missing.
  private mutating func takeTarget(
    _ row: borrowing CSVRowReader, _ column: Int
  ) throws(InputError) -> Bool {
    let cell = row.cells[column]
    let number = decimalNumber(row.bytes.span, from: cell.lowerBound, to: cell.upperBound)
    if number == nil, row.isMissing(column) {
      try checkMissing(row, column, isTarget: true)
      targets.append(.nan)
      return false
    }
    let areWords = targetsAreWords ?? (number == nil && mayBeWords)
    targetsAreWords = areWords
    if areWords {
      targets.append(Double(wordNumber(row.cell(column))))
    } else {
      guard let number, number.isFinite else { throw wrong(row, column, expected: "a number") }
      if source.labels == .classes {
        guard number.rounded() == number, abs(number) < Double(Self.largestClass) else {
          throw wrong(row, column, expected: "a class: a word, or a whole number")
        }
      }
      targets.append(number)
    }
    return true
  }

  private var mayBeWords: Bool { source.labels != .numbers && targetColumns.count == 1 }

  private mutating func wordNumber(_ word: ArraySlice<UInt8>) -> Int {
    if let number = wordNumbers[word] { return number }
    // Kept as a slice, it would hold on to the whole buffer it lies in.
    wordNumbers[ArraySlice(Array(word))] = names.count
    names.append(String(decoding: word, as: UTF8.self))
    return names.count - 1
  }

  private func checkMissing(
    _ row: borrowing CSVRowReader, _ column: Int, isTarget: Bool
  ) throws(InputError) {
    guard row.isMissing(column) else { throw wrong(row, column, expected: "a number") }
    if source.missing == .dropRow || source.missing == .mean && !isTarget { return }
    let shown = row.cells[column].isEmpty ? "empty" : row.text(column).quoted
    let choices = isTarget ? "missing: drop-row" : "missing: drop-row or missing: mean"
    throw InputError(
      file: columns.file, line: row.line,
      "\(columns.title(column)) is \(shown), expected a value; \(choices) allows for gaps")
  }

  private func wrong(
    _ row: borrowing CSVRowReader, _ column: Int, expected: String
  ) -> InputError {
    InputError(
      file: columns.file, line: row.line,
      "\(columns.title(column)) is \(row.text(column).quoted), expected \(expected)")
  }
}

extension CSVRowReader {
  /// Whether the cell stands for a missing value.
  func isMissing(_ column: Int) -> Bool {
    cells[column].isEmpty
      || cells[column].count <= 3 && ["NA", "NaN", "nan", "?"].contains(text(column))
  }
}
