import Foundation
public import GzipIO

extension RunBaseline {
  /// The baseline as a file keeps it; equal baselines give equal text.
  public var jsonText: String {
    get throws { try DocumentJSON.text(of: Document(self)) }
  }

  /// Writes the baseline to a file, which is replaced only by a complete one.
  ///
  /// - Throws: An `InputError` if the file can't be written.
  public func write(to path: String) throws {
    let text = try jsonText
    let file = try FileWriter(path: path)
    try file.write(Data((text + "\n").utf8))
    try file.close()
  }

  /// Reads a baseline that ``write(to:)`` wrote.
  ///
  /// - Throws: An `InputError` if it can't be read, is no baseline, or one of a later version.
  public init(contentsOf path: String, limit: Int = FileReader.defaultLimit) throws {
    let text = String(decoding: try FileReader(path: path, limit: limit).readToEnd(), as: UTF8.self)
    guard let form = try? DocumentJSON.value(Form.self, from: text),
      form.format == Document.format
    else {
      throw InputError(
        file: path, "is no baseline, expected one that `gradcheck baseline update` wrote")
    }
    guard form.version == Document.version else {
      throw InputError(
        file: path, "is of version \(form.version), expected version \(Document.version)")
    }
    guard let document = try? DocumentJSON.value(Document.self, from: text),
      let baseline = RunBaseline(document)
    else { throw InputError(file: path, "is damaged: it can't be read as a baseline") }
    self = baseline
  }

  private init?(_ document: Document) {
    guard !document.runs.isEmpty, document.firstStep <= document.lastStep, document.firstStep >= 0
    else { return nil }
    self.init(
      steps: document.firstStep...document.lastStep, layers: document.layers,
      profiles: document.runs.map { run in
        ScaleProfile(
          sizes: Dictionary(
            run.sizes.compactMap { name, sizes in
              RunComparison.Quantity(rawValue: name).map { ($0, sizes) }
            }, uniquingKeysWith: { first, _ in first }), loss: run.loss)
      })
  }
}

/// What tells a baseline from other documents.
private struct Form: Decodable {
  var format: String
  var version: Int
}

/// The keys of a baseline.
private struct Document: Codable {
  struct Run: Codable {
    var loss: Double
    /// By quantity and layer.
    var sizes: [String: [String: ScaleProfile.Size]]
  }

  static let format = "gradient-baseline"
  static let version = 1

  var format = Self.format
  var version = Self.version
  var firstStep: Int
  var lastStep: Int
  var layers: [String]
  var runs: [Run]

  init(_ baseline: RunBaseline) {
    firstStep = baseline.steps?.lowerBound ?? 0
    lastStep = baseline.steps?.upperBound ?? 0
    layers = baseline.layers
    runs = baseline.profiles.map { profile in
      Run(
        loss: profile.loss,
        sizes: Dictionary(
          uniqueKeysWithValues: profile.sizes.map { ($0.key.rawValue, $0.value) }))
    }
  }
}
