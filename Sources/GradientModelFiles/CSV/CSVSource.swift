public import Backpropagation
public import GzipIO

/// A table of numbers as CSV, plain or gzip: where it lies, how it is written, which columns are inputs and targets.
///
/// What is `automatic` is decided by the file; ``CSVContent/description`` says how.
public struct CSVSource: Sendable, Equatable {
  /// Whether the first row names the columns.
  public enum Header: Sendable, Equatable {
    /// It does if no cell of it is a number.
    case automatic
    case present
    case absent
  }

  /// What stands between two cells.
  public enum Delimiter: Sendable, Equatable {
    /// The first of tab, semicolon, comma and space that the first row has.
    case automatic
    case comma, semicolon, tab
    /// Any number of spaces.
    case space
  }

  /// What becomes of an empty cell, NA, NaN, nan and ?.
  public enum MissingValues: Sendable, Equatable {
    /// It is an error.
    case error
    /// Its row is left out.
    case dropRow
    /// The mean of its column takes its place, unless it is a target.
    case mean
  }

  /// What the targets are.
  public enum Labels: Sendable, Equatable {
    /// Classes, if there is one target column and it holds words, or every whole number from 0 on up to some number,
    /// each twice or more on average; else numbers.
    case automatic
    /// One class an example, given as a word or a whole number.
    case classes
    /// One number or several an example.
    case numbers
  }

  /// The file with the inputs.
  public var file: String
  /// The file with the targets, where they don't stand in the same.
  public var targetFile: String?
  /// The columns that are inputs; nil for all that are not targets.
  public var columns: [ColumnReference]?
  /// The columns that are targets.
  public var targets: [ColumnReference]
  /// Whether the first row names the columns.
  public var header: Header
  /// The number of lines at the beginning that are passed over.
  public var skipRows: Int
  /// What stands between two cells.
  public var delimiter: Delimiter
  /// What becomes of missing values.
  public var missing: MissingValues
  /// What the targets are.
  public var labels: Labels
  /// The most bytes that are read of a file, unpacked.
  public var limit: Int

  /// Describes a CSV file.
  public init(
    file: String, targetFile: String? = nil, columns: [ColumnReference]? = nil,
    targets: [ColumnReference] = [.last], header: Header = .automatic, skipRows: Int = 0,
    delimiter: Delimiter = .automatic, missing: MissingValues = .error,
    labels: Labels = .automatic, limit: Int = FileReader.defaultLimit
  ) {
    self.file = file
    self.targetFile = targetFile
    self.columns = columns
    self.targets = targets
    self.header = header
    self.skipRows = skipRows
    self.delimiter = delimiter
    self.missing = missing
    self.labels = labels
    self.limit = limit
  }

  /// Reads the examples; means that take the place of missing values are those of the whole column.
  ///
  /// - Throws: An ``InputError`` with the file and line of what can't be read.
  public func read() throws(InputError) -> CSVContent {
    let examples = try examples(storage: .memory) { _ throws(InputError) in }
    var table = examples.table
    let all = Array(0..<UInt32(table.count))
    try table.prepare(.none, fittedTo: all)
    return CSVContent(
      dataset: try table.examples(all.map { Int($0) }), description: examples.description)
  }
}

extension Dataset {
  /// Reads examples from a CSV file, plain or gzip: every column but `target` is an input.
  ///
  /// ```swift
  /// let digits = try Dataset(csv: "digits.csv.gz", target: .last)
  /// ```
  ///
  /// For other files describe them with a ``CSVSource``.
  ///
  /// - Throws: An ``InputError`` with the file and line of what can't be read.
  public init(
    csv path: String, target: ColumnReference = .last, skipRows: Int = 0,
    labels: CSVSource.Labels = .automatic
  ) throws(InputError) {
    self =
      try CSVSource(file: path, targets: [target], skipRows: skipRows, labels: labels)
      .read().dataset
  }
}
