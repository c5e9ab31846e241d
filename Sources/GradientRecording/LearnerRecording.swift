public import Backpropagation
public import GradientTrace

/// Records the steps that a program takes with a learner, in a trace of their own.
///
/// Call ``record()`` after each update that belongs to the run: what a network computes for another one's step is then
/// no step of its own trace.
public final class LearnerRecording<Scalar: TensorScalar> {
  private let learner: Learner<Scalar>
  private let recorder: TraceRecorder
  private let recording: RunRecording

  /// Begins a trace at `path`.
  ///
  /// - Parameters:
  ///   - learner: Whose steps are recorded.
  ///   - path: The trace.
  ///   - name: What reports about the run are called.
  ///   - plannedSteps: How many steps are planned.
  ///   - examplesPerEpoch: The examples of an epoch, where there are epochs.
  ///   - constantLoss: The loss of the best constant prediction, where it is known.
  ///   - probe: Some inputs, on which the share of units that are silent by chance is measured.
  /// - Throws: An `InputError` if the trace can't be written.
  public init(
    _ learner: Learner<Scalar>, to path: String, name: String? = nil, plannedSteps: Int,
    examplesPerEpoch: Int? = nil, constantLoss: Double? = nil, probe: Tensor<Scalar>
  ) throws {
    self.learner = learner
    learner.plannedUpdates = plannedSteps
    let slot = RecorderSlot()
    recording = RunRecording(
      name: name, begin: { slot.recorder = try TraceRecorder(to: path, header: $0) },
      record: {
        try slot.recorder?.record($0)
        return .goOn
      },
      timed: { try slot.recorder?.attach($0) })
    try recording.trainingBegins(
      learner.run(
        plannedSteps: plannedSteps, examplesPerEpoch: examplesPerEpoch,
        constantLoss: constantLoss, probe: probe))
    guard let recorder = slot.recorder else {
      preconditionFailure("a recording that has begun has a recorder")
    }
    self.recorder = recorder
  }

  /// Records the learner's last step.
  ///
  /// - Throws: An `InputError` if an earlier step couldn't be written.
  public func record() throws { _ = try recording.stepEnded(learner.summary) }

  /// Completes the trace and reads it.
  ///
  /// - Throws: An `InputError` if it couldn't be written.
  public func finish() throws -> Trace {
    try recording.layersWereTimed(learner.times)
    try recorder.finish()
    return try Trace(contentsOf: recorder.path)
  }
}

/// Where the recorder stands that a recording makes when it begins.
private final class RecorderSlot { var recorder: TraceRecorder? }
