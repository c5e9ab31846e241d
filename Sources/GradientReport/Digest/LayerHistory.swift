package import GradientTrace

/// What every layer recorded over the steps of a run, in one pass and in as many columns as a page has room for.
///
/// Where ``RunDigest`` gathers what the charts need, the weight layers above all, this keeps every layer, so that one can
/// look at any of them at any time. A column keeps its extremes: a spike of one step outlives the binning.
package struct LayerHistory: Sendable {
  package private(set) var columns: StepColumns
  /// The training loss.
  package private(set) var loss = Series()
  /// The loss on the validation part.
  package private(set) var validation = Series()
  /// What each layer recorded.
  package private(set) var layers: LayerSeries
  private let weights: LayerWeights

  /// Folds over `trace`.
  ///
  /// - Parameters:
  ///   - trace: what was recorded.
  ///   - isDeltaPerExample: whether δ is known per example, as ``RunDigest`` found; else it is the RMS of its elements.
  ///   - columnLimit: the most columns, an even number.
  /// - Throws: what reading the trace throws.
  package init(_ trace: Trace, isDeltaPerExample: Bool, columnLimit: Int) throws {
    columns = StepColumns(capacity: columnLimit)
    weights = LayerWeights(trace.header.layers)
    layers = LayerSeries(
      trace.header.layers, LayerSeries.Quantity.allCases, isDeltaPerExample: isDeltaPerExample)
    try trace.forEachMergedStep { merged in
      prepareBins(columns.add(merged.steps))
      for var record in [merged.minimum, merged.mean, merged.maximum] {
        record.examples = merged.mean.examples
        add(record)
      }
    }
    try trace.forEachStep { record in
      prepareBins(columns.add(record.step...record.step))
      add(record)
    }
  }

  private mutating func prepareBins(_ change: StepColumns.Change) {
    guard change != StepColumns.Change() else { return }
    loss.prepare(change)
    validation.prepare(change)
    layers.prepare(change)
  }

  private mutating func add(_ record: StepRecord) {
    if let value = record.loss { loss.add(value) }
    if let value = record.validationLoss { validation.add(value) }
    layers.add(record, weights.movements(in: record))
  }
}
