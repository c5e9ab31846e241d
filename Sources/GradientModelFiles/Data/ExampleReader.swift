import Backpropagation
import GzipIO

/// Examples as they were read: not yet split or normalized, with NaN where the means of the training part will stand.
struct Examples {
  var dataset: Dataset
  /// What was decided when they were read.
  var description: String
}

/// Reads the examples of a model file from whatever files it names.
struct ExampleReader {
  let settings: DataSettings
  let network: NeuralNetwork
  /// The model file, and its lines of what the data can contradict.
  let model: String, inputLine: Int
  /// The most bytes that are read of a file, unpacked.
  let limit: Int

  /// The names and nodes of the network's inputs.
  private var inputs: ArraySlice<NeuralNetwork.Node> { network.nodes.prefix(network.inputCount) }

  /// Reads all examples.
  func read() throws(InputError) -> Examples {
    if let text = settings.text {
      return try TextReader(text, file: settings.source.file, limit: limit)
        .examples(for: network, inputLine: inputLine, model: model)
    }
    if let source = settings.plainTable {
      var source = source
      source.limit = limit
      let content = try source.readKeepingGaps()
      let shaped = try shaped(content.dataset.features[0], file: source.file, as: inputs[0])
      return Examples(
        dataset: Dataset(features: [shaped], targetSets: content.dataset.targetSets),
        description: described([content.description]))
    }
    var tables: [SourceTable] = []
    for input in inputs { tables.append(try table(ofInput: input.name)) }
    var targetTables: [SourceTable?] = []
    for place in network.heads.indices { targetTables.append(try table(ofTarget: place)) }
    let groups = try groupTable()
    let present = targetTables.compactMap { $0 } + (groups.map { [$0] } ?? [])
    for table in tables + present where table.rows != tables[0].rows {
      throw InputError(
        file: table.file,
        "\(table.rows) rows, expected \(tables[0].rows) as in \(tables[0].file.quotable)")
    }
    var parts = parts(inputs: tables, targets: targetTables)
    let kept = try rowsToKeep(tables + present, parts: &parts)
    var dataset: Dataset
    if let groups {
      dataset = try grouped(tables[0], targetTables, by: groups, keeping: kept, parts: &parts)
    } else {
      var features: [Dataset.Features] = []
      for (input, table) in zip(inputs, tables) {
        features.append(
          try shaped(
            Dataset.Features(shape: Shape(table.shape), values: table.numbers), file: table.file,
            as: input))
      }
      var targets: [Targets] = []
      for (place, table) in targetTables.enumerated() {
        let (set, words) = try self.targets(place, table, inputs: features[0])
        targets.append(set)
        parts.append(words)
      }
      dataset = Dataset(features: features, targetSets: targets)
      if kept.count < dataset.count { dataset = dataset.selecting(kept) }
    }
    return Examples(dataset: dataset, description: described(parts))
  }

  // MARK: Sources

  private func table(ofInput name: String) throws(InputError) -> SourceTable {
    guard let source = settings.inputs[name] else {
      throw InputError(
        file: model, line: inputLine, "data has no source of the input \(name.quoted)")
    }
    var table = try self.table(source, labels: .numbers, isTarget: false)
    table.title = network.inputCount > 1 ? "\(name): " : ""
    return table
  }

  private func table(ofTarget place: Int) throws(InputError) -> SourceTable? {
    guard case .source(let source) = settings.targets[place] else { return nil }
    var table = try self.table(
      source, labels: network.heads[place].loss.labels, isTarget: true)
    let columns = source.columns?.map(\.description).joined(separator: " and ")
    var title = columns ?? source.array.map { "array \($0.quoted)" } ?? ""
    if settings.inputs.values.allSatisfy({ $0.file != source.file }) {
      // The last part of the path: a run is described alike wherever its files lie.
      let file = source.file.split(separator: "/").last.map(String.init) ?? source.file
      title = title.isEmpty ? file.quoted : "\(title) of \(file.quoted)"
    }
    let head =
      network.heads.count > 1 ? " of \(network.nodes[network.heads[place].output].name)" : ""
    table.title = "target\(head): \(title)"
    return table
  }

  private func groupTable() throws(InputError) -> SourceTable? {
    guard case .groups(let column) = settings.sequence, let input = settings.inputs[inputs[0].name]
    else { return nil }
    var table = try self.table(
      DataSource(file: input.file, columns: [column], array: input.array), labels: .automatic,
      isTarget: true)
    table.title = column.description
    return table
  }

  private func table(
    _ source: DataSource, labels: CSVSource.Labels, isTarget: Bool
  ) throws(InputError) -> SourceTable {
    let others = isTarget ? [] : settings.otherColumns(of: source)
    guard source.format == .csv else {
      let array = try source.array(limit: limit)
      let name = source.array.map { "\(source.file)(\($0))" } ?? source.file
      var table = try SourceTable(
        array, of: source, file: name, missing: settings.source.missing, excluding: others,
        mayLackValues: !isTarget)
      table.notes = ["\(source.format.title) of \(array.type)"]
      return table
    }
    var csv = settings.source
    csv.limit = limit
    csv.labels = labels
    return isTarget
      ? SourceTable(
        targetsOf: try CSVTable(csv, file: source.file, inputs: [], targets: source.columns))
      : SourceTable(
        inputsOf: try CSVTable(
          csv, file: source.file, inputs: source.columns, targets: [], excluding: others))
  }

  // MARK: Shapes

  /// The features in the shape of the network's input: the same sizes, or all in a row; sizes of 1 don't count.
  private func shaped(
    _ features: Dataset.Features, file: String, as input: NeuralNetwork.Node
  ) throws(InputError) -> Dataset.Features {
    let sizes = features.shape.sizes.filter { $0 != 1 }
    let wanted = input.shape.sizes.filter { $0 != 1 }
    guard
      features.shape.count == input.shape.count,
      sizes == wanted || sizes.count <= 1 || wanted.count <= 1
    else {
      let which = network.inputCount == 1 ? "model.input" : "model.input.\(input.name)"
      let found =
        features.shape.rank == 1
        ? counted(features.shape.count, "feature") : "examples of \(features.shape)"
      throw InputError(
        file: model, line: inputLine,
        "\(which) is \(input.shape), but \(file.quotable) has \(found)")
    }
    return Dataset.Features(name: input.name, shape: input.shape, values: features.values)
  }

  /// The targets of the loss at `place`, and what they are in words.
  private func targets(
    _ place: Int, _ table: SourceTable?, inputs: Dataset.Features
  ) throws(InputError) -> (Targets, String) {
    guard let table else {
      // The numbers themselves are put there when they are normalized.
      return (.values(inputs.values, perExample: inputs.shape.count), "target: the input itself")
    }
    let head = network.heads[place]
    let (targets, kind) = try table.targets(head.loss.labels, positions: head.positions ?? 1)
    return (targets, "\(table.title), \(kind)")
  }

  // MARK: Rows

  /// The rows without gaps where those with gaps are to be left out, else all.
  private func rowsToKeep(
    _ tables: [SourceTable], parts: inout [String]
  ) throws(InputError) -> [Int] {
    let rows = tables[0].rows
    guard settings.source.missing == .dropRow else { return Array(0..<rows) }
    let gaps = Set(tables.flatMap(\.rowsWithGaps))
    guard gaps.count < rows else {
      throw InputError(
        file: tables[0].file, "every row lacks a value, expected at least one whole row")
    }
    if !gaps.isEmpty {
      parts.append("\(counted(gaps.count, "row")) with missing values left out")
    }
    return (0..<rows).filter { !gaps.contains($0) }
  }

  /// Rows with equal values in `groups` as the steps of one example, padded with zeros.
  private func grouped(
    _ table: SourceTable, _ targetTables: [SourceTable?], by groups: SourceTable,
    keeping rows: [Int],
    parts: inout [String]
  ) throws(InputError) -> Dataset {
    let input = inputs[0], width = table.width
    guard network.inputCount == 1, input.shape.rank == 2, input.shape.last == width else {
      throw InputError(
        file: model, line: inputLine,
        "model.input is \(input.shape), but rows of \(table.file.quotable) make sequences of "
          + "\(counted(width, "feature")), expected [steps, \(width)]")
    }
    let steps = input.shape[0]
    var order: [Double] = []
    var members: [Double: [Int]] = [:]
    for row in rows {
      let key = groups.names.isEmpty ? groups.numbers[row] : Double(groups.words[row])
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(row)
    }
    let sequences = order.map { (key: $0, rows: members[$0] ?? []) }
    func name(_ key: Double) -> String {
      groups.names.isEmpty ? "\(key)" : groups.names[Int(key)].quoted
    }
    var values: [Double] = []
    for (key, rows) in sequences {
      guard rows.count <= steps else {
        throw InputError(
          file: table.file,
          "the sequence \(name(key)) has \(rows.count) steps, but model.input \(input.shape) has "
            + "room for \(steps)")
      }
      for row in rows { values += table.numbers[row * width..<(row + 1) * width] }
      values += [Double](repeating: 0, count: (steps - rows.count) * width)
    }
    let lengths = sequences.map(\.rows.count)
    let (shortest, longest) = (lengths.min() ?? 0, lengths.max() ?? 0)
    parts.append("\(counted(sequences.count, "sequence")) of \(shortest) to \(longest) steps")
    let features = Dataset.Features(name: input.name, shape: input.shape, values: values)
    var sets: [Targets] = []
    for (place, table) in targetTables.enumerated() {
      let (set, words) = try targets(place, table, inputs: features)
      parts.append(words)
      guard table != nil else {
        sets.append(set)
        continue
      }
      if network.heads[place].positions != nil {
        sets.append(set.padded(sequences.map(\.rows), to: steps))
      } else {
        for (key, rows) in sequences {
          let first = set.selecting([rows[0]])
          guard rows.allSatisfy({ set.selecting([$0]) == first }) else {
            throw InputError(
              file: self.model, line: inputLine,
              "the rows of the sequence \(name(key)) have different targets, but the output is one "
                + "of a sequence")
          }
        }
        sets.append(set.selecting(sequences.map { $0.rows[0] }))
      }
    }
    return Dataset(features: [features], targetSets: sets, lengths: lengths)
  }

  // MARK: Words

  private func parts(inputs: [SourceTable], targets: [SourceTable?]) -> [String] {
    var parts: [String] = []
    for table in inputs {
      let shape =
        table.shape.count == 1
        ? counted(table.width, "feature")
        : table.shape.map(String.init).joined(separator: " × ")
      parts.append(table.title + (table.notes + [shape]).joined(separator: ", "))
    }
    let gaps = inputs.reduce(0) { $0 + $1.gaps }
    if settings.source.missing == .mean, gaps > 0 {
      parts.append("\(counted(gaps, "missing value")) replaced by means")
    }
    return parts
  }

  private func described(_ parts: [String]) -> String {
    guard case .steps(let steps) = settings.sequence else { return parts.joined(separator: ", ") }
    let width = inputs[0].shape.count / steps
    return (parts + ["\(steps) steps of \(width)"]).joined(separator: ", ")
  }
}

extension Targets {
  /// One target a row as one sequence of targets for each list of rows, padded to `steps`.
  fileprivate func padded(_ sequences: [[Int]], to steps: Int) -> Targets {
    switch self {
    case .classes(let classes, let names, _):
      return .classes(
        sequences.flatMap { rows in
          rows.map { classes[$0] } + [Int](repeating: 0, count: steps - rows.count)
        }, names: names, perExample: steps)
    case .values(let values, let size):
      return .values(
        sequences.flatMap { rows in
          rows.flatMap { values[$0 * size..<($0 + 1) * size] }
            + [Double](repeating: 0, count: (steps - rows.count) * size)
        }, perExample: steps * size)
    }
  }
}

extension DataSource {
  /// The array of a file that is no CSV.
  func array(limit: Int) throws(InputError) -> NumberArray {
    switch format {
    case .csv: preconditionFailure("expected a file that holds an array, got CSV")
    case .idx: return try NumberArray(idx: file, limit: limit)
    case .npy: return try NumberArray(npy: file, limit: limit)
    case .npz:
      let name = array ?? "input"
      let arrays = try NumberArray.npz(file, limit: limit) { $0 == name }
      guard let array = arrays[name] else {
        let names = try ZipArchive(path: file).names.filter { $0.hasSuffix(".npy") }
          .map { String($0.dropLast(4)) }
        throw InputError(
          file: file,
          "holds no array \(name.quoted)" + suggestion(for: name, among: names)
            + (names.isEmpty
              ? "" : "; it holds \(names.prefix(8).map(\.quoted).joined(separator: ", "))"))
      }
      return array
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
