import GzipIO

/// The input and target columns of one CSV file, with gaps still in them.
struct CSVTable {
  /// The columns of the file.
  let columns: TableColumns
  /// What stands between two cells.
  let delimiter: CSVSource.Delimiter
  /// The places of the input columns, and of the target columns, in the order in which they were asked for.
  let inputColumns: [Int], targetColumns: [Int]
  /// The number of rows.
  private(set) var rows = 0
  /// The inputs, row after row; NaN where one is missing.
  private(set) var inputs: [Double] = []
  /// The targets, row after row; NaN where one is missing, none if they are words.
  private(set) var numbers: [Double] = []
  /// The number of each row's word, by first appearance; −1 where it is missing, none if the targets are numbers.
  private(set) var words: [Int] = []
  /// The words.
  private(set) var names: [String] = []
  /// The rows in which something is missing, in ascending order.
  private(set) var rowsWithGaps: [Int] = []
  /// How many inputs are missing.
  private(set) var gaps = 0

  private let source: CSVSource
  private var wordNumbers: [ArraySlice<UInt8>: Int] = [:]
  private var targetsAreWords: Bool?

  private static let mostNumbers = 1 << 28
  private static let largestClass = 1 << 20

  /// Reads `file`; `inputs` and `targets` choose its columns, nil standing for all that neither the other nor `others`
  /// names.
  init(
    _ source: CSVSource, file: String, inputs: [ColumnReference]?, targets: [ColumnReference]?,
    excluding others: [ColumnReference] = []
  ) throws(InputError) {
    var reader = try CSVRowReader(source, file: file)
    guard try reader.next() else {
      throw InputError(
        file: file,
        source.skipRows > 0
          ? "no rows behind the \(source.skipRows) skipped" : "is empty, expected rows of numbers")
    }
    let hasHeader = try source.header.isHeader(reader, file: file)
    let count = reader.cells.count
    let columns = TableColumns(
      file: file, line: reader.line, count: count,
      names: hasHeader ? (0..<count).map(reader.text) : nil)
    let targetColumns = try columns.indices(targets ?? [.range(1, count)])
    let isTarget = Set(targetColumns).union(try columns.indices(others))
    let inputColumns =
      try inputs.map { references throws(InputError) in try columns.indices(references) }
      ?? (0..<count).filter { !isTarget.contains($0) }
    if let column = inputColumns.first(where: isTarget.contains) {
      throw InputError(
        file: file, line: columns.line, "\(columns.title(column)) is both input and target")
    }
    self.source = source
    self.columns = columns
    self.inputColumns = inputColumns
    self.targetColumns = targetColumns
    delimiter = reader.delimiter
    var isRow = hasHeader ? try reader.next() : true
    while isRow {
      try take(reader)
      isRow = try reader.next()
    }
    guard rows > 0 else {
      throw InputError(file: file, "a header but no examples behind it")
    }
  }

  /// Adds the reader's current row.
  private mutating func take(_ row: borrowing CSVRowReader) throws(InputError) {
    guard row.cells.count == columns.count else {
      throw InputError(
        file: columns.file, line: row.line,
        "\(row.cells.count) columns, expected \(columns.count) as in line \(columns.line ?? 1)")
    }
    guard inputs.count + numbers.count < Self.mostNumbers else {
      throw InputError(
        file: columns.file, line: row.line,
        "more than \(Self.mostNumbers) numbers, too many to hold in memory")
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
  }

  /// Adds a target; false if it is missing.
  private mutating func takeTarget(
    _ row: borrowing CSVRowReader, _ column: Int
  ) throws(InputError) -> Bool {
    let cell = row.cells[column]
    let number = decimalNumber(row.bytes.span, from: cell.lowerBound, to: cell.upperBound)
    if number == nil, row.isMissing(column) {
      try checkMissing(row, column, isTarget: true)
      if targetsAreWords == true { words.append(-1) } else { numbers.append(.nan) }
      return false
    }
    let areWords = targetsAreWords ?? (number == nil && mayBeWords)
    if targetsAreWords == nil, areWords {
      words = [Int](repeating: -1, count: numbers.count)
      numbers = []
    }
    targetsAreWords = areWords
    if areWords {
      words.append(wordNumber(row.cell(column)))
    } else {
      guard let number, number.isFinite else { throw wrong(row, column, expected: "a number") }
      if source.labels == .classes {
        guard number.rounded() == number, abs(number) < Double(Self.largestClass) else {
          throw wrong(row, column, expected: "a class: a word, or a whole number")
        }
      }
      numbers.append(number)
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
  fileprivate func isMissing(_ column: Int) -> Bool {
    cells[column].isEmpty
      || cells[column].count <= 3 && ["NA", "NaN", "nan", "?"].contains(text(column))
  }
}

extension CSVSource.Header {
  /// Whether the row that `reader` has just read is a header.
  fileprivate func isHeader(_ reader: CSVRowReader, file: String) throws(InputError) -> Bool {
    switch self {
    case .present: return true
    case .absent: return false
    case .automatic:
      let filled = reader.cells.indices.filter { !reader.isMissing($0) }
      let number = filled.first { reader.isNumber($0) }
      let word = filled.first { !reader.isNumber($0) }
      if let number, let word {
        throw InputError(
          file: file, line: reader.line,
          "the first row mixes numbers (\(reader.text(number).quoted)) and words "
            + "(\(reader.text(word).quoted)); pass over it with skip-rows: 1, or say header: true "
            + "if it names the columns, header: false if it is an example")
      }
      return number == nil
    }
  }
}

extension CSVRowReader {
  fileprivate func isNumber(_ column: Int) -> Bool {
    decimalNumber(bytes.span, from: cells[column].lowerBound, to: cells[column].upperBound) != nil
  }
}
