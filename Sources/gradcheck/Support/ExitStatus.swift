/// What a command came to, as its exit code.
enum ExitStatus: Int32, Error, Equatable {
  /// A wrong gradient, or a finding at or above `--fail-on`.
  case failed = 1
  /// Usage, input or environment.
  case unusable = 2
  /// No verdict.
  case undecided = 3
  /// Ended by SIGINT.
  case interrupted = 130
  /// Ended by SIGTERM.
  case terminated = 143

  /// Throws the status that weighs most, if there is any: unusable, then failed, then undecided.
  static func raise(_ statuses: [ExitStatus?]) throws {
    let order: [ExitStatus] = [.interrupted, .terminated, .unusable, .failed, .undecided]
    for status in order where statuses.contains(status) { throw status }
  }
}
