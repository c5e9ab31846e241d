/// A learning rate that falls when the loss no longer does: α ← max(m, γα) after so many epochs without a new best one.
///
/// The loss is that of the validation part; without one, the mean of the epoch's batches. It is a new best one where it is
/// below (1 − threshold) times the one before.
public struct PlateauSchedule: Schedule {
  /// What each fall multiplies the learning rate by, γ.
  public var factor: Double
  /// How many epochs without a new best loss are put up with.
  public var patience: Int
  /// By what share a loss must lie below the best one to take its place.
  public var threshold: Double
  /// The epochs after a fall that don't count.
  public var cooldown: Int
  /// What the learning rate falls to at most, m.
  public var minimum: Double
  public var steps: Int?

  private var best = Double.infinity
  private var badEpochs = 0.0
  private var cooling = 0.0
  private var falls = 0.0

  /// Creates a schedule.
  public init(
    factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4, cooldown: Int = 0,
    minimum: Double = 0, steps: Int? = nil
  ) {
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.cooldown = cooldown
    self.minimum = minimum
    self.steps = steps
  }

  public var id: String { "plateau" }

  public var memory: [Double] {
    get { [best, badEpochs, cooling, falls] }
    set {
      guard newValue.count == 4 else { return }
      (best, badEpochs, cooling, falls) = (newValue[0], newValue[1], newValue[2], newValue[3])
    }
  }

  public func learningRate(_ rate: Double, at step: Int, of count: Int) -> Double {
    var rate = rate
    for _ in 0..<Int(falls) {
      let lower = max(rate * factor, minimum)
      // As PyTorch does, leave out falls that change nothing.
      if rate - lower > 1e-8 { rate = lower }
    }
    return rate
  }

  public mutating func epochEnded(loss: Double) {
    // The first loss is the best one, whatever its sign; PyTorch's rule for later ones.
    if best == .infinity ? loss < best : loss < best * (1 - threshold) {
      best = loss
      badEpochs = 0
    } else {
      badEpochs += 1
    }
    if cooling > 0 {
      cooling -= 1
      badEpochs = 0
    }
    if badEpochs > Double(patience) {
      falls += 1
      cooling = Double(cooldown)
      badEpochs = 0
    }
  }

  static let catalogEntry = CatalogEntry<any Schedule>(
    "plateau", "Falls when the loss no longer does: α ← max(m, γα).",
    arguments: [
      ArgumentDescription("factor", "γ, above 0 and below 1", default: "0.1"),
      ArgumentDescription(
        "patience", "the epochs without a new best loss that are put up with", default: "10"),
      ArgumentDescription(
        "threshold", "the share by which a loss lies below the best one to take its place",
        default: "0.0001"),
      ArgumentDescription("cooldown", "the epochs after a fall that don't count", default: "0"),
      ArgumentDescription("minimum", "m, not negative", default: "0"),
      .steps,
    ], shorthand: "factor"
  ) { arguments throws(ArgumentError) in
    PlateauSchedule(
      factor: try arguments.number("factor", default: 0.1, expected: "above 0 and below 1") {
        $0 > 0 && $0 < 1
      },
      patience: try arguments.integer("patience", in: 0...Arguments.mostSteps, default: 10),
      threshold: try arguments.share("threshold", default: 1e-4),
      cooldown: try arguments.integer("cooldown", in: 0...Arguments.mostSteps, default: 0),
      minimum: try arguments.notNegative("minimum", default: 0), steps: try arguments.steps())
  }
}
