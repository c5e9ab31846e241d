import Backpropagation
import GzipIO

/// Examples as they were read: not yet split or normalized.
struct Examples {
  var table: ExampleTable
  /// What was decided when they were read.
  var description: String
}

/// Reads the examples of a model file from whatever files it names.
struct ExampleReader {
  let settings: DataSettings
  let network: NeuralNetwork
  /// The model file, and its line of the inputs.
  let model: String, inputLine: Int
  /// Where a message places what the network refuses.
  let refusal: (file: String, line: Int?)
  /// The most bytes that are read of a file, unpacked.
  let limit: Int

  /// The network's inputs.
  private var inputs: ArraySlice<NeuralNetwork.Node> { network.nodes.prefix(network.inputCount) }

  /// Reads all examples.
  func read() throws(InputError) -> Examples {
    let examples: Examples
    if let text = settings.text {
      examples = try TextReader(text, file: settings.source.file, limit: limit)
        .examples(for: network, inputLine: inputLine, model: model, check: check)
    } else if let source = settings.plainTable {
      examples = try plainExamples(of: source)
    } else {
      examples = try combinedExamples()
    }
    try checkClasses(of: examples.table)
    return examples
  }

  /// The examples of one CSV file, or of one with inputs and one with targets.
  private func plainExamples(of source: CSVSource) throws(InputError) -> Examples {
    var source = source
    source.limit = settings.files.map(reader.limit).max() ?? limit
    var examples = try source.examples(
      storage: settings.streams ? .disk : .memory, check: check)
    examples.table.inputs[0] = try shaped(
      examples.table.inputs[0], of: [examples.table.inputs[0].table.width], file: source.file,
      as: network.nodes[0])
    examples.description = described([examples.description])
    return examples
  }

  /// The examples whose inputs and targets come from tables of their own.
  private func combinedExamples() throws(InputError) -> Examples {
    var tables: [SourceTable] = []
    for input in inputs { tables.append(try reader.table(ofInput: input.name)) }
    var targetTables: [SourceTable?] = []
    for place in network.heads.indices {
      targetTables.append(try reader.table(ofTarget: place))
    }
    let groups = try reader.groupTable()
    let present = targetTables.compactMap { $0 } + (groups.map { [$0] } ?? [])
    for table in tables + present where table.rows != tables[0].rows {
      throw InputError(
        file: table.file,
        "\(table.rows) rows, expected \(tables[0].rows) as in \(tables[0].file.quotable)")
    }
    var parts = parts(of: tables)
    let kept = try SourceTable.rowsToKeep(
      of: tables + present, missing: settings.source.missing, notes: &parts)
    var rows = kept
    if let groups {
      rows = try sequences(of: tables[0], by: groups, keeping: kept, targetTables, parts: &parts)
    }
    var inputs: [ExampleTable.Input] = []
    for (node, table) in zip(self.inputs, tables) {
      let input = ExampleTable.Input(
        name: node.name, shape: node.shape, table: table.table, hasGaps: table.hasGaps(settings))
      // The shape of a sequence was looked at when its rows were gathered.
      inputs.append(
        groups == nil ? try shaped(input, of: table.shape, file: table.file, as: node) : input)
    }
    var targets: [ExampleTable.Target] = []
    for (head, table) in zip(network.heads, targetTables) {
      let (target, words) = try self.target(of: head, table, isGrouped: groups != nil)
      targets.append(target)
      parts.append(words)
    }
    return Examples(
      table: ExampleTable(inputs: inputs, targets: targets, rows: rows, check: check),
      description: described(parts))
  }

  private var reader: TableReader {
    TableReader(
      settings: settings, network: network, model: model, inputLine: inputLine, limit: limit)
  }

  // MARK: Shapes

  /// The input in the shape of the network's: the same sizes, or all in a row; sizes of 1 don't count.
  private func shaped(
    _ input: ExampleTable.Input, of found: [Int], file: String, as node: NeuralNetwork.Node
  ) throws(InputError) -> ExampleTable.Input {
    let found = Shape(found)
    let sizes = found.sizes.filter { $0 != 1 }, wanted = node.shape.sizes.filter { $0 != 1 }
    guard
      found.count == node.shape.count,
      sizes == wanted || sizes.count <= 1 || wanted.count <= 1
    else {
      let which = network.inputCount == 1 ? "model.input" : "model.input.\(node.name)"
      let has =
        found.rank == 1 ? found.count.counted("feature") : "examples of \(found)"
      throw InputError(
        file: model, line: inputLine, "\(which) is \(node.shape), but \(file.quotable) has \(has)")
    }
    var input = input
    (input.name, input.shape) = (node.name, node.shape)
    return input
  }

  /// What a loss aims at, and what that is in words.
  private func target(
    of head: Head, _ table: SourceTable?, isGrouped: Bool
  ) throws(InputError) -> (ExampleTable.Target, String) {
    guard let table else {
      return (
        ExampleTable.Target(form: TargetForm(numbers: network.inputShape.count)),
        "target: the input itself"
      )
    }
    let form = try TargetForm(of: table, as: head.loss.labels, positions: head.positions ?? 1)
    return (
      ExampleTable.Target(
        table: table.table, form: form, isOfEachRow: isGrouped && head.positions != nil),
      "\(table.title), \(form.description)"
    )
  }

  // MARK: Sequences

  /// Rows with equal values in `groups` as the steps of one example.
  private func sequences(
    of table: SourceTable, by groups: SourceTable, keeping kept: ExampleRows,
    _ targetTables: [SourceTable?], parts: inout [String]
  ) throws(InputError) -> ExampleRows {
    let shape = network.inputShape
    guard network.inputCount == 1, shape.rank == 2, shape.last == table.width else {
      throw InputError(
        file: model, line: inputLine,
        "model.input is \(shape), but rows of \(table.file.quotable) make sequences of "
          + "\(table.width.counted("feature")), expected [steps, \(table.width)]")
    }
    let rows = kept.rows(of: Array(0..<kept.count))
    let (sequences, keys) = ExampleRows.sequences(
      byKeys: try groups.table.numbers(of: rows), of: rows.map { UInt32($0) }, steps: shape[0])
    func name(_ place: Int) -> String {
      let key = keys[place]
      let number = Int(exactly: key)
      guard groups.names.isEmpty else { return groups.names[number ?? 0].quoted }
      return number.map { "\($0)" } ?? "\(key)"
    }
    let lengths = sequences.lengths(of: Array(keys.indices)) ?? []
    if let place = lengths.firstIndex(where: { $0 > shape[0] }) {
      throw InputError(
        file: table.file,
        "the sequence \(name(place)) has \(lengths[place]) steps, but model.input \(shape) has "
          + "room for \(shape[0])")
    }
    for (head, targets) in zip(network.heads, targetTables) where head.positions == nil {
      guard let targets else { continue }
      for place in keys.indices {
        let numbers = try targets.table.numbers(of: sequences.rows(of: [place]))
        guard numbers.repeats(every: targets.width) else {
          throw InputError(
            file: model, line: inputLine,
            "the rows of the sequence \(name(place)) have different targets, but the output is one "
              + "of a sequence")
        }
      }
    }
    parts.append(
      "\(keys.count.counted("sequence")) of \(lengths.min() ?? 0) to \(lengths.max() ?? 0) steps")
    return sequences
  }

  // MARK: Checks

  /// Holds examples against the network.
  private func check(_ data: Dataset) throws(InputError) {
    do { try network.check(data) } catch {
      throw InputError(file: refusal.file, line: refusal.line, error.message)
    }
  }

  /// Holds the classes of all examples against the network: some may have none of the last one.
  private func checkClasses(of table: ExampleTable) throws(InputError) {
    for (head, target) in zip(network.heads, table.targets) {
      guard let largest = target.form.largestClass else { continue }
      do {
        try head.loss.check(output: head.termShape, targets: .classes([largest], names: []))
      } catch { throw InputError(file: refusal.file, line: refusal.line, error.message) }
    }
  }

  // MARK: Words

  private func parts(of tables: [SourceTable]) -> [String] {
    var parts: [String] = []
    for table in tables {
      let shape =
        table.shape.count == 1
        ? table.width.counted("feature")
        : table.shape.map(String.init).joined(separator: " × ")
      parts.append(table.title + (table.notes + [shape]).joined(separator: ", "))
    }
    let gaps = tables.reduce(0) { $0 + $1.gaps }
    if settings.source.missing == .mean, gaps > 0 {
      parts.append("\(gaps.counted("missing value")) replaced by means")
    }
    return parts
  }

  private func described(_ parts: [String]) -> String {
    var parts = parts
    if case .steps(let steps) = settings.sequence {
      parts.append("\(steps) steps of \(network.inputShape.count / steps)")
    }
    if settings.streams { parts.append("read from disk") }
    return parts.joined(separator: ", ")
  }
}

extension SourceTable {
  /// Whether means take the place of what is missing.
  fileprivate func hasGaps(_ settings: DataSettings) -> Bool {
    settings.source.missing == .mean && gaps > 0
  }

  /// The rows without gaps where those with gaps are to be left out, else all.
  static func rowsToKeep(
    of tables: [SourceTable], missing: CSVSource.MissingValues, notes: inout [String]
  ) throws(InputError) -> ExampleRows {
    let rows = tables[0].rows
    guard rows < Int(UInt32.max) else {
      throw InputError(
        file: tables[0].file, "\(rows) rows, more than the \(UInt32.max) that are supported")
    }
    let gaps = missing == .dropRow ? Set(tables.flatMap(\.rowsWithGaps)) : []
    guard gaps.count < rows else {
      throw InputError(
        file: tables[0].file, "every row lacks a value, expected at least one whole row")
    }
    guard !gaps.isEmpty else { return .all(rows) }
    notes.append("\(gaps.count.counted("row")) with missing values left out")
    return .chosen((0..<UInt32(rows)).filter { !gaps.contains(Int($0)) })
  }
}

extension [Double] {
  /// Whether each `size` numbers are the same as the first ones.
  fileprivate func repeats(every size: Int) -> Bool {
    indices.allSatisfy { self[$0] == self[$0 % size] }
  }
}
