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
    var source = data.source
    source.limit = limit
    let content = try source.readKeepingGaps()
    let examples = content.dataset
    guard examples.inputShape.count == network.inputShape.count else {
      throw InputError(
        file: path, line: inputLine,
        "model.input is \(network.inputShape), but \(source.file.quotable) has "
          + "\(counted(examples.inputShape.count, "feature"))")
    }
    let shaped = Dataset(
      inputShape: network.inputShape, inputs: examples.inputs, targets: examples.targets)
    do { try network.check(shaped) } catch {
      throw InputError(file: path, line: outputLine, error.message)
    }
    let split = data.split
    let parts = shaped.split(
      train: split.train, validation: split.validation, test: split.test, seed: split.seed,
      stratify: split.stratify)
    guard parts.training.count > 0 else {
      throw InputError(
        file: path, line: dataLine,
        "of \(counted(shaped.count, "example")) none is left for training")
    }
    let filled = DataSplit(
      training: parts.training.fillingGaps(withMeansOf: parts.training),
      validation: parts.validation.fillingGaps(withMeansOf: parts.training),
      test: parts.test.fillingGaps(withMeansOf: parts.training))
    return ModelData(
      split: filled.normalized(data.normalization), description: content.description)
  }
}
