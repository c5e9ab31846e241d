/// Whether the passes of a training are summarized.
public enum RecordingMode: Sendable, Equatable {
  /// Every pass is.
  case everyStep
  /// None is: for measuring what recording costs.
  case off
}
