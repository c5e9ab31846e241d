import GzipIO

extension Diagnosis {
  /// The diagnosis as a JSON document (`gradient-diagnosis`, version 1), the same bytes for the same diagnosis.
  ///
  /// Numbers that are not finite are the strings `"NaN"`, `"Infinity"` and `"-Infinity"`.
  ///
  /// - Throws: Never in practice; the encoder's error if it meets a value that JSON cannot hold.
  public func json() throws -> String {
    try DocumentJSON.text(of: DiagnosisDocument(self))
  }
}

/// The document's shape, with its keys as others read them.
private struct DiagnosisDocument: Encodable {
  var format = "gradient-diagnosis"
  var version = 1
  var verdict: String
  var rootCause: Nullable<Int>
  var findings: [FindingDocument]
  var passed: [Entry]
  var notChecked: [Entry]
  var steps: Int
  var reason: String
  var thresholdsVersion = Thresholds.version

  struct Entry: Encodable {
    var id: String
    var evidence: String?
    var reason: String?
  }

  init(_ diagnosis: Diagnosis) {
    verdict = diagnosis.verdict.rawValue
    rootCause = Nullable(diagnosis.rootCause)
    findings = diagnosis.findings.map(FindingDocument.init)
    passed = diagnosis.passed.map { Entry(id: $0.id, evidence: $0.evidence) }
    notChecked = diagnosis.notChecked.map { Entry(id: $0.id, reason: $0.reason) }
    steps = diagnosis.steps
    reason = diagnosis.reason
  }
}

private struct FindingDocument: Encodable {
  var id: String
  var severity: String
  var layer: Nullable<String>
  var layers: [String]
  var firstStep: Int
  var raisedAtStep: Int
  var lastStep: Int
  var statistic: String
  var value: Double
  var threshold: Double
  var healthy: Nullable<[Double]>
  var cause: Cause
  var causedBy: Nullable<Int>
  var message: String
  var remedies: [Remedy]
  var evidence: EvidenceDocument?

  struct EvidenceDocument: Encodable {
    var title: String
    var values: [Value]

    struct Value: Encodable {
      var layer: String
      var value: Double
    }
  }

  init(_ finding: Finding) {
    id = finding.id
    severity = finding.severity.rawValue
    layer = Nullable(finding.layer)
    layers = finding.layers
    firstStep = finding.firstStep
    raisedAtStep = finding.raisedAtStep
    lastStep = finding.lastStep
    statistic = finding.statistic
    value = finding.value
    threshold = finding.threshold
    healthy = Nullable(finding.healthy.map { [$0.lowerBound, $0.upperBound] })
    cause = finding.cause
    causedBy = Nullable(finding.causedBy)
    message = finding.message
    remedies = finding.remedies
    evidence = finding.evidence.map { evidence in
      EvidenceDocument(
        title: evidence.title,
        values: evidence.values.map { .init(layer: $0.layer, value: $0.value) })
    }
  }
}

/// A value that is written as `null` where it is missing, instead of being left out.
private struct Nullable<Value: Encodable>: Encodable {
  var value: Value?

  init(_ value: Value?) { self.value = value }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let value { try container.encode(value) } else { try container.encodeNil() }
  }
}
