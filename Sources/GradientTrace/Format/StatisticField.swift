/// One scalar of a record: its name in every format, and how it is read and set.
///
/// The lists below are the one place that knows which scalars a trace holds; the SQLite file, JSON lines and CSV all
/// go through them.
struct StatisticField<Record>: Sendable {
  /// The name in SQLite, JSON lines and CSV.
  let name: String
  /// Whether the value is a whole number from 0.
  let isCount: Bool
  /// Whether JSON lines divide the value, taken of δ, by the loss's divisor.
  let scalesWithLoss: Bool
  let get: @Sendable (Record) -> Double?
  let set: @Sendable (inout Record, Double) -> Void

  /// A real number.
  static func real(
    _ name: String, scalesWithLoss: Bool = false,
    _ get: @escaping @Sendable (Record) -> Double?,
    _ set: @escaping @Sendable (inout Record, Double) -> Void
  ) -> Self {
    Self(name: name, isCount: false, scalesWithLoss: scalesWithLoss, get: get, set: set)
  }

  /// A whole number from 0.
  static func count(
    _ name: String,
    _ get: @escaping @Sendable (Record) -> Int?,
    _ set: @escaping @Sendable (inout Record, Int?) -> Void
  ) -> Self {
    Self(
      name: name, isCount: true, scalesWithLoss: false,
      get: { get($0).map(Double.init) },
      set: { set(&$0, Int(exactly: $1)) })
  }
}

extension TensorStatistics {
  /// The scalars of an activation or a δ.
  static let fields: [StatisticField<Self>] = [
    .count("count", { $0.count }, { $0.count = $1 }),
    .real("mean", scalesWithLoss: true, { $0.mean }, { $0.mean = $1 }),
    .real("rms", scalesWithLoss: true, { $0.rms }, { $0.rms = $1 }),
    .real("max", scalesWithLoss: true, { $0.max }, { $0.max = $1 }),
    .count("zeros", { $0.zeros }, { $0.zeros = $1 }),
    .count("nonFinite", { $0.nonFinite }, { $0.nonFinite = $1 }),
    .count("subnormal", { $0.subnormal }, { $0.subnormal = $1 }),
  ]
}

extension LayerRecord {
  /// The scalars of a layer as a whole.
  static let fields: [StatisticField<Self>] = [
    .count("silentUnits", { $0.silentUnits }, { $0.silentUnits = $1 }),
    .count("saturated", { $0.saturated }, { $0.saturated = $1 }),
    .count("calls", { $0.calls }, { $0.calls = $1 }),
  ]
}

extension ParameterStatistics {
  /// The scalars of a parameter; `frozen` counts as 0 or 1.
  static let fields: [StatisticField<Self>] = [
    .real("rms", { $0.rms }, { $0.rms = $1 }),
    .real("gradientRms", { $0.gradientRMS }, { $0.gradientRMS = $1 }),
    .real("gradientMax", { $0.gradientMax }, { $0.gradientMax = $1 }),
    .count("gradientZeros", { $0.gradientZeros }, { $0.gradientZeros = $1 }),
    .real("updateRms", { $0.updateRMS }, { $0.updateRMS = $1 }),
    .count("nonFinite", { $0.nonFinite }, { $0.nonFinite = $1 }),
    .count("gradientNonFinite", { $0.gradientNonFinite }, { $0.gradientNonFinite = $1 }),
    .count("distinctRows", { $0.distinctRows }, { $0.distinctRows = $1 }),
    .count("frozen", { $0.frozen.map { $0 ? 1 : 0 } }, { $0.frozen = $1.map { $0 != 0 } }),
  ]
}

extension StepRecord {
  /// The scalars of a step as a whole.
  static let fields: [StatisticField<Self>] = [
    .count("epoch", { $0.epoch }, { $0.epoch = $1 }),
    .real("loss", { $0.loss }, { $0.loss = $1 }),
    .real("validationLoss", { $0.validationLoss }, { $0.validationLoss = $1 }),
    .real("learningRate", { $0.learningRate }, { $0.learningRate = $1 }),
    .real("clipFactor", { $0.clipFactor }, { $0.clipFactor = $1 }),
    .count("examples", { $0.examples }, { $0.examples = $1 }),
    .real("lossDivisor", { $0.lossDivisor }, { $0.lossDivisor = $1 }),
  ]
}
