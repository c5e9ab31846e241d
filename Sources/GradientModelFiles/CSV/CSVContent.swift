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
    let (targets, kind) = try SourceTable(targetsOf: outcome).targets(labels)
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
    var parts = SourceTable(inputsOf: table).notes
    parts.append(counted(table.inputColumns.count, "feature"))
    parts.append("target: \(targetTitle(outcome))")
    parts.append(kind)
    if dropped > 0 { parts.append("\(counted(dropped, "row")) with missing values left out") }
    if missing == .mean, table.gaps > 0 {
      parts.append("\(counted(table.gaps, "missing value")) replaced by means")
    }
    return CSVContent(dataset: dataset, description: parts.joined(separator: ", "))
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

/// `1 row`, `2 rows`, `3 classes`.
func counted(_ count: Int, _ noun: String) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(noun)\(noun.hasSuffix("s") ? "es" : "s")"
}

extension CSVSource.Delimiter {
  /// How a sentence calls it, where it is not the comma that everybody expects.
  var name: String? {
    switch self {
    case .automatic, .comma: nil
    case .semicolon: "semicolons"
    case .tab: "tabs"
    case .space: "spaces"
    }
  }
}
