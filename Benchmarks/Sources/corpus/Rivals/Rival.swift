import GradientHealth

/// The published rules of another system, applied to our traces.
///
/// The rules see a run every 10 steps, more often than any of them asks for by default. A mean magnitude, which a trace
/// doesn't hold, is taken as √(2/π) of the root mean square: what it is for normally distributed values. Rules that need
/// what no trace holds are left out; the file of each system says which.
protocol Rival: Sendable {
  /// The system's name.
  static var name: String { get }
  /// What it raises over a run.
  static func alarms(in run: RecordedRun) -> Set<RivalAlarm>
}

/// An alarm of another system, under the name that the symptom has here.
enum RivalAlarm: String, Comparable {
  case vanishing = "vanishing-gradient"
  case exploding = "exploding-gradient"
  case dead = "dead-relu"
  case saturated = "saturated-activation"
  case nonFinite = "non-finite"
  case untrained = "untrained-layer"
  case rateTooHigh = "learning-rate-too-high"
  case rateTooLow = "learning-rate-too-low"

  static func < (left: RivalAlarm, right: RivalAlarm) -> Bool { left.rawValue < right.rawValue }
}

/// The systems that the corpus is run through besides ours.
enum RivalCatalog {
  static let all: [any Rival.Type] = [
    SMDebug.self, AutoTrainer.self, DeepDiagnosis.self, TheDeepChecker.self, TorchDiag.self,
  ]
}
