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

  /// How CSV files are written; and the file or files, where one input and one target come from CSV.
  public var source: CSVSource
  /// Where each of the network's inputs comes from, by its name.
  public var inputs: [String: DataSource]
  /// Where the targets come from, in the order of the losses; empty for a text, which is its own target.
  public var targets: [TargetSource]
  /// How rows or features become sequences, where they do.
  public var sequence: SequenceForm?
  /// How a text becomes examples, where the data are one.
  public var text: TextForm?
  /// How inputs are brought to one scale, fitted on the training part.
  public var normalization: Normalization
  /// How the examples are split; 70, 10 and 20 % where no share is given.
  public var split: Split
  /// Whether the examples stay on disk, and each batch is read when it is trained on.
  public var streams: Bool

  static let keys = [
    "file", "input", "header", "skip-rows", "delimiter", "columns", "target", "missing",
    "normalize", "split", "sequence", "text", "stream",
  ]

  init(
    _ node: YAMLNode, model: String, network: NeuralNetwork, allowOutside: Bool
  ) throws(InputError) {
    let section = try Section(
      node, path: "data", file: model, keys: Self.keys)
    text = try section.text()
    sequence = try section.sequence()
    let named = try DataSources(
      section, network: network, folder: ModelFolder(model, allowOutside: allowOutside),
      isText: text != nil)
    inputs = named.inputs
    targets = named.targets
    source = named.plainTable ?? CSVSource(file: named.files[0])
    source.labels = network.loss.labels
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
    streams = try section.read("stream") { arguments throws(ArgumentError) in
      try arguments.boolean("stream", default: false)
    }
    split =
      try section["split"].map { node throws(InputError) in
        try Split(node, file: model)
      } ?? Split(train: 0.7, validation: 0.1, test: 0.2)
    try check(section, network)
  }

  /// Describes a batch in an NPZ file: an array for each input, and one for each loss's targets.
  init(batch file: String, for network: NeuralNetwork) {
    inputs = [:]
    for node in network.nodes.prefix(network.inputCount) {
      inputs[node.name] = DataSource(file: file, array: node.name)
    }
    targets = network.heads.map { head in
      let name = network.heads.count == 1 ? "target" : network.nodes[head.output].name
      return .source(DataSource(file: file, array: head.target ?? name))
    }
    source = CSVSource(file: file)
    normalization = .none
    split = Split(train: 1, validation: 0, test: 0)
    streams = false
  }

  /// Holds what is said of sequences and texts against the network and the rest of the section.
  private func check(_ section: Section, _ network: NeuralNetwork) throws(InputError) {
    if case .steps(let steps) = sequence {
      let shape = network.inputShape
      guard shape[0] == steps else {
        throw section.error(
          "sequence", "data.sequence has \(steps) steps, but model.input is \(shape)")
      }
    }
    guard text != nil else { return }
    guard !streams else {
      throw section.error(
        "stream",
        "data.stream has no place beside data.text: a text is read into memory, a larger one is "
          + "made an .npy file of character numbers")
    }
    for key in ["columns", "target", "input", "header", "delimiter", "missing", "sequence"]
    where section[key] != nil {
      throw section.error(
        key, "data.\(key) has no place beside data.text, which makes inputs and targets of the text"
      )
    }
  }

  /// The one table of CSV that both the only input and the only target come from, if it is as simple as that.
  var plainTable: CSVSource? {
    guard inputs.count == 1, targets.count == 1, let input = inputs.values.first,
      input.format == .csv, case .source(let target) = targets[0], target.format == .csv
    else { return nil }
    if case .groups = sequence { return nil }
    return source
  }

  /// The columns of the file that `source` names which are no inputs: targets, and what rows are gathered by.
  func otherColumns(of source: DataSource) -> [ColumnReference] {
    var columns: [ColumnReference] = []
    for case .source(let target) in targets
    where target.file == source.file && target.array == source.array {
      columns += target.columns ?? []
    }
    if case .groups(let column) = sequence { columns.append(column) }
    var seen: Set<ColumnReference> = []
    return columns.filter { seen.insert($0).inserted }
  }

  /// The files that the examples come from, the first input's first.
  public var files: [String] {
    var files = inputs.sorted { $0.key < $1.key }.map(\.value.file)
    for case .source(let target) in targets { files.append(target.file) }
    var seen: Set<String> = []
    return files.filter { seen.insert($0).inserted }
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
  /// How rows or features become sequences.
  fileprivate func sequence() throws(InputError) -> SequenceForm? {
    guard let node = self["sequence"] else { return nil }
    let form = try Section(
      node, path: title("sequence"), file: file, keys: ["length", "group-by"])
    let length = try form.read("length") { arguments throws(ArgumentError) in
      try arguments["length"].map { _ throws(ArgumentError) in
        try arguments.integer("length", in: 1...1 << 24)
      }
    }
    let column = try form.columns("group-by")
    guard (length == nil) != (column == nil) else {
      throw error(
        "sequence", "data.sequence has neither or both of \"length\" and \"group-by\", expected one"
      )
    }
    if let length { return .steps(length) }
    guard let column = column?.first else { return nil }
    return .groups(column)
  }

  /// How a text becomes examples.
  fileprivate func text() throws(InputError) -> TextForm? {
    guard let node = self["text"] else { return nil }
    let form = try Section(node, path: title("text"), file: file, keys: ["unit", "length"])
    _ = try form.choice("unit", [("character", true)], default: true)
    return try form.read("length") { arguments throws(ArgumentError) in
      TextForm(length: try arguments.integer("length", in: 1...1 << 24))
    }
  }
}
