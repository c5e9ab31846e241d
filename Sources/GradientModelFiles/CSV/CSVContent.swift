public import Backpropagation
import GzipIO

/// The examples of a CSV file, and what was decided when they were read.
public struct CSVContent: Sendable, Equatable {
  /// The examples.
  public var dataset: Dataset
  /// What `automatic` took: `no header, 64 features, target: last column, 10 classes`.
  public let description: String
}

extension CSVSource {
  /// Reads the examples; an input that is missing, where a mean is to take its place, is NaN.
  func readKeepingGaps() throws(InputError) -> CSVContent {
    let table: CSVTable
    var targetTable: CSVTable?
    if let targetFile {
      table = try CSVTable(self, file: file, inputs: columns, targets: [])
      targetTable = try CSVTable(
        self, file: targetFile, inputs: [], targets: targets.isEmpty ? nil : targets)
    } else {
      table = try CSVTable(self, file: file, inputs: columns, targets: targets)
    }
    let outcome = targetTable ?? table
    guard outcome.rows == table.rows else {
      throw InputError(
        file: outcome.columns.file,
        "\(outcome.rows) rows, expected \(table.rows) as in \(file.quotable)")
    }
    guard !table.inputColumns.isEmpty else {
      throw InputError(file: file, line: table.columns.line, "no column is left to be an input")
    }
    guard !outcome.targetColumns.isEmpty else {
      throw InputError(file: file, "no target column is named, expected at least one")
    }
    let (targets, kind) = try self.targets(of: outcome)
    var dataset = Dataset(
      inputShape: [table.inputColumns.count], inputs: table.inputs, targets: targets)
    var dropped = 0
    if missing == .dropRow {
      let gaps = Set(table.rowsWithGaps).union(outcome.rowsWithGaps)
      dropped = gaps.count
      guard dropped < dataset.count else {
        throw InputError(file: file, "every row lacks a value, expected at least one whole row")
      }
      if dropped > 0 {
        dataset = dataset.selecting((0..<dataset.count).filter { !gaps.contains($0) })
      }
    }
    var parts = [table.columns.names == nil ? "no header" : "header"]
    if let separator = table.delimiter.name { parts.append("separated by \(separator)") }
    parts.append(counted(table.inputColumns.count, "feature"))
    parts.append("target: \(targetTitle(outcome))")
    parts.append(kind)
    if dropped > 0 { parts.append("\(counted(dropped, "row")) with missing values left out") }
    if missing == .mean, table.gaps > 0 {
      parts.append("\(counted(table.gaps, "missing value")) replaced by means")
    }
    return CSVContent(dataset: dataset, description: parts.joined(separator: ", "))
  }

  /// The targets of `table` as classes or numbers, and what they are in words.
  private func targets(of table: CSVTable) throws(InputError) -> (Targets, String) {
    if !table.names.isEmpty {
      // Rows without a word are left out later; until then any number will do.
      let classes = table.words.map { max($0, 0) }
      return (.classes(classes, names: table.names), classCount(table.names))
    }
    let width = table.targetColumns.count
    let numbers = Targets.values(table.numbers, perExample: width)
    let description = width == 1 ? "numbers" : "\(width) numbers each"
    guard labels != .numbers, width == 1 else {
      guard labels != .classes else {
        throw InputError(
          file: table.columns.file, "\(width) target columns, expected one that holds classes")
      }
      return (numbers, description)
    }
    let present = table.numbers.filter { !$0.isNaN }
    let values = Set(present).sorted()
    if labels == .automatic {
      let isNumbering = values.enumerated().allSatisfy { Double($0.offset) == $0.element }
      guard isNumbering, values.count >= 2, present.count >= 2 * values.count else {
        return (numbers, description)
      }
    }
    if values.first == 0 {
      let classes = table.numbers.map { $0.isNaN ? 0 : Int($0) }
      return (.classes(classes, names: []), counted(Int(values.last ?? 0) + 1, "class"))
    }
    // Numbers that don't begin with 0 are names of classes.
    let places = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, $0) })
    let names = values.map { "\(Int($0))" }
    return (.classes(table.numbers.map { places[$0] ?? 0 }, names: names), classCount(names))
  }

  private func targetTitle(_ table: CSVTable) -> String {
    let named: String
    if targetFile != nil, targets.isEmpty {
      named = table.targetColumns.count == 1 ? "the column" : "all columns"
    } else if targets == [.last], let names = table.columns.names {
      named = "last column (\((names.last ?? "").quoted))"
    } else {
      named = targets.map(\.description).joined(separator: " and ")
    }
    return targetFile == nil ? named : "\(named) of \(table.columns.file.quotable)"
  }
}

/// `3 classes (0 setosa, 1 versicolor, 2 virginica)`, of many only the first.
private func classCount(_ names: [String]) -> String {
  let shown = names.prefix(10).enumerated().map { "\($0) \($1.shortened.quotable)" }
  let rest = names.count > shown.count ? ", …" : ""
  return "\(counted(names.count, "class")) (\(shown.joined(separator: ", "))\(rest))"
}

/// `1 row`, `2 rows`, `3 classes`.
func counted(_ count: Int, _ noun: String) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(noun)\(noun.hasSuffix("s") ? "es" : "s")"
}

extension CSVSource.Delimiter {
  /// How a sentence calls it, where it is not the comma that everybody expects.
  fileprivate var name: String? {
    switch self {
    case .automatic, .comma: nil
    case .semicolon: "semicolons"
    case .tab: "tabs"
    case .space: "spaces"
    }
  }
}
