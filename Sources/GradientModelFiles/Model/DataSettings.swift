public import Backpropagation
import GzipIO

/// Where a model file says that its examples come from, and how they are prepared.
public struct DataSettings: Sendable {
  /// The shares of the examples that are for training, validation and test.
  public struct Split: Sendable, Equatable {
    /// The share that the network is trained on.
    public var train: Double
    /// The share that is measured while it trains.
    public var validation: Double
    /// The share that is measured at the end.
    public var test: Double
    /// The seed of the split.
    public var seed: UInt64
    /// Whether each part has its share of each class.
    public var stratify: Bool

    /// Describes a split.
    public init(
      train: Double, validation: Double, test: Double, seed: UInt64 = 1, stratify: Bool = true
    ) {
      self.train = train
      self.validation = validation
      self.test = test
      self.seed = seed
      self.stratify = stratify
    }
  }

  /// The file or files, and how they are written.
  public var source: CSVSource
  /// How inputs are brought to one scale, fitted on the training part.
  public var normalization: Normalization
  /// How the examples are split; 70, 10 and 20 % where no share is given.
  public var split: Split

  static let keys = [
    "file", "input", "header", "skip-rows", "delimiter", "columns", "target", "missing",
    "normalize", "split", "stream",
  ]
  static let laterKeys = ["sequence"]

  init(
    _ node: YAMLNode, model: String, labels: CSVSource.Labels, allowOutside: Bool
  ) throws(InputError) {
    let section = try Section(
      node, path: "data", file: model, keys: Self.keys, later: Self.laterKeys)
    source = try section.source(ModelFolder(model, allowOutside: allowOutside))
    source.labels = labels
    source.header = try section.choice(
      "header", [("auto", .automatic), ("true", .present), ("false", .absent)],
      default: .automatic)
    source.delimiter = try section.choice(
      "delimiter",
      [("auto", .automatic), (",", .comma), (";", .semicolon), ("tab", .tab), ("space", .space)],
      default: .automatic)
    source.missing = try section.choice(
      "missing", [("error", .error), ("drop-row", .dropRow), ("mean", .mean)], default: .error)
    source.skipRows = try section.read("skip-rows") { arguments throws(ArgumentError) in
      try arguments.integer("skip-rows", in: 0...1_000_000_000, default: 0)
    }
    normalization = try section.choice(
      "normalize", Normalization.allCases.map { ($0.rawValue, $0) }, default: .none)
    let streams = try section.read("stream") { arguments throws(ArgumentError) in
      try arguments.boolean("stream", default: false)
    }
    guard !streams else {
      throw section.error("stream", "data from a stream are not supported by this version")
    }
    split =
      try section["split"].map { node throws(InputError) in
        try Split(node, file: model)
      } ?? Split(train: 0.7, validation: 0.1, test: 0.2)
  }
}

extension DataSettings.Split {
  fileprivate init(_ node: YAMLNode, file: String) throws(InputError) {
    let section = try Section(
      node, path: "data.split", file: file,
      keys: ["train", "validation", "test", "seed", "stratify"])
    let isGiven = ["train", "validation", "test"].contains { section[$0] != nil }
    self = try section.read("train", "validation", "test", "stratify") {
      arguments throws(ArgumentError) in
      func share(_ key: String, default defaultShare: Double) throws(ArgumentError) -> Double {
        try arguments.number(key, default: defaultShare, expected: "a share from 0.0 to 1.0") {
          (0...1).contains($0)
        }
      }
      let validation = try share("validation", default: isGiven ? 0 : 0.1)
      let test = try share("test", default: isGiven ? 0 : 0.2)
      let train = try share("train", default: max(0, 1 - validation - test))
      guard train > 0 else {
        throw ArgumentError(key: "train", message: "data.split leaves nothing to train on")
      }
      guard train + validation + test <= 1 + 1e-9 else {
        throw ArgumentError(
          key: nil, message: "the shares in data.split are more than 1 together")
      }
      return DataSettings.Split(
        train: train, validation: validation, test: test,
        stratify: try arguments.boolean("stratify", default: true))
    }
    seed = try section.seed()
  }
}

extension Section {
  /// The files that inputs and targets come from, and their columns.
  fileprivate func source(_ folder: ModelFolder) throws(InputError) -> CSVSource {
    let input = try self["input"].map { node throws(InputError) in
      try Section(
        node, path: title("input"), file: file, keys: ["file", "columns"])
    }
    guard input == nil || self["file"] == nil else {
      throw error("input", "data has \"file\" and \"input\", expected one of them")
    }
    guard input?["columns"] == nil || self["columns"] == nil else {
      throw error("columns", "data.columns stands beside data.input.columns, expected one of them")
    }
    var source = CSVSource(file: try (input ?? self).dataFile(in: folder))
    source.columns = try (input?["columns"] == nil ? self : input ?? self).columns("columns")
    guard let target = self["target"], case .map = target.content else {
      guard let targets = try columns("target", default: [.last]) else {
        throw error("target", "data.target is \"all\", which leaves no inputs")
      }
      source.targets = targets
      return source
    }
    let separate = try Section(
      target, path: title("target"), file: file, keys: ["file", "column"])
    source.targetFile = try separate.dataFile(in: folder)
    source.targets = try separate.columns("column") ?? []
    return source
  }

  /// The file that `file` names, which must be one that this version reads.
  private func dataFile(in folder: ModelFolder) throws(InputError) -> String {
    _ = try required("file", "the name of a CSV file")
    let name = try text("file") ?? ""
    let plain = name.lowercased().replacing(/\.gz$/, with: "")
    if plain.hasSuffix(".npy") || plain.hasSuffix(".npz") || plain.hasSuffix("-ubyte") {
      throw error(
        "file", "\(title("file")) is \(name.quoted); only CSV is supported by this version")
    }
    do { return try folder.path(of: name) } catch {
      throw self.error("file", "\(title("file")) \(error.message)")
    }
  }

  /// One column or a list; nil for `all`.
  private func columns(
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
