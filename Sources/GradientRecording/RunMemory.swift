public import Backpropagation
public import GradientTrace

/// The record of a run that is kept in memory, for what is judged as soon as it has been trained.
///
/// ```swift
/// let memory = RunMemory()
/// try trainer.train(on: data, for: .steps(200), observer: memory.recording())
/// let diagnosis = try Diagnosis(of: memory.trace)
/// ```
public final class RunMemory {
  /// What is known of the run before its first step; nil before training has begun.
  public private(set) var header: TraceHeader?
  /// The steps taken.
  public private(set) var steps: [StepRecord] = []

  /// Creates the memory of a run that hasn't begun.
  public init() {}

  /// The observer that fills it, asks `decide` after each step whether training goes on, and calls `end` when it has ended.
  public func recording(
    decide: @escaping (StepRecord) -> TrainingDecision = { _ in .goOn },
    end: @escaping () -> Void = {}
  ) -> RunRecording {
    RunRecording(
      begin: { self.header = $0 },
      record: {
        let record = $0.record
        self.steps.append(record)
        return decide(record)
      },
      end: { _ in end() })
  }

  /// The run as a trace; traps before training has begun.
  public var trace: Trace {
    guard let header else { preconditionFailure("the run has not begun") }
    return Trace(header: header, steps: steps)
  }
}
