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
  /// Reads the table or tables; `check` holds the examples against a network when they are asked for.
  func examples(
    storage: NumberCollector.Storage,
    check: @escaping @Sendable (Dataset) throws(InputError) -> Void
  ) throws(InputError) -> Examples {
    let table: CSVTable
    var targetTable: CSVTable?
    if let targetFile {
      table = try CSVTable(self, file: file, inputs: columns, targets: [], storage: storage)
      targetTable = try CSVTable(
        self, file: targetFile, inputs: [], targets: targets.isEmpty ? nil : targets,
        storage: storage)
    } else {
      table = try CSVTable(self, file: file, inputs: columns, targets: targets, storage: storage)
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
    let inputs = SourceTable(inputsOf: table), targets = SourceTable(targetsOf: outcome)
    let form = try TargetForm(of: targets, as: labels)
    var parts = inputs.notes
    parts.append(inputs.width.counted("feature"))
    parts.append("target: \(targetTitle(outcome))")
    parts.append(form.description)
    let rows = try SourceTable.rowsToKeep(of: [inputs, targets], missing: missing, notes: &parts)
    if missing == .mean, table.gaps > 0 {
      parts.append("\(table.gaps.counted("missing value")) replaced by means")
    }
    return Examples(
      table: ExampleTable(
        inputs: [
          ExampleTable.Input(
            name: "input", shape: [inputs.width], table: inputs.table,
            hasGaps: missing == .mean && table.gaps > 0)
        ], targets: [ExampleTable.Target(table: targets.table, form: form)], rows: rows,
        check: check),
      description: parts.joined(separator: ", "))
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
    return targetFile.map { "\(named) of \($0.lastPathPart.quoted)" } ?? named
  }
}

extension String {
  /// The last part of a path: a run is described alike wherever its files lie.
  var lastPathPart: String { split(separator: "/").last.map(String.init) ?? self }
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
