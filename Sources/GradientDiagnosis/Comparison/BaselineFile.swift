import Foundation
public import GradientTrace
public import GzipIO

/// A file of baselines, one for each model, against which later runs are held.
///
/// ```swift
/// let file = try BaselineFile(contentsOf: "baseline.json")
/// let comparison = try file.comparison(of: "digits", with: trace)
/// ```
/// `gradcheck baseline update` writes it; it belongs into version control, beside the models.
public struct BaselineFile: Sendable, Equatable {
  /// The file as the user named it.
  public let path: String
  /// The baselines, by the names of their models.
  public var baselines: [String: RunBaseline]

  /// Begins a file without a baseline; ``write()`` creates it.
  public init(path: String) {
    self.path = path
    baselines = [:]
  }

  /// Reads a file that ``write()`` wrote.
  ///
  /// - Throws: An `InputError` if it can't be read, holds no baselines, or is of a later version.
  public init(contentsOf path: String, limit: Int = FileReader.defaultLimit) throws {
    self.path = path
    let text = String(decoding: try FileReader(path: path, limit: limit).readToEnd(), as: UTF8.self)
    guard let head = try? DocumentJSON.value(Head.self, from: text), head.format == Document.format
    else {
      throw InputError(
        file: path, "is no baseline, expected one that `gradcheck baseline update` wrote")
    }
    guard head.version == Document.version else {
      throw InputError(
        file: path, "is of version \(head.version), expected version \(Document.version)")
    }
    guard let document = try? DocumentJSON.value(Document.self, from: text) else {
      throw InputError(file: path, "is damaged: it can't be read as a baseline")
    }
    baselines = try document.baselines.reduce(into: [:]) { baselines, entry in
      guard let baseline = RunBaseline(entry.value) else {
        throw InputError(
          file: path, "is damaged: the baseline of \(entry.key.quoted) can't be read")
      }
      baselines[entry.key] = baseline
    }
  }

  /// The file as text; equal baselines give equal text.
  public var jsonText: String {
    get throws { try DocumentJSON.text(of: Document(baselines)) }
  }

  /// Writes the file, which is replaced only by a complete one.
  ///
  /// - Throws: An `InputError` if it can't be written.
  public func write() throws {
    let text = try jsonText
    let file = try FileWriter(path: path)
    try file.write(text + "\n")
    try file.close()
  }

  /// Holds a run against the baseline of its model.
  ///
  /// - Parameters:
  ///   - name: What the model is called.
  ///   - run: The run.
  ///   - subject: The model file or trace that it stems from, for the command that a message names.
  /// - Returns: What differs.
  /// - Throws: An `InputError` if there is no baseline of that name, if it is of a model with other weights, or if the run
  ///   ends before the steps that it was measured on; what reading the trace throws.
  public func comparison(
    of name: String, with run: Trace, from subject: String = "MODEL"
  ) throws -> RunComparison {
    let mend = "`gradcheck baseline update \(subject) --baseline \(path)`"
    guard let baseline = baselines[name] else {
      let known = baselines.keys.sorted().map(\.quoted).joined(separator: ", ")
      throw InputError(
        file: path,
        "has no baseline of \(name.quoted), "
          + (known.isEmpty ? "and no other" : "only of \(known)") + "; \(mend) measures it")
    }
    if let difference = baseline.difference(from: run.header) {
      throw InputError(
        file: path,
        "the baseline of \(name.quoted) is of another model: \(difference); \(mend) measures it anew"
      )
    }
    if let steps = baseline.steps, let lack = try Self.lack(of: steps, in: run) {
      throw InputError(
        file: path,
        "the baseline of \(name.quoted) is of steps \(steps.lowerBound.grouped) to "
          + "\(steps.upperBound.grouped), and \(lack); \(mend) measures it anew")
    }
    return try RunComparison(of: baseline, with: run)
  }

  /// Why a run can't be held against these steps: it hasn't half of them; nil where it has.
  private static func lack(of steps: ClosedRange<Int>, in run: Trace) throws -> String? {
    let middle = steps.lowerBound + (steps.upperBound - steps.lowerBound) / 2
    if let last = try run.lastStep(), last < middle {
      return "the run ends at step \(last.grouped)"
    }
    if let first = try run.firstWholeStep(), first > middle {
      return "the run's trace is whole from step \(first.grouped) on"
    }
    return nil
  }
}

/// What tells the file from others.
private struct Head: Decodable {
  var format: String
  var version: Int
}

/// The keys of the file.
private struct Document: Codable {
  struct Baseline: Codable {
    var firstStep: Int
    var lastStep: Int
    var layers: [String]
    var weights: [String: [Int]]
    var runs: [Run]
  }

  struct Run: Codable {
    var loss: Double
    /// By quantity and layer.
    var sizes: [String: [String: ScaleProfile.Size]]
  }

  static let format = "gradient-baseline"
  static let version = 1

  var format = Self.format
  var version = Self.version
  var baselines: [String: Baseline]

  init(_ baselines: [String: RunBaseline]) {
    self.baselines = baselines.compactMapValues { baseline in
      baseline.steps.map { steps in
        Baseline(
          firstStep: steps.lowerBound, lastStep: steps.upperBound, layers: baseline.layers,
          weights: baseline.weights, runs: baseline.profiles.map(Run.init))
      }
    }
  }
}

extension Document.Run {
  init(_ profile: ScaleProfile) {
    self.init(
      loss: profile.loss,
      sizes: Dictionary(
        uniqueKeysWithValues: profile.sizes.map { ($0.key.rawValue, $0.value) }))
  }

  /// What was measured; a quantity of a later version is passed over.
  var profile: ScaleProfile {
    let known = sizes.compactMap { name, sizes in
      RunComparison.Quantity(rawValue: name).map { ($0, sizes) }
    }
    return ScaleProfile(
      sizes: Dictionary(known, uniquingKeysWith: { first, _ in first }), loss: loss)
  }
}

extension RunBaseline {
  /// What no step's number reaches.
  private static let stepLimit = 1 << 53

  /// What the file holds; nil where it holds no run, or steps that are none.
  fileprivate init?(_ document: Document.Baseline) {
    guard !document.runs.isEmpty, document.firstStep >= 0,
      document.firstStep <= document.lastStep, document.lastStep < Self.stepLimit
    else { return nil }
    self.init(
      steps: document.firstStep...document.lastStep, layers: document.layers,
      weights: document.weights, profiles: document.runs.map(\.profile))
  }
}
