import Backpropagation
import GzipIO

/// What one source holds: the examples' values of an input or a target, row after row, with gaps still in them.
struct SourceTable {
  /// The file as the user named it, and the source within it as a message shows it.
  var file: String
  /// The number of examples.
  var rows: Int
  /// The shape of an example.
  var shape: [Int]
  /// The numbers; NaN where one is missing, none if the source holds words.
  var numbers: [Double]
  /// The number of each row's word by first appearance, −1 where it is missing; none if the source holds numbers.
  var words: [Int] = []
  /// The words.
  var names: [String] = []
  /// The rows in which something is missing.
  var rowsWithGaps: [Int]
  /// How many numbers are missing.
  var gaps: Int
  /// How the file is written, where that was decided: `no header`.
  var notes: [String] = []
  /// How the target is called: `last column`.
  var title = ""

  /// How many numbers an example has.
  var width: Int { shape.reduce(1, *) }
}

extension SourceTable {
  /// The input columns of a CSV file.
  init(inputsOf table: CSVTable) {
    self.init(
      file: table.columns.file, rows: table.rows, shape: [table.inputColumns.count],
      numbers: table.inputs, rowsWithGaps: table.rowsWithGaps, gaps: table.gaps)
    notes = [table.columns.names == nil ? "no header" : "header"]
    if let separator = table.delimiter.name { notes.append("separated by \(separator)") }
  }

  /// The target columns of a CSV file.
  init(targetsOf table: CSVTable) {
    self.init(
      file: table.columns.file, rows: table.rows, shape: [table.targetColumns.count],
      numbers: table.numbers, words: table.words, names: table.names,
      rowsWithGaps: table.rowsWithGaps, gaps: table.gaps)
  }

  /// An array whose first axis counts the examples; of a table of numbers the columns that are asked for.
  init(
    _ array: NumberArray, of source: DataSource, file: String, missing: CSVSource.MissingValues,
    excluding others: [ColumnReference], mayLackValues: Bool
  ) throws(InputError) {
    guard let rows = array.shape.first, rows > 0 else {
      throw InputError(
        file: file,
        "is of shape \(NumberArray.title(of: array.shape)), expected examples along the first axis")
    }
    var shape = Array(array.shape.dropFirst())
    var numbers = array.numbers
    let width = numbers.count / rows
    if source.columns != nil || !others.isEmpty {
      guard shape.count <= 1 else {
        throw InputError(
          file: file,
          "has no columns: it is of shape \(NumberArray.title(of: array.shape)), expected two axes")
      }
      let columns = TableColumns(file: file, line: nil, count: width, names: nil)
      let excluded = Set(try columns.indices(others))
      let chosen =
        try source.columns.map { references throws(InputError) in try columns.indices(references) }
        ?? (0..<width).filter { !excluded.contains($0) }
      if let column = chosen.first(where: excluded.contains) {
        throw InputError(file: file, "\(columns.title(column)) is both input and target")
      }
      numbers = (0..<rows).flatMap { row in chosen.map { numbers[row * width + $0] } }
      shape = [chosen.count]
    }
    guard shape.reduce(1, *) > 0 else {
      throw InputError(
        file: file, "examples of shape \(NumberArray.title(of: shape)) hold no numbers")
    }
    self.init(file: file, rows: rows, shape: shape, numbers: numbers, rowsWithGaps: [], gaps: 0)
    try findGaps(missing: missing, mayLackValues: mayLackValues)
  }

  /// Notes where numbers are missing, which has to be allowed.
  private mutating func findGaps(
    missing: CSVSource.MissingValues, mayLackValues: Bool
  ) throws(InputError) {
    let width = width
    for (place, number) in numbers.enumerated() where !number.isFinite {
      let row = place / width
      guard number.isNaN else {
        throw InputError(
          file: file, "example \(row + 1) holds \(number), expected finite numbers")
      }
      guard missing == .dropRow || missing == .mean && mayLackValues else {
        let choices = mayLackValues ? "missing: drop-row or missing: mean" : "missing: drop-row"
        throw InputError(
          file: file, "example \(row + 1) holds NaN, expected a value; \(choices) allows for gaps")
      }
      gaps += 1
      if rowsWithGaps.last != row { rowsWithGaps.append(row) }
    }
  }
}

extension SourceTable {
  private static let largestClass = 1 << 20

  /// The targets as classes or numbers, and what they are in words; an example may have a class at each of `positions`.
  func targets(
    _ labels: CSVSource.Labels, positions: Int = 1
  ) throws(InputError) -> (Targets, String) {
    if !names.isEmpty {
      // Rows without a word are left out later; until then any number will do.
      let classes = words.map { max($0, 0) }
      return (.classes(classes, names: names), classCount(names))
    }
    let values = Targets.values(numbers, perExample: width)
    let description = width == 1 ? "numbers" : "\(width) numbers each"
    guard labels != .numbers, width == 1 || labels == .classes && width == positions else {
      guard labels != .classes else {
        throw InputError(
          file: file, "\(width) target columns, expected one that holds classes")
      }
      return (values, description)
    }
    let present = numbers.filter { !$0.isNaN }
    let distinct = Set(present).sorted()
    if labels == .automatic {
      let isNumbering = distinct.enumerated().allSatisfy { Double($0.offset) == $0.element }
      guard isNumbering, distinct.count >= 2, present.count >= 2 * distinct.count else {
        return (values, description)
      }
    }
    if let wrong = distinct.first(where: {
      $0.rounded() != $0 || abs($0) >= Double(Self.largestClass)
    }) {
      throw InputError(file: file, "a target is \(wrong), expected a class: a whole number")
    }
    if distinct.first == 0 {
      let classes = numbers.map { $0.isNaN ? 0 : Int($0) }
      return (
        .classes(classes, names: [], perExample: width),
        counted(Int(distinct.last ?? 0) + 1, "class")
      )
    }
    // Numbers that don't begin with 0 are names of classes.
    let places = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
    let names = distinct.map { "\(Int($0))" }
    return (
      .classes(numbers.map { places[$0] ?? 0 }, names: names, perExample: width), classCount(names)
    )
  }
}

/// `3 classes (0 setosa, 1 versicolor, 2 virginica)`, of many only the first.
private func classCount(_ names: [String]) -> String {
  let shown = names.prefix(10).enumerated().map { "\($0) \($1.shortened.quotable)" }
  let rest = names.count > shown.count ? ", …" : ""
  return "\(counted(names.count, "class")) (\(shown.joined(separator: ", "))\(rest))"
}
