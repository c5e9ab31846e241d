import GradientDiagnosis
import GzipIO

extension Sweep {
  /// The result as `gradcheck sweep --format json` writes it; equal results give equal text.
  public var jsonText: String {
    get throws {
      try DocumentJSON.text(of: Document(self))
    }
  }
}

/// The keys of a sweep's result, which other programs read.
private struct Document: Encodable {
  struct Part: Encodable {
    var dimension: Sweep.Dimension
    var sizes: [Double]
    var subject: String
    var lines: [Sweep.Line]
    var judgments: [Judgment]
  }

  struct Judgment: Encodable {
    var quantity: Sweep.Quantity
    var trend: Sweep.Trend
    var severity: String
    var layers: [String]
    var slope: Double?
    var limit: Double
    var message: String
    var cause: Cause?
    var remedies: [Remedy]

    init(_ judgment: Sweep.Judgment) {
      quantity = judgment.quantity
      trend = judgment.trend
      severity = judgment.severity.rawValue
      layers = judgment.layers
      slope = judgment.slope
      limit = judgment.limit
      message = judgment.message
      cause = judgment.cause
      remedies = judgment.remedies
    }
  }

  var format = "gradient-sweep"
  var version = 1
  var severity: String
  var examples: Int
  var seeds: Int
  var steps: Int?
  var optimizer: String?
  var parts: [Part]
  var notes: [String]

  init(_ sweep: Sweep) {
    severity = sweep.severity.rawValue
    examples = sweep.examples
    seeds = sweep.seeds
    steps = sweep.steps
    optimizer = sweep.optimizer
    notes = sweep.notes
    parts = sweep.parts.map { part in
      Part(
        dimension: part.dimension, sizes: part.sizes, subject: part.subject, lines: part.lines,
        judgments: part.judgments.map(Judgment.init))
    }
  }
}
