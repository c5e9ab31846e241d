import Backpropagation
import GzipIO

/// What one source holds: the examples' values of an input or a target, row after row, with gaps still in them.
struct SourceTable {
  /// The file as the user named it, and the source within it as a message shows it.
  var file: String
  /// The shape of an example.
  var shape: [Int]
  /// The numbers, or the numbers of the words by first appearance; NaN where one is missing.
  var table: NumberTable
  /// The words; none if the source holds numbers.
  var names: [String] = []
  /// The rows in which something is missing.
  var rowsWithGaps: [Int]
  /// How many numbers are missing.
  var gaps: Int
  /// How the file is written, where that was decided: `no header`.
  var notes: [String] = []
  /// How the target is called: `last column`.
  var title = ""

  /// The number of examples, and of numbers in each.
  var rows: Int { table.rows }
  var width: Int { table.width }
}

extension SourceTable {
  /// The input columns of a CSV file.
  init(inputsOf table: CSVTable) {
    self.init(
      file: table.columns.file, shape: [table.inputColumns.count], table: table.inputs,
      rowsWithGaps: table.rowsWithGaps, gaps: table.gaps)
    notes = [table.columns.names == nil ? "no header" : "header"]
    if let separator = table.delimiter.name { notes.append("separated by \(separator)") }
  }

  /// The target columns of a CSV file.
  init(targetsOf table: CSVTable) {
    self.init(
      file: table.columns.file, shape: [table.targetColumns.count], table: table.targets,
      names: table.names, rowsWithGaps: table.rowsWithGaps, gaps: table.gaps)
  }

  /// An array whose first axis counts the examples; of a table of numbers the columns that are asked for.
  ///
  /// `file` is the source as a message shows it. Where the array is a file's own, plain and without columns to leave out,
  /// `original` is that file, whose rows then stay where they are.
  init(
    _ reader: inout ArrayReader, of source: DataSource, file: String,
    missing: CSVSource.MissingValues, excluding others: [ColumnReference], mayLackValues: Bool,
    storage: NumberCollector.Storage, original: RandomAccessFile?
  ) throws(InputError) {
    guard let rows = reader.shape.first, rows > 0 else {
      throw InputError(
        file: file,
        "is of shape \(NumberArray.title(of: reader.shape)), expected examples along the first axis"
      )
    }
    let choice = try ColumnChoice(of: source, excluding: others, shape: reader.shape, file: file)
    guard choice.width > 0 else {
      throw InputError(
        file: file,
        "examples of shape \(NumberArray.title(of: choice.shape)) hold no numbers")
    }
    var gaps = GapFinder(
      file: file, width: choice.width, missing: missing, mayLackValues: mayLackValues)
    let table: NumberTable
    switch storage {
    case .memory:
      let numbers = choice.applied(to: try reader.readAll().numbers)
      try gaps.look(through: numbers)
      table = NumberTable(numbers, width: choice.width)
    case .disk:
      table = try reader.streamedTable(
        choice, file: file, original: original
      ) { numbers throws(InputError) in try gaps.look(through: numbers) }
    }
    self.init(
      file: file, shape: choice.shape, table: table, rowsWithGaps: gaps.rows, gaps: gaps.count)
  }
}

extension ArrayReader {
  /// The array as a table that stays on disk: in its own file, where it has one and no column is left out.
  fileprivate mutating func streamedTable(
    _ choice: ColumnChoice, file: String, original: RandomAccessFile?,
    _ look: ([Double]) throws(InputError) -> Void
  ) throws(InputError) -> NumberTable {
    guard !isFortranOrder || shape.count < 2 else {
      throw InputError(
        file: file,
        "is in Fortran order, where the numbers of an example lie far apart; to stream it, save it "
          + "anew with numpy.ascontiguousarray")
    }
    let original = choice.columns == nil ? original : nil
    var copy = try NumberCollector(width: choice.width, type: type, in: .disk)
    let rows = shape[0], step = max(1, (1 << 17) / choice.wholeWidth)
    for start in stride(from: 0, to: rows, by: step) {
      var numbers: [Double] = []
      try read(min(step, rows - start) * choice.wholeWidth, into: &numbers)
      numbers = choice.applied(to: numbers)
      try look(numbers)
      if original == nil { try copy.append(numbers) }
    }
    try checkEnd()
    guard let original else { return try copy.finish() }
    return NumberTable(
      rows: rows, width: choice.width,
      .file(original, offset: start, type: type, isBigEndian: isBigEndian))
  }
}

/// Which columns of an array's rows are taken.
private struct ColumnChoice {
  /// Their places, counted from 0; nil for all.
  let columns: [Int]?
  /// The shape of an example, and how many numbers it has, chosen and in the file.
  let shape: [Int], width: Int, wholeWidth: Int

  init(
    of source: DataSource, excluding others: [ColumnReference], shape: [Int], file: String
  ) throws(InputError) {
    let rowShape = Array(shape.dropFirst())
    wholeWidth = rowShape.reduce(1, *)
    guard source.columns != nil || !others.isEmpty else {
      (columns, self.shape, width) = (nil, rowShape, wholeWidth)
      return
    }
    guard rowShape.count <= 1 else {
      throw InputError(
        file: file,
        "has no columns: it is of shape \(NumberArray.title(of: shape)), expected two axes")
    }
    let all = TableColumns(file: file, line: nil, count: wholeWidth, names: nil)
    let excluded = Set(try all.indices(others))
    let chosen =
      try source.columns.map { references throws(InputError) in try all.indices(references) }
      ?? (0..<wholeWidth).filter { !excluded.contains($0) }
    if let column = chosen.first(where: excluded.contains) {
      throw InputError(file: file, "\(all.title(column)) is both input and target")
    }
    (columns, self.shape, width) = (chosen, [chosen.count], chosen.count)
  }

  /// The chosen columns of some rows.
  func applied(to numbers: [Double]) -> [Double] {
    guard let columns else { return numbers }
    var chosen: [Double] = []
    chosen.reserveCapacity(numbers.count / wholeWidth * width)
    for start in stride(from: 0, to: numbers.count, by: wholeWidth) {
      for column in columns { chosen.append(numbers[start + column]) }
    }
    return chosen
  }
}

/// Notes where numbers are missing, which has to be allowed.
private struct GapFinder {
  let file: String
  let width: Int
  let missing: CSVSource.MissingValues
  let mayLackValues: Bool
  /// The rows in which something is missing, and how many numbers are.
  private(set) var rows: [Int] = []
  private(set) var count = 0
  private var seen = 0

  init(file: String, width: Int, missing: CSVSource.MissingValues, mayLackValues: Bool) {
    (self.file, self.width, self.missing) = (file, width, missing)
    self.mayLackValues = mayLackValues
  }

  /// Looks at the next rows.
  mutating func look(through numbers: [Double]) throws(InputError) {
    defer { seen += numbers.count }
    for (place, number) in numbers.enumerated() where !number.isFinite {
      let row = (seen + place) / width
      guard number.isNaN else {
        throw InputError(
          file: file, "example \(row + 1) holds \(number), expected finite numbers")
      }
      guard missing == .dropRow || missing == .mean && mayLackValues else {
        let choices = mayLackValues ? "missing: drop-row or missing: mean" : "missing: drop-row"
        throw InputError(
          file: file, "example \(row + 1) holds NaN, expected a value; \(choices) allows for gaps")
      }
      count += 1
      if rows.last != row { rows.append(row) }
    }
  }
}
