public import Backpropagation
public import GradientDiagnosis
import GradientRecording
package import GradientTrace

/// A short training that was recorded and diagnosed.
public struct Trial: Sendable {
  /// What was found in it.
  public let diagnosis: Diagnosis
  /// What it came to on each part of the data.
  public let result: TrainingResult
  /// The loss of its first batch.
  public let firstLoss: Double
  /// The median of its last batches' losses; the last one where it is not finite.
  public let lastLoss: Double
  /// Everything recorded of it, in memory.
  package let trace: Trace

  /// Trains as `recipe` says for at most `steps` steps, and judges that.
  ///
  /// - Throws: An `InputError` or a `NetworkError` where that can't be trained.
  init(
    _ recipe: Recipe, on data: any TrainingData, steps limit: Int, inputLimit: Int,
    policy: HealthPolicy, stepEnded: (_ step: Int, _ count: Int) -> TrainingDecision
  ) throws {
    var trainer = recipe.trainer
    trainer.network = try recipe.network(limit: inputLimit)
    let length = trainer.length(
      recipe.length, atMost: limit, examples: data.count(of: .training))
    let memory = RunMemory()
    result = try withoutActuallyEscaping(stepEnded) { stepEnded in
      try trainer.train(
        on: data, for: length,
        observer: memory.recording {
          stepEnded($0.step + 1, memory.header?.run.plannedSteps ?? limit)
        },
        resumingFrom: nil, save: nil)
    }
    trace = memory.trace
    diagnosis = try Diagnosis(of: trace, policy: policy)
    var losses = LossProgress(trace.header.run)
    memory.steps.forEach { losses.observe($0) }
    firstLoss = losses.first ?? .nan
    let last = memory.steps.last?.loss ?? .nan
    lastLoss = last.isFinite ? losses.current ?? last : last
  }

  /// Whether it shows that a model is cured of `finding`: neither that nor anything as bad is found, and the loss fell
  /// clearly below that of the best constant prediction.
  public func isCured(of finding: Finding) -> Bool {
    let severity = max(finding.severity, .warning)
    return hasLearned
      && !diagnosis.findings.contains {
        $0.severity >= severity || $0.severity > .info && $0.id == finding.id
      }
  }

  /// The steps taken.
  public var steps: Int { result.steps }

  /// Whether the loss fell clearly below that of the best constant prediction.
  public var hasLearned: Bool {
    diagnosis.passed.contains { $0.id == NotLearning.explanation.id }
  }

  /// The accuracy on the part of the data that was not trained on, the validation part if there is one; nil where the
  /// targets are no classes.
  public var accuracy: Double? {
    for name in ["validation", "test", "training"] {
      if let part = result.part(name) { return part.accuracy }
    }
    return nil
  }
}
