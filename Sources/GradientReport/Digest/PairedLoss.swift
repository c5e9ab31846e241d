package import GradientDiagnosis
import GradientTrace

/// The loss of the run that another is paired with, as two networks that train against each other are.
package struct PairedLoss: Sendable {
  /// The name of that run; empty where it has none.
  package let name: String
  package private(set) var columns = StepColumns(capacity: Self.columnLimit)
  /// Its training loss, a bin for each of ``columns``.
  package private(set) var loss = Series()
  /// Where the loss started and where it stands.
  package private(set) var progress: LossProgress

  private static let columnLimit = 1024

  /// Folds over `trace`.
  ///
  /// - Throws: what reading the trace throws.
  init(_ trace: Trace) throws {
    name = trace.header.run.name ?? ""
    progress = LossProgress(trace.header.run)
    try trace.forEachMergedStep { merged in
      loss.prepare(columns.add(merged.steps))
      progress.observe(merged.mean)
      for record in [merged.minimum, merged.mean, merged.maximum] { add(record) }
    }
    try trace.forEachStep { record in
      loss.prepare(columns.add(record.step...record.step))
      progress.observe(record)
      add(record)
    }
  }

  private mutating func add(_ record: StepRecord) {
    if let value = record.loss { loss.add(value) }
  }
}
