public import Backpropagation
public import GzipIO

/// The examples of a model file, split and normalized, and what was decided when they were read.
public struct ModelData: Sendable {
  /// The parts for training, validation and test.
  public let split: DataSplit
  /// What `auto` took: `no header, 64 features, target: last column, 10 classes`.
  public let description: String
}

extension ModelFile {
  /// Reads the examples that the model file names, splits and normalizes them; nil if it names none.
  ///
  /// Of each file at most `limit` bytes are read, unpacked.
  ///
  /// - Throws: An ``InputError`` with the file and line of what can't be read or doesn't fit the network.
  public func readData(limit: Int = FileReader.defaultLimit) throws(InputError) -> ModelData? {
    guard let data else { return nil }
    let examples = try ExampleReader(
      settings: data, network: network, model: path, inputLine: inputLine, limit: limit
    ).read()
    let dataset = examples.dataset
    do { try network.check(dataset.forChecking) } catch {
      throw InputError(file: path, line: outputLine, error.message)
    }
    let split = data.split
    let parts = dataset.split(
      train: split.train, validation: split.validation, test: split.test, seed: split.seed,
      stratify: split.stratify)
    guard parts.training.count > 0 else {
      throw InputError(
        file: path, line: dataLine,
        "of \(counted(dataset.count, "example")) none is left for training")
    }
    let filled = DataSplit(
      training: parts.training.fillingGaps(withMeansOf: parts.training),
      validation: parts.validation.fillingGaps(withMeansOf: parts.training),
      test: parts.test.fillingGaps(withMeansOf: parts.training))
    let indices = network.nodes.prefix(network.inputCount).map(\.name)
      .filter { network.vocabulary(ofInput: $0) != nil }
    var normalized = filled.normalized(data.normalization, except: Set(indices))
    let places = data.targets.indices.filter { data.targets[$0] == .input }
    normalized = DataSplit(
      training: normalized.training.targetingInput(at: places),
      validation: normalized.validation.targetingInput(at: places),
      test: normalized.test.targetingInput(at: places))
    var description = examples.description
    if let batch = training?.batch, batch > parts.training.count {
      description +=
        ", every batch is the whole training part (\(parts.training.count) of \(batch))"
    }
    return ModelData(split: normalized, description: description)
  }
}

extension ModelFile {
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
    let examples = try ExampleReader(
      settings: DataSettings(batch: file, for: network), network: network, model: path,
      inputLine: inputLine, limit: limit
    ).read()
    do { try network.check(examples.dataset) } catch {
      throw InputError(file: file, error.message)
    }
    return examples.dataset
  }
}

extension Dataset {
  /// The examples with 0 where a value is missing, whose place a mean will take.
  fileprivate var forChecking: Dataset {
    mappingInputs { $0.values.map { $0.isNaN ? 0 : $0 } }
  }

  /// The examples with the first input as the targets at `places`.
  fileprivate func targetingInput(at places: [Int]) -> Dataset {
    guard !places.isEmpty else { return self }
    var sets = targetSets
    for place in places {
      sets[place] = .values(features[0].values, perExample: features[0].shape.count)
    }
    return Dataset(features: features, targetSets: sets, lengths: lengths)
  }
}
