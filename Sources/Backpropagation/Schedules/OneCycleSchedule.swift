import Foundation

/// A learning rate that rises to the optimizer's along half a cosine, and falls far below along another (Smith and Topin,
/// 2018).
///
/// From α / d it reaches α after a share p of the steps, and α / (d · f) at the last one. The momentum stays as it is.
public struct OneCycleSchedule: Schedule {
  /// The share of the steps in which it rises, p.
  public var risingShare: Double
  /// What the first rate is smaller by, d.
  public var divisor: Double
  /// What the last rate is smaller by than the first one, f.
  public var finalDivisor: Double
  public var steps: Int?

  /// Creates a schedule.
  public init(
    risingShare: Double = 0.3, divisor: Double = 25, finalDivisor: Double = 1e4,
    steps: Int? = nil
  ) {
    self.risingShare = risingShare
    self.divisor = divisor
    self.finalDivisor = finalDivisor
    self.steps = steps
  }

  public var id: String { "one-cycle" }

  public func learningRate(_ rate: Double, at step: Int, of count: Int) -> Double {
    let peak = risingShare * Double(count) - 1, last = Double(count - 1)
    let first = rate / divisor, time = min(Double(step), last)
    // With few steps there may be no time to rise.
    guard time > peak || peak <= 0 else { return between(first, rate, at: time / peak) }
    let fall = last - max(peak, 0)
    return between(
      rate, first / finalDivisor, at: fall > 0 ? (time - max(peak, 0)) / fall : 1)
  }

  private func between(_ start: Double, _ end: Double, at share: Double) -> Double {
    end + (start - end) * (1 + cos(.pi * share)) / 2
  }

  static let catalogEntry = CatalogEntry<any Schedule>(
    "one-cycle",
    "Rises from α / d to α and falls to α / (d · f), each along half a cosine.",
    arguments: [
      ArgumentDescription(
        "pct-start", "the share of the steps in which it rises, between 0 and 1", default: "0.3"),
      ArgumentDescription("div-factor", "d, at least 1", default: "25"),
      ArgumentDescription("final-div-factor", "f, at least 1", default: "10000"),
      .steps,
    ]
  ) { arguments throws(ArgumentError) in
    OneCycleSchedule(
      risingShare: try arguments.number(
        "pct-start", default: 0.3, expected: "a share between 0 and 1"
      ) { $0 > 0 && $0 < 1 },
      divisor: try arguments.number("div-factor", default: 25, expected: "1 or more") { $0 >= 1 },
      finalDivisor: try arguments.number(
        "final-div-factor", default: 1e4, expected: "1 or more"
      ) { $0 >= 1 },
      steps: try arguments.steps())
  }
}
