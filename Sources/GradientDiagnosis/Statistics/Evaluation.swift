/// When a rolling window is judged: over 10 to 50 steps, every 5.
enum Evaluation {
  /// The most steps that a window covers.
  static let window = 50
  /// The steps that must have been seen before anything but a non-finite value is raised.
  static let grace = 10
  /// The steps that a loss is given to fall.
  static let patience = 20
  /// The steps from one judgment to the next.
  static let interval = 5

  /// Whether a window is judged after `count` steps.
  static func isDue(after count: Int) -> Bool { count >= grace && count % interval == 0 }
}

/// Whether a symptom has lasted long enough to raise an alarm, and since when it has.
///
/// A warning needs 3 of the last 5 judgments, an error one. A run too short for three judgments is judged on those it
/// has.
struct Hysteresis: Sendable, Equatable {
  private var recent: [Severity?] = []
  private var judgments = 0
  /// The first step of the first window over the threshold, in the present stretch of judgments.
  private(set) var firstStep: Int?
  /// The step at which the alarm was raised first.
  private(set) var raisedAtStep: Int?
  /// The last step at which a window was over the threshold.
  private(set) var lastStep: Int?

  /// Whether the last judgment found the symptom.
  var isPresent: Bool { recent.last.flatMap { $0 } != nil }

  /// The worst severity among the last judgments.
  var worst: Severity? { recent.compactMap { $0 }.max() }

  /// Notes a judgment of the window that covers `steps`; nil where the symptom was not seen.
  mutating func note(_ severity: Severity?, over steps: ClosedRange<Int>) {
    judgments += 1
    recent.append(severity)
    if recent.count > 5 { recent.removeFirst() }
    let seen = recent.compactMap { $0 }
    guard !seen.isEmpty else {
      firstStep = raisedAtStep == nil ? nil : firstStep
      return
    }
    if severity != nil {
      firstStep = firstStep ?? steps.lowerBound
      lastStep = steps.upperBound
    }
    let needed = judgments < 3 ? judgments : 3
    if raisedAtStep == nil, seen.contains(.error) || (judgments >= 3 && seen.count >= needed) {
      raisedAtStep = steps.upperBound
    }
  }

  /// Raises the alarm of a run that ended before three judgments were made, if all of them saw the symptom.
  mutating func endRun() {
    if judgments < 3, raisedAtStep == nil, recent.allSatisfy({ $0 != nil }) {
      raisedAtStep = lastStep
    }
  }
}
