import Foundation

extension GradientCheck {
  /// The result as `gradcheck check --format json` writes it; equal results give equal text.
  public var jsonText: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
      return String(decoding: try encoder.encode(Document(self)), as: UTF8.self)
    }
  }
}

/// The keys of a check result, which other programs read.
private struct Document: Encodable {
  struct Tensor: Encodable {
    var name: String
    var layer: String
    var count: Int
    var checked: Int
    var passed: Int
    var failed: Int
    var unverifiable: Int
    var atKink: Int
    var relativeError: Double
    var worst: Entry?
    var signature: String?
    var equation: Int?
    var likelyCause: String?

    init(_ tensor: TensorCheck) {
      name = tensor.name
      layer = tensor.layer
      count = tensor.count
      checked = tensor.checked
      passed = tensor.passed
      failed = tensor.failed
      unverifiable = tensor.unverifiable
      atKink = tensor.atKink
      relativeError = tensor.relativeError
      worst = tensor.worst.map(Entry.init)
      signature = tensor.signature
      equation = tensor.equation?.rawValue
      likelyCause = tensor.likelyCause
    }

    /// An optional that is nil is written as null, as the format has it.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(layer, forKey: .layer)
      try container.encode(count, forKey: .count)
      try container.encode(checked, forKey: .checked)
      try container.encode(passed, forKey: .passed)
      try container.encode(failed, forKey: .failed)
      try container.encode(unverifiable, forKey: .unverifiable)
      try container.encode(atKink, forKey: .atKink)
      try container.encode(relativeError, forKey: .relativeError)
      try container.encode(worst, forKey: .worst)
      try container.encode(signature, forKey: .signature)
      try container.encodeIfPresent(equation, forKey: .equation)
      try container.encodeIfPresent(likelyCause, forKey: .likelyCause)
    }

    enum CodingKeys: CodingKey {
      case name, layer, count, checked, passed, failed, unverifiable, atKink, relativeError, worst
      case signature, equation, likelyCause
    }
  }

  struct Entry: Encodable {
    var index: [Int]
    var analytic: Double
    var numeric: Double
    var relativeError: Double
    var floor: Double
    var step: Double

    init(_ entry: EntryCheck) {
      index = entry.index
      analytic = entry.analytic
      numeric = entry.numeric
      relativeError = entry.relativeError
      floor = entry.floor
      step = entry.step
    }
  }

  var format = "gradient-check"
  var version = 1
  var verdict: CheckVerdict
  var seed: UInt64
  var evaluations: Int
  var tensors: [Tensor]
  var oracles: [String]

  init(_ check: GradientCheck) {
    verdict = check.verdict
    seed = check.seed
    evaluations = check.evaluations
    tensors = check.tensors.map(Tensor.init)
    oracles = check.oracles
  }
}
