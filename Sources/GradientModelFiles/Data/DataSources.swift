import Backpropagation
import GzipIO

/// The files that a model file's data section names, resolved for each input and each loss.
struct DataSources {
  private(set) var inputs: [String: DataSource] = [:]
  private(set) var targets: [TargetSource] = []

  private let section: Section
  private let folder: ModelFolder

  init(
    _ section: Section, network: NeuralNetwork, folder: ModelFolder, isText: Bool
  ) throws(InputError) {
    self.section = section
    self.folder = folder
    let names = network.nodes.prefix(network.inputCount).map(\.name)
    if isText {
      inputs = [names[0]: DataSource(file: try section.dataFile(in: folder))]
      return
    }
    try readInputs(names)
    for head in network.heads {
      targets.append(try target(of: head, in: network, beside: inputs[names[0]]))
    }
  }

  /// The CSV file or files that the only input and the only target come from; nil if it is anything else.
  var plainTable: CSVSource? {
    guard inputs.count == 1, targets.count == 1, let input = inputs.values.first,
      input.format == .csv, case .source(let target) = targets[0], target.format == .csv
    else { return nil }
    return CSVSource(
      file: input.file, targetFile: target.file == input.file ? nil : target.file,
      columns: input.columns, targets: target.columns ?? [])
  }

  /// The files, the inputs' first.
  var files: [String] {
    inputs.sorted { $0.key < $1.key }.map(\.value.file)
  }

  // MARK: Inputs

  private mutating func readInputs(_ names: [String]) throws(InputError) {
    if let map = section.sourceMap("input") {
      let sources = try Section(map, path: "data.input", file: section.file, keys: names)
      for name in names {
        let node = try sources.required(name, "the source of the input \(name.quoted)")
        inputs[name] = try source(
          Section(
            node, path: "data.input.\(name)", file: section.file,
            keys: ["file", "columns", "array"]), array: name)
      }
      return
    }
    let input = try section["input"].map { node throws(InputError) in
      try Section(
        node, path: "data.input", file: section.file, keys: ["file", "columns", "array"])
    }
    guard input == nil || section["file"] == nil else {
      throw section.error("input", "data has \"file\" and \"input\", expected one of them")
    }
    guard input?["columns"] == nil || section["columns"] == nil else {
      throw section.error(
        "columns", "data.columns stands beside data.input.columns, expected one of them")
    }
    for name in names {
      var source = try source(input ?? section, array: name)
      if input?["columns"] == nil { source.columns = try section.columns("columns") }
      guard names.count == 1 || source.format == .npz else {
        throw section.error(
          section["input"] == nil ? "file" : "input",
          "model.input names \(names.count) inputs; data.input gives each its own source, or an "
            + ".npz file holds an array of each name")
      }
      inputs[name] = source
    }
  }

  /// The source that the keys of `section` describe; an NPZ file's array is called `array` where it doesn't say.
  private func source(_ section: Section, array: String) throws(InputError) -> DataSource {
    var source = DataSource(file: try section.dataFile(in: folder))
    source.columns = section.path == "data" ? nil : try section.columns("columns")
    let named = section.path == "data" ? nil : try section.text("array")
    guard source.format == .npz || named == nil else {
      throw section.error("array", "\(section.title("array")) is for .npz files")
    }
    source.array = source.format == .npz ? named ?? array : nil
    return source
  }

  // MARK: Targets

  private func target(
    of head: Head, in network: NeuralNetwork, beside input: DataSource?
  ) throws(InputError) -> TargetSource {
    let output = network.nodes[head.output].name
    if let map = section.sourceMap("target") {
      guard let name = head.target else {
        throw section.error(
          "target", "data.target is a map, but the loss of \(output.quoted) names no \"target\"")
      }
      let sources = try Section(
        map, path: "data.target", file: section.file,
        keys: network.heads.compactMap(\.target))
      let node = try sources.required(name, "the source of the target \(name.quoted)")
      return .source(
        try targetSource(node, path: "data.target.\(name)", array: name, defaultColumn: nil))
    }
    if let node = section["target"], case .map = node.content {
      return .source(
        try targetSource(
          node, path: "data.target", array: head.target ?? "target",
          defaultColumn: head.target))
    }
    if head.target == "input" { return .input }
    if let node = section["target"], case .scalar("input", isPlain: true) = node.content {
      return .input
    }
    guard let input else { preconditionFailure("a network has an input") }
    guard network.heads.count == 1 || head.target != nil else {
      throw section.error(
        "file", "of several losses each names its \"target\", but that of \(output.quoted) doesn't")
    }
    var source = DataSource(file: input.file)
    switch input.format {
    case .idx:
      throw section.error(
        section["input"] == nil ? "file" : "input",
        "an IDX file holds inputs alone; data.target names the file with the targets")
    case .npz:
      let named = try section.text("target")
      source.array = head.target ?? named ?? "target"
    case .csv, .npy:
      if let name = head.target {
        source.columns = [Int(name).map { .position($0) } ?? ColumnReference(name)]
      } else {
        guard let columns = try section.columns("target", default: [.last]) else {
          throw section.error("target", "data.target is \"all\", which leaves no inputs")
        }
        source.columns = columns
      }
    }
    return .source(source)
  }

  private func targetSource(
    _ node: YAMLNode, path: String, array: String, defaultColumn: String?
  ) throws(InputError) -> DataSource {
    let section = try Section(
      node, path: path, file: section.file, keys: ["file", "column", "array"])
    var source = DataSource(file: try section.dataFile(in: folder))
    source.columns = try section.columns("column") ?? defaultColumn.map { [ColumnReference($0)] }
    let named = try section.text("array")
    guard source.format == .npz || named == nil else {
      throw section.error("array", "\(section.title("array")) is for .npz files")
    }
    source.array = source.format == .npz ? named ?? array : nil
    if source.array != nil { source.columns = nil }
    return source
  }
}

extension Section {
  /// What belongs to `key`, if it is a map of sources: a map that names no file itself.
  fileprivate func sourceMap(_ key: String) -> YAMLNode? {
    guard let node = self[key], case .map(let entries) = node.content, !entries.isEmpty,
      !entries.contains(where: { $0.key == "file" }),
      entries.allSatisfy({ if case .map = $0.value.content { true } else { false } })
    else { return nil }
    return node
  }

  /// The file that `file` names.
  fileprivate func dataFile(in folder: ModelFolder) throws(InputError) -> String {
    _ = try required("file", "the name of a data file")
    let name = try text("file") ?? ""
    do { return try folder.path(of: name) } catch {
      throw self.error("file", "\(title("file")) \(error.message)")
    }
  }

  /// One column or a list; nil for `all`.
  func columns(
    _ key: String, default defaultColumns: [ColumnReference]? = nil
  ) throws(InputError) -> [ColumnReference]? {
    guard let node = self[key] else { return defaultColumns }
    let nodes: [YAMLNode]
    if case .list(let list) = node.content {
      nodes = list
    } else {
      if node.text == "all" { return nil }
      nodes = [node]
    }
    guard !nodes.isEmpty else { throw error(key, "\(title(key)) names no column") }
    var columns: [ColumnReference] = []
    for node in nodes {
      guard case .scalar(let text, let isPlain) = node.content, !node.isNull else {
        throw InputError(
          file: file, line: node.line,
          "\(title(key)) holds \(node.written), expected a column's name or place")
      }
      // In quotation marks a number is a name.
      columns.append(
        isPlain ? Int(text).map { .position($0) } ?? ColumnReference(text) : .name(text))
    }
    return columns
  }
}
