import Backpropagation
import Foundation
public import GradientDiagnosis
public import GradientModelFiles
public import GzipIO

/// The model file that a cure leaves: the user's own, changed in the few places that the remedy asks for.
public struct CuredModel: Sendable {
  /// Where it is to lie.
  public let path: String
  /// The whole text.
  public let text: String
  /// Whether the trained weights that the model named are left out, since they don't fit what was changed.
  public let leavesOutWeights: Bool
  /// Whether it names files outside of its own folder and that folder's parent, which a command has to be told to allow.
  public let namesFilesOutside: Bool

  /// Makes the text of a cured model file for `path`.
  ///
  /// The paths in it are rewritten so that they hold from where it lies.
  ///
  /// - Parameters:
  ///   - attempt: the attempt that heals.
  ///   - finding: what it heals.
  ///   - file: the model file that it was tried on.
  ///   - path: where the cured one is to lie.
  /// - Throws: An `InputError` if the file can't be read any more, or is another one than that which was tried.
  public init(
    _ attempt: Attempt, of finding: Finding, in file: ModelFile, for path: String
  ) throws(InputError) {
    guard let recipe = attempt.recipe else {
      preconditionFailure("expected an attempt that was made, got one that was not tried")
    }
    var text = try ModelText(contentsOf: file.path)
    for change in recipe.changes { text.apply(change) }
    let from = Self.folder(of: file.path), to = Self.folder(of: path)
    if from != to { text.mapFiles { Self.relative($0, from: from, to: to) } }
    text.rename { "\($0)-cured" }
    let remedies = attempt.remedies.map(\.id).joined(separator: " and ")
    self.text =
      "# Cured by gradcheck of: \(Wording.symptom(finding.id)). Remedy: \(remedies) "
      + "(\(attempt.label)).\n" + text.text
    self.path = path
    leavesOutWeights = recipe.changes.contains(.dropWeights)
    try Self.check(text, says: recipe, at: path)
    namesFilesOutside = (try? text.modelFile(at: path, allowOutside: false)) == nil
  }

  /// Writes the file, replacing what stood there at once.
  ///
  /// - Throws: An `InputError` if it can't be written.
  public func write() throws(InputError) {
    let writer = try FileWriter(path: path)
    try writer.write(text)
    try writer.close()
  }

  /// The file must say what was tried, to the last argument.
  private static func check(
    _ text: ModelText, says recipe: Recipe, at path: String
  ) throws(InputError) {
    let read = Recipe(try text.modelFile(at: path, allowOutside: true))
    guard let read, read.isTrained(like: recipe) else {
      throw InputError(
        file: text.path, "has changed since it was tried; expected the file that was read first")
    }
  }

  /// The absolute path of a file's folder.
  private static func folder(of path: String) -> [String] {
    Array(URL(filePath: path).deletingLastPathComponent().standardizedFileURL.pathComponents)
  }

  /// A path that is meant from the folder `from`, as it is written in `to`.
  private static func relative(_ path: String, from: [String], to: [String]) -> String {
    guard !path.hasPrefix("/") else { return path }
    let base = URL(filePath: from.joined(separator: "/"), directoryHint: .isDirectory)
    let target = base.appending(path: path).standardizedFileURL.pathComponents
    let common = zip(target, to).prefix { $0 == $1 }.count
    let up = [String](repeating: "..", count: to.count - common)
    return (up + target.dropFirst(common)).joined(separator: "/")
  }
}

extension Recipe {
  /// Whether another recipe describes the same training, its seed and where its files lie apart.
  package func isTrained(like other: Recipe) -> Bool { figures == other.figures }

  /// All settings as text.
  private var figures: [String] {
    var trainer = trainer
    trainer.seed = 0
    let settings: [Any] = [
      inputs, losses, layers, weights.map { [$0.map.description, "\($0.isPartial)"] } ?? [],
      normalization, missing, length, trainer.rule, trainer.schedule, trainer.batch,
      trainer.accumulate, trainer.stopping, trainer.precision,
    ]
    return settings.map { String(reflecting: $0) }
  }
}
