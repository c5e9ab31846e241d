public import Backpropagation
public import GzipIO

/// The examples of a model file, split and normalized, and what was decided when they were read.
public struct ModelData: Sendable {
  /// The parts for training, validation and test.
  public let split: DataSplit
  /// What `auto` took: `no header, 64 features, target: last column, 10 classes`.
  public let description: String
}

/// The same as training takes them: in memory, or read from disk batch by batch.
package struct TrainingExamples: Sendable {
  package let data: any TrainingData
  package let description: String
}

extension ModelFile {
  /// Reads the examples that the model file names, splits and normalizes them; nil if it names none.
  ///
  /// They are held in memory, also where the file says `stream: true`. Of each file at most `limit` bytes are read,
  /// unpacked.
  ///
  /// - Throws: An ``InputError`` with the file and line of what can't be read or doesn't fit the network.
  public func readData(limit: Int = FileReader.defaultLimit) throws(InputError) -> ModelData? {
    guard let examples = try PreparedExamples(self, limit: limit) else { return nil }
    return ModelData(split: try examples.split, description: examples.description)
  }

  /// Reads the examples as ``readData(limit:)`` does, but leaves them on disk where the file says `stream: true`.
  ///
  /// Whatever could be wrong with them is found before the first step all the same.
  package func trainingExamples(
    limit: Int = FileReader.defaultLimit
  ) throws(InputError) -> TrainingExamples? {
    guard let examples = try PreparedExamples(self, limit: limit) else { return nil }
    guard data?.streams == true else {
      return TrainingExamples(data: try examples.split, description: examples.description)
    }
    try examples.check(against: network)
    return TrainingExamples(
      data: StreamedSplit(examples.table, examples.parts), description: examples.description)
  }

  /// Reads a batch from an NPZ file: an array called as each input, which is `input` where there is only one, and one for
  /// each loss's targets, called `target` where there is only one; the first axis counts the examples.
  ///
  /// - Throws: An ``InputError`` with what can't be read or doesn't fit the network.
  public func readBatch(
    _ file: String, limit: Int = FileReader.defaultLimit
  ) throws(InputError) -> Dataset {
    guard DataSource.format(of: file) == .npz else {
      throw InputError(file: file, "is no .npz file, expected an archive of arrays")
    }
    let table = try ExampleReader(
      settings: DataSettings(batch: file, for: network), network: network, model: path,
      inputLine: inputLine, refusal: (file, nil), limit: limit
    ).read().table
    return try table.examples(Array(0..<table.count))
  }
}

/// A model file's examples with what is done to their inputs, and which of them are for what.
private struct PreparedExamples {
  let table: ExampleTable
  let parts: SplitIndices
  let description: String

  /// Reads and splits the examples of a model file; nil if it names none.
  init?(_ file: ModelFile, limit: Int) throws(InputError) {
    guard let settings = file.data else { return nil }
    let examples = try ExampleReader(
      settings: settings, network: file.network, model: file.path, inputLine: file.inputLine,
      refusal: (file.path, file.outputLine), limit: limit
    ).read()
    var table = examples.table
    let split = settings.split
    parts = SplitIndices(
      of: table.count, groups: split.stratify ? try table.classes() : nil, train: split.train,
      validation: split.validation, test: split.test, seed: split.seed)
    guard !parts.training.isEmpty else {
      throw InputError(
        file: file.path, line: file.dataLine,
        "of \(table.count.counted("example")) none is left for training")
    }
    let network = file.network
    let indices = network.nodes.prefix(network.inputCount).map(\.name)
      .filter { network.vocabulary(ofInput: $0) != nil }
    // In the order of the files, in which a stream is read once and not in pieces.
    try table.prepare(
      settings.normalization, fittedTo: parts.training.sorted(), except: Set(indices))
    self.table = table
    var description = examples.description
    if let batch = file.training?.batch, batch > parts.training.count {
      description +=
        ", every batch is the whole training part (\(parts.training.count) of \(batch))"
    }
    self.description = description
  }

  /// The parts in memory.
  var split: DataSplit {
    get throws(InputError) {
      DataSplit(
        training: try table.examples(parts.training.map { Int($0) }),
        validation: try table.examples(parts.validation.map { Int($0) }),
        test: try table.examples(parts.test.map { Int($0) }))
    }
  }

  /// Holds all examples against the network, where it doesn't take any number.
  func check(against network: NeuralNetwork) throws(InputError) {
    let takesIndices = table.inputs.contains { network.vocabulary(ofInput: $0.name) != nil }
    guard takesIndices || table.targets.contains(where: { $0.form.largestClass == nil }) else {
      return
    }
    try table.forEachPart(of: Array(0..<UInt32(table.count))) { part throws(InputError) in
      _ = try table.examples(part)
    }
  }
}
