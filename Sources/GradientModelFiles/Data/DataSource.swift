import Backpropagation

/// A file, and what of it is an input or a target.
public struct DataSource: Sendable, Equatable {
  /// How a file is written, which its name says.
  public enum Format: Sendable { case csv, idx, npy, npz }

  /// The file.
  public var file: String
  /// The columns of a table; nil for all that nothing else names.
  public var columns: [ColumnReference]?
  /// The name of the array in an NPZ file.
  public var array: String?

  /// Describes a source.
  public init(file: String, columns: [ColumnReference]? = nil, array: String? = nil) {
    self.file = file
    self.columns = columns
    self.array = array
  }

  /// How the file is written; what is nothing else is CSV.
  public var format: Format { Self.format(of: file) }

  static func format(of file: String) -> Format {
    var name = file.lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    if name.hasSuffix(".npz") { return .npz }
    if name.hasSuffix(".npy") { return .npy }
    return name.hasSuffix(".idx") || name.hasSuffix("-ubyte") ? .idx : .csv
  }
}

/// Where the targets of one loss come from.
public enum TargetSource: Sendable, Equatable {
  /// The network's own first input, normalized: an autoencoder's target.
  case input
  /// A file.
  case source(DataSource)
}

/// How rows or features become sequences.
public enum SequenceForm: Sendable, Equatable {
  /// An example's features are so many steps.
  case steps(Int)
  /// Rows of which the column holds the same value are the steps of one example.
  case groups(ColumnReference)
}
