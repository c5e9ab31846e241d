import Foundation
import GradientModelFiles

/// The folder of this package.
let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// An example's model file.
func example(_ name: String) throws -> ModelFile {
  try ModelFile(contentsOf: package.appending(path: "Examples/\(name)/model.yaml").path)
}

/// A folder of one test's own, removed with it, beside a copy of the digits.
final class ModelFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "trials-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: path + "/models", withIntermediateDirectories: true)
    try FileManager.default.createDirectory(
      atPath: path + "/data", withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: package.appending(path: "Examples/data/digits.csv.gz").path,
      toPath: path + "/data/digits.csv.gz")
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a model file on the digits, given its layers and how it is trained.
  func model(
    _ name: String, layers: [String], optimizer: String = "{sgd: {learning-rate: 0.1}}",
    more: String = "", input: String = "[64]", loss: String = "loss: softmax-cross-entropy"
  ) throws -> ModelFile {
    let file = path + "/models/\(name).yaml"
    let text = """
      model:
        input: \(input)
        layers:
      \(layers.map { "    - \($0)" }.joined(separator: "\n"))
      \(loss)
      data:
        file: ../data/digits.csv.gz
        normalize: standard
      training:
        batch: 32
        steps: 200
        optimizer: \(optimizer)
      \(more)
      """
    try Data(text.utf8).write(to: URL(filePath: file))
    return try ModelFile(contentsOf: file)
  }
}
