import GradientDiagnosis
import GradientTrace

extension SampleRun {
  /// This as a run of `count` steps which outgrew its budget: each step but the last ten stands for many.
  func stretched(over count: Int) throws -> SampleRun {
    var steps: [StepRecord] = []
    try trace.forEachStep { steps.append($0) }
    guard count > steps.count else { return self }
    let whole = steps.suffix(10), merged = steps.dropLast(10)
    let end = count - whole.count
    let rows = merged.enumerated().map { index, record in
      let range = index * end / merged.count...(index + 1) * end / merged.count - 1
      return MergedSteps(steps: range, mean: record, minimum: record, maximum: record)
    }
    let last = whole.enumerated().map { index, record in
      var record = record
      record.step = end + index
      return record
    }
    var long = self
    long.trace = Trace(header: trace.header, source: Stretched(rows: rows, steps: last))
    for index in diagnosis.findings.indices { long.diagnosis.findings[index].lastStep = count - 1 }
    return long
  }

  private struct Stretched: TraceSource {
    let rows: [MergedSteps]
    let steps: [StepRecord]

    func forEachMergedStep(_ body: (MergedSteps) throws -> Void) throws { try rows.forEach(body) }
    func forEachStep(_ body: (StepRecord) throws -> Void) throws { try steps.forEach(body) }
    func document(_ name: String) throws -> String? { nil }
  }
}
