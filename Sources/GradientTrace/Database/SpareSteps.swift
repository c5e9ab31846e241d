/// Steps that have been used, whose memory the next block takes: what a block needs is large, and to give it back and ask
/// for it anew each time costs as much as to fill it.
///
/// One thread at a time uses it.
final class SpareSteps: @unchecked Sendable {
  private var steps: [StepRecord] = []

  /// Keeps steps that nobody needs any more.
  func keep(_ used: [StepRecord]) { steps = used }

  /// The steps that were kept, which belong to nobody else then.
  func take() -> [StepRecord] {
    defer { steps = [] }
    return steps
  }
}
