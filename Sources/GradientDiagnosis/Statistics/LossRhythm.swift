import GradientTrace

/// Whether the loss swings to and fro at a steady beat, which the noise of batches does not do.
struct LossRhythm: Sendable {
  private let examplesPerEpoch: Int?
  private var values = RollingWindow<(step: Int, loss: Double)>(capacity: Evaluation.window)
  /// The losses of the present epoch, where an epoch has so few steps that its batches make a beat of their own.
  private var epoch: (sum: Double, count: Int) = (0, 0)
  /// The values taken in: losses of steps, or means of short epochs.
  private(set) var count = 0

  init(_ run: RunDescription) { examplesPerEpoch = run.examplesPerEpoch }

  /// Takes in the next step.
  mutating func observe(_ step: StepRecord) {
    guard let loss = step.loss, loss.isFinite else { return }
    let perEpoch = stepsPerEpoch(step)
    guard perEpoch > 1, perEpoch <= Self.shortEpoch else { return add(loss, at: step.step) }
    epoch = (epoch.sum + loss, epoch.count + 1)
    if epoch.count >= perEpoch {
      add(epoch.sum / Double(epoch.count), at: step.step)
      epoch = (0, 0)
    }
  }

  private mutating func add(_ loss: Double, at step: Int) {
    values.append((step, loss))
    count += 1
  }

  private func stepsPerEpoch(_ step: StepRecord) -> Int {
    guard let examplesPerEpoch, let examples = step.examples, examples > 0, examplesPerEpoch > 0
    else { return 1 }
    return (examplesPerEpoch - 1) / examples + 1
  }

  /// The most steps of an epoch whose batches, in the same order again and again, could pass for a swing.
  private static let shortEpoch = 25
  /// The longest half-period that is looked for.
  private static let longestLag = 12

  /// The first step of the window.
  var firstStep: Int? { values.first?.step }

  /// A swing of the loss.
  struct Swing: Sendable {
    /// The steps from a crest to the next trough.
    var halfPeriod: Int
    /// The autocorrelation at that distance, −1 for a pure swing.
    var correlation: Double
    /// The distance from the 10th to the 90th percentile of the loss around its trend.
    var height: Double
    /// The fall of the trend over the window; negative where it climbs.
    var progress: Double
  }

  /// The strongest swing of the window; nil while it is not full, or where the loss stands still.
  var swing: Swing? {
    guard values.unordered.count == values.capacity else { return nil }
    let losses = values.elements.map(\.loss)
    guard let slope = theilSenSlope(losses), let center = median(losses) else { return nil }
    let middle = Double(losses.count - 1) / 2
    let rest = losses.indices.map { losses[$0] - center - slope * (Double($0) - middle) }
    let mean = rest.reduce(0, +) / Double(rest.count)
    let around = rest.map { $0 - mean }
    let variance = around.reduce(0) { $0 + $1 * $1 }
    guard variance > 0, variance.isFinite else { return nil }
    let correlations = (1...Self.longestLag).map { lag in
      (lag, zip(around, around.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 } / variance)
    }
    guard let strongest = correlations.min(by: { $0.1 < $1.1 }) else { return nil }
    let sorted = around.sorted()
    let tenth = sorted.count / 10
    return Swing(
      halfPeriod: strongest.0, correlation: strongest.1,
      height: sorted[sorted.count - 1 - tenth] - sorted[tenth],
      progress: -slope * Double(losses.count))
  }
}
