import Backpropagation
import GzipIO

/// Reads the tables that a data section names: those of inputs, of targets, and of what rows are gathered by.
struct TableReader {
  let settings: DataSettings
  let network: NeuralNetwork
  /// The model file, and its line of the inputs.
  let model: String, inputLine: Int
  /// The most bytes that are read of a file, unpacked.
  let limit: Int

  private var storage: NumberCollector.Storage { settings.streams ? .disk : .memory }

  /// The values of an input.
  func table(ofInput name: String) throws(InputError) -> SourceTable {
    guard let source = settings.inputs[name] else {
      throw InputError(
        file: model, line: inputLine, "data has no source of the input \(name.quoted)")
    }
    var table = try self.table(source, labels: .numbers, isTarget: false)
    table.title = network.inputCount > 1 ? "\(name): " : ""
    return table
  }

  /// The targets of the loss at `place`; nil if it aims at the input.
  func table(ofTarget place: Int) throws(InputError) -> SourceTable? {
    guard case .source(let source) = settings.targets[place] else { return nil }
    var table = try self.table(
      source, labels: network.heads[place].loss.labels, isTarget: true)
    let columns = source.columns?.map(\.description).joined(separator: " and ")
    var title = columns ?? source.array.map { "array \($0.quoted)" } ?? ""
    if settings.inputs.values.allSatisfy({ $0.file != source.file }) {
      let file = source.file.lastPathPart.quoted
      title = title.isEmpty ? file : "\(title) of \(file)"
    }
    let head =
      network.heads.count > 1 ? " of \(network.nodes[network.heads[place].output].name)" : ""
    table.title = "target\(head): \(title)"
    return table
  }

  /// What rows are gathered by; nil if they aren't.
  func groupTable() throws(InputError) -> SourceTable? {
    guard case .groups(let column) = settings.sequence,
      let input = settings.inputs[network.nodes[0].name]
    else { return nil }
    var table = try self.table(
      DataSource(file: input.file, columns: [column], array: input.array), labels: .automatic,
      isTarget: true)
    table.title = column.description
    return table
  }

  /// The most bytes to read of a file: one that isn't packed may be streamed however large it is.
  func limit(of file: String) -> Int {
    guard settings.streams, let plain = RandomAccessFile(ifPlain: file) else { return limit }
    return max(limit, plain.size)
  }

  private func table(
    _ source: DataSource, labels: CSVSource.Labels, isTarget: Bool
  ) throws(InputError) -> SourceTable {
    let others = isTarget ? [] : settings.otherColumns(of: source)
    guard source.format == .csv else {
      var reader = try source.arrayReader(limit: limit(of: source.file))
      let name = source.array.map { "\(source.file)(\($0))" } ?? source.file
      var table = try SourceTable(
        &reader, of: source, file: name, missing: settings.source.missing, excluding: others,
        mayLackValues: !isTarget, storage: storage,
        original: source.format == .npz ? nil : RandomAccessFile(ifPlain: source.file))
      table.notes = ["\(source.format.title) of \(reader.type)"]
      return table
    }
    var csv = settings.source
    csv.limit = limit(of: source.file)
    csv.labels = labels
    return isTarget
      ? SourceTable(
        targetsOf: try CSVTable(
          csv, file: source.file, inputs: [], targets: source.columns, storage: storage))
      : SourceTable(
        inputsOf: try CSVTable(
          csv, file: source.file, inputs: source.columns, targets: [], excluding: others,
          storage: storage))
  }
}

extension RandomAccessFile {
  /// Opens a regular file that isn't packed; nil for anything else, of which reading it says what it is.
  convenience init?(ifPlain path: String) {
    do throws(InputError) {
      try self.init(path: path)
      guard try bytes(at: 0, count: 2) != [0x1f, 0x8b] else { return nil }
    } catch { return nil }
  }
}

extension DataSource {
  /// Reads the header of the array in a file that is no CSV.
  fileprivate func arrayReader(limit: Int) throws(InputError) -> ArrayReader {
    switch format {
    case .csv: preconditionFailure("expected a file that holds an array, got CSV")
    case .idx: return try ArrayReader(idx: FileReader(path: file, limit: limit))
    case .npy: return try ArrayReader(npy: FileReader(path: file, limit: limit))
    case .npz:
      let name = array ?? "input"
      let archive = try ZipArchive(path: file, limit: limit)
      let names = archive.names.filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
      guard names.count(where: { $0 == name }) < 2 else {
        throw InputError(file: file, "two arrays are called \(name.quoted)")
      }
      guard let member = try archive.reader(of: name + ".npy") else {
        throw InputError(
          file: file,
          "holds no array \(name.quoted)" + suggestion(for: name, among: names)
            + (names.isEmpty
              ? "" : "; it holds \(names.prefix(8).map(\.quoted).joined(separator: ", "))"))
      }
      return try ArrayReader(npy: member)
    }
  }
}

extension DataSource.Format {
  /// As a sentence calls it.
  var title: String {
    switch self {
    case .csv: "CSV"
    case .idx: "IDX"
    case .npy: "NPY"
    case .npz: "NPZ"
    }
  }
}

extension Loss {
  /// What kind of targets the loss takes.
  var labels: CSVSource.Labels {
    do throws(ShapeError) {
      try check(output: [2], targets: .classes([], names: []))
      return .classes
    } catch { return .numbers }
  }
}
