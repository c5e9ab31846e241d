public import GradientTrace
import GzipIO

extension Preflight {
  /// The name under which a trace keeps the result.
  public static let document: String = "preflight"

  /// The result as `gradcheck run --format json` and a trace hold it; equal results give equal text.
  public var jsonText: String {
    get throws {
      try DocumentJSON.text(of: Document(self))
    }
  }

  /// Reads a result back from its JSON; nil if `json` is none.
  public init?(json: String) {
    guard let document = try? DocumentJSON.value(Document.self, from: json),
      document.format == Document.format, document.version == Document.version
    else { return nil }
    self.init(seed: document.seed)
    // A check that a later version makes is none that this one can speak of.
    warnings = document.warnings.compactMap(\.warning)
    passed = document.passed.filter { Check(rawValue: $0.id) != nil }.map {
      CheckedSymptom(id: $0.id, evidence: $0.evidence ?? "")
    }
    notChecked = document.notChecked.filter { Check(rawValue: $0.id) != nil }.map {
      UncheckedSymptom(id: $0.id, reason: $0.reason ?? "")
    }
    layers = document.layers
    overfit = document.overfit
  }
}

extension Preflight {
  /// The result that a trace keeps of the run before its first step; nil where it keeps none.
  ///
  /// - Throws: An `InputError` if what is kept is no preflight, or one of a later version.
  public static func kept(in trace: Trace) throws -> Preflight? {
    guard let json = try trace.document(document) else { return nil }
    if let preflight = Preflight(json: json) { return preflight }
    let head = try? DocumentJSON.value(DocumentHead.self, from: json)
    let isLater = head?.format == Document.format && head?.version ?? 0 > Document.version
    throw InputError(
      file: trace.path ?? "the trace",
      isLater
        ? "found version \(head?.version ?? 0) of the preflight kept in the trace, expected at most "
          + "\(Document.version)"
        : "the preflight kept in the trace can't be read")
  }
}

/// What tells whether a document is a preflight that this version reads.
private struct DocumentHead: Decodable {
  var format: String
  var version: Int
}

/// The keys of a preflight's result, which other programs read.
private struct Document: Codable {
  static let format = "gradient-preflight"
  /// The highest version that is read.
  static let version = 1

  struct Entry: Codable {
    var id: String
    var evidence: String?
    var reason: String?
  }

  struct WarningEntry: Codable {
    var id: String
    var layers: [String]
    var value: Double
    var limit: Double
    var message: String
    var cause: Cause
    var remedies: [Remedy]

    init(_ warning: Preflight.Warning) {
      id = warning.check.rawValue
      layers = warning.layers
      value = warning.value
      limit = warning.limit
      message = warning.message
      cause = warning.cause
      remedies = warning.remedies
    }

    var warning: Preflight.Warning? {
      Preflight.Check(rawValue: id).map {
        Preflight.Warning(
          $0, layers: layers, value: value, limit: limit, message: message,
          cause: cause, remedies: remedies)
      }
    }
  }

  var format = Document.format
  var version = Document.version
  var verdict: String
  var seed: UInt64
  var warnings: [WarningEntry]
  var passed: [Entry]
  var notChecked: [Entry]
  var layers: [Preflight.LayerScale]
  var overfit: Preflight.Overfit?

  init(_ preflight: Preflight) {
    verdict = preflight.warnings.isEmpty ? "pass" : "warning"
    seed = preflight.seed
    warnings = preflight.warnings.map(WarningEntry.init)
    passed = preflight.passed.map { Entry(id: $0.id, evidence: $0.evidence) }
    notChecked = preflight.notChecked.map { Entry(id: $0.id, reason: $0.reason) }
    layers = preflight.layers
    overfit = preflight.overfit
  }
}
