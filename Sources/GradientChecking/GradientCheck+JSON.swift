import GzipIO

extension GradientCheck {
  /// The result as `gradcheck check --format json` writes it; equal results give equal text.
  public var jsonText: String {
    get throws {
      try DocumentJSON.text(of: Document(self))
    }
  }
}

extension GradientCheck {
  /// Reads a result back from its JSON; nil if `json` is none.
  public init?(json: String) {
    guard let document = try? DocumentJSON.value(Document.self, from: json),
      document.format == "gradient-check", document.version == 1
    else { return nil }
    self.init(
      seed: document.seed, evaluations: document.evaluations,
      tensors: document.tensors.map(\.check), oracles: document.oracles,
      mostUnverifiable: document.mostUnverifiable)
    obstacle = document.obstacle
    effects = document.effects?.map(\.effect) ?? []
    curve = document.curve
    float = document.float
    notes = document.notes ?? []
    if let secondOrder = document.secondOrder { self = adding(secondOrder) }
    if let obstacle = document.obstacle { give(up: obstacle) }
  }
}

/// The keys of a check result, which other programs read.
private struct Document: Codable {
  struct Tensor: Codable {
    var name: String
    var layer: String
    var isWholeNetwork: Bool
    var count: Int
    var checked: Int
    var passed: Int
    var failed: Int
    var unverifiable: Int
    var atKink: Int
    var relativeError: Double
    var worst: Entry?
    var entries: [Entry]?
    var tallies: [OracleTally]?
    var signature: String?
    var equation: Int?
    var likelyCause: String?

    init(_ tensor: TensorCheck) {
      name = tensor.name
      layer = tensor.layer
      isWholeNetwork = tensor.isWholeNetwork
      count = tensor.count
      checked = tensor.checked
      passed = tensor.passed
      failed = tensor.failed
      unverifiable = tensor.unverifiable
      atKink = tensor.atKink
      relativeError = tensor.relativeError
      worst = tensor.worst.map(Entry.init)
      entries = tensor.entries.map(Entry.init)
      tallies = tensor.tallies
      signature = tensor.signature
      equation = tensor.equation?.rawValue
      likelyCause = tensor.likelyCause
    }

    var check: TensorCheck {
      var check = TensorCheck(
        name: name, layer: layer, count: count, checked: checked, passed: passed, failed: failed,
        unverifiable: unverifiable, atKink: atKink, worst: worst?.check, signature: signature)
      check.isWholeNetwork = isWholeNetwork
      check.relativeError = relativeError
      check.entries = (entries ?? []).map(\.check)
      check.tallies = tallies ?? []
      check.equation = equation.flatMap(BackpropagationEquation.init)
      check.likelyCause = likelyCause
      return check
    }

    /// An optional that is nil is written as null, as the format has it.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(layer, forKey: .layer)
      try container.encode(isWholeNetwork, forKey: .isWholeNetwork)
      try container.encode(count, forKey: .count)
      try container.encode(checked, forKey: .checked)
      try container.encode(passed, forKey: .passed)
      try container.encode(failed, forKey: .failed)
      try container.encode(unverifiable, forKey: .unverifiable)
      try container.encode(atKink, forKey: .atKink)
      try container.encode(relativeError, forKey: .relativeError)
      try container.encode(worst, forKey: .worst)
      try container.encode(entries, forKey: .entries)
      try container.encode(tallies, forKey: .tallies)
      try container.encode(signature, forKey: .signature)
      try container.encodeIfPresent(equation, forKey: .equation)
      try container.encodeIfPresent(likelyCause, forKey: .likelyCause)
    }

    enum CodingKeys: CodingKey {
      case name, layer, isWholeNetwork, count, checked, passed, failed, unverifiable, atKink
      case relativeError, worst, entries, tallies, signature, equation, likelyCause
    }
  }

  struct Entry: Codable {
    var index: [Int]
    var analytic: Double
    var numeric: Double
    var relativeError: Double
    var floor: Double
    var step: Double
    var verdict: CheckVerdict
    var atKink: Bool?
    var kink: Kink?
    var slopes: ClosedRange<Double>?
    var oracle: NumericOracle?
    var secondOpinion: EntryCheck.SecondOpinion?

    init(_ entry: EntryCheck) {
      index = entry.index
      analytic = entry.analytic
      numeric = entry.numeric
      relativeError = entry.relativeError
      floor = entry.floor
      step = entry.step
      verdict = entry.verdict
      atKink = entry.isAtKink
      kink = entry.kink
      slopes = entry.slopes
      oracle = entry.oracle
      secondOpinion = entry.secondOpinion
    }

    var check: EntryCheck {
      var check = EntryCheck(
        index: index, analytic: analytic, numeric: numeric, relativeError: relativeError,
        floor: floor, step: step, verdict: verdict)
      check.isAtKink = atKink ?? false
      check.kink = kink
      check.slopes = slopes
      check.oracle = oracle ?? .finiteDifference
      check.secondOpinion = secondOpinion
      return check
    }
  }

  /// A weight's effect, with the sentence that tells it.
  struct Effect: Codable {
    var effect: WeightEffect

    init(_ effect: WeightEffect) { self.effect = effect }
    init(from decoder: any Decoder) throws { effect = try WeightEffect(from: decoder) }

    func encode(to encoder: any Encoder) throws {
      try effect.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(effect.text, forKey: .text)
    }

    enum CodingKeys: CodingKey { case text }
  }

  var format = "gradient-check"
  var version = 1
  var verdict: CheckVerdict
  var seed: UInt64
  var evaluations: Int
  var mostUnverifiable: Double?
  var tensors: [Tensor]
  var oracles: [String]
  var obstacle: String?
  var notes: [String]?
  var tallies: [OracleTally]?
  var effects: [Effect]?
  var curve: StepCurve?
  var float: FloatComparison?
  var secondOrder: SecondOrder?

  init(_ check: GradientCheck) {
    verdict = check.verdict
    seed = check.seed
    evaluations = check.evaluations
    mostUnverifiable = check.mostUnverifiable
    tensors = check.tensors.map(Tensor.init)
    oracles = check.oracles
    obstacle = check.obstacle
    notes = check.notes.isEmpty ? nil : check.notes
    tallies = check.tallies
    effects = check.effects.map(Effect.init)
    curve = check.curve
    float = check.float
    secondOrder = check.secondOrder
  }
}
