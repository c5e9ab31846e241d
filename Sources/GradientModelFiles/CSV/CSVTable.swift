import GzipIO

/// The input and target columns of one CSV file, with gaps still in them.
struct CSVTable {
  /// The columns of the file.
  let columns: TableColumns
  /// What stands between two cells.
  let delimiter: CSVSource.Delimiter
  /// The places of the input columns, and of the target columns, in the order in which they were asked for.
  let inputColumns: [Int], targetColumns: [Int]
  /// The inputs; NaN where one is missing.
  let inputs: NumberTable
  /// The targets, or the numbers of their words by first appearance; NaN where one is missing.
  let targets: NumberTable
  /// The words; none if the targets are numbers.
  let names: [String]
  /// The rows in which something is missing, in ascending order.
  let rowsWithGaps: [Int]
  /// How many inputs are missing.
  let gaps: Int

  /// The number of rows.
  var rows: Int { max(inputs.rows, targets.rows) }

  /// Reads `file`; `inputs` and `targets` choose its columns, nil standing for all that neither the other nor `others`
  /// names.
  init(
    _ source: CSVSource, file: String, inputs: [ColumnReference]?, targets: [ColumnReference]?,
    excluding others: [ColumnReference] = [], storage: NumberCollector.Storage
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
    self.columns = columns
    self.inputColumns = inputColumns
    self.targetColumns = targetColumns
    delimiter = reader.delimiter
    var intake = try CSVIntake(
      source, columns, inputs: inputColumns, targets: targetColumns, storage)
    var isRow = hasHeader ? try reader.next() : true
    while isRow {
      try intake.take(reader)
      isRow = try reader.next()
    }
    guard intake.rows > 0 else {
      throw InputError(file: file, "a header but no examples behind it")
    }
    self.inputs = try intake.inputs.finish()
    self.targets = try intake.targets.finish()
    names = intake.names
    rowsWithGaps = intake.rowsWithGaps
    gaps = intake.gaps
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
