import GradientHealth

/// The check of a program that somebody wrote in some language.
struct ProgramCheck {
  private let command: String
  private let timeout: Duration

  init(_ command: String, _ timeout: Double) {
    self.command = command
    self.timeout = .seconds(timeout)
  }

  /// Starts the program, asks it, and ends it, also when this command is interrupted.
  func run(
    _ method: CheckMethod, _ exhaustive: Bool, _ computing: ComputeOptions
  ) throws -> GradientCheck {
    let interruption = Interruption()
    do {
      let program = try ProgramFunction(command: command, timeout: timeout) {
        interruption.status != nil
      }
      return try GradientCheck(
        of: program, method: method, exhaustive: exhaustive, seed: computing.seed ?? 1)
    } catch is CancellationError { throw interruption.status ?? .interrupted }
  }
}
