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
    guard Document.versions.contains(head.version) else {
      throw InputError(
        file: path,
        "is of version \(head.version), expected one up to version \(Document.versions.upperBound)")
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
    /// The first steps; version 1 has none.
    var start: Window?
  }

  struct Window: Codable {
    var firstStep: Int
    var lastStep: Int
    var runs: [Run]
  }

  struct Run: Codable {
    var loss: Double
    /// By quantity and layer.
    var sizes: [String: [String: ScaleProfile.Size]]
  }

  static let format = "gradient-baseline"
  /// Those that are read; the last is written.
  static let versions = 1...2

  var format = Self.format
  var version = Self.versions.upperBound
  var baselines: [String: Baseline]

  init(_ baselines: [String: RunBaseline]) {
    self.baselines = baselines.compactMapValues { baseline in
      baseline.end.map { end in
        Baseline(
          firstStep: end.steps.lowerBound, lastStep: end.steps.upperBound,
          layers: baseline.layers, weights: baseline.weights, runs: end.profiles.map(Run.init),
          start: baseline.start.map {
            Window(
              firstStep: $0.steps.lowerBound, lastStep: $0.steps.upperBound,
              runs: $0.profiles.map(Run.init))
          })
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
  /// What the file holds; nil where it holds no run, or steps that are none.
  fileprivate init?(_ document: Document.Baseline) {
    guard let end = Window(document.firstStep, document.lastStep, document.runs) else { return nil }
    let start = document.start.map { Window($0.firstStep, $0.lastStep, $0.runs) }
    if let start, start?.profiles.count != end.profiles.count { return nil }
    self.init(
      runs: end.profiles.count, layers: document.layers, weights: document.weights,
      start: start.flatMap(\.self), end: end)
  }
}

extension RunBaseline.Window {
  /// What no step's number reaches.
  private static let stepLimit = 1 << 53

  fileprivate init?(_ firstStep: Int, _ lastStep: Int, _ runs: [Document.Run]) {
    guard !runs.isEmpty, firstStep >= 0, firstStep <= lastStep, lastStep < Self.stepLimit else {
      return nil
    }
    self.init(steps: firstStep...lastStep, profiles: runs.map(\.profile))
  }
}
