package import GradientDiagnosis

/// Every chart: a chart is one file in this folder and one line here.
package enum ChartCatalog {
  /// The charts in the order in which a report shows them.
  package static let entries: [ChartEntry] = [
    ChartEntry(
      "loss", LossChart.self,
      shows: [
        "not-learning", "loss-divergence", "oscillation", "overfitting", "adversarial-imbalance",
      ]),
    ChartEntry(
      "gradient-flow", GradientFlowChart.self,
      shows: [
        "vanishing-gradient", "exploding-gradient", "local-bottleneck",
      ],
      standsInFor: [
        "saturated-activation", "vanishing-through-time", "exploding-through-time",
      ]),
    ChartEntry(
      "delta-map", DeltaMapChart.self, shows: ["non-finite"],
      standsInFor: ["subnormal-gradient", "blocked-gradient"]),
    ChartEntry(
      "update-ratio", UpdateRatioChart.self,
      shows: [
        "learning-rate-too-high", "learning-rate-too-low", "untrained-layer",
        "zero-initialization",
      ]),
    ChartEntry("dead-units", DeadUnitChart.self, shows: ["dead-relu"]),
    ChartEntry(
      "activation-ridges", ActivationRidgesChart.self, shows: ["saturated-activation"],
      standsInFor: ["dormant-units"]),
    ChartEntry("gradient-ridges", GradientRidgesChart.self),
    ChartEntry(
      "network", NetworkChart.self, shows: ["blocked-gradient"],
      standsInFor: ["dead-relu", "symmetric-initialization"]),
    ChartEntry("delta-ridges", DeltaRidgesChart.self, shows: ["subnormal-gradient"], .onRequest),
    ChartEntry("activation-fan", ActivationFanChart.self, .onRequest),
    ChartEntry("gradient-fan", GradientFanChart.self, .onRequest),
    ChartEntry("unit-deltas", UnitDeltasChart.self, .onRequest),
    ChartEntry(
      "distinct-units", DistinctUnitsChart.self, shows: ["symmetric-initialization"], .onRequest),
    ChartEntry("gradient-norm", GradientNormChart.self, shows: ["clipping-always-on"], .onRequest),
    ChartEntry(
      "through-time", ThroughTimeChart.self,
      shows: ["vanishing-through-time", "exploding-through-time"], .onRequest),
    ChartEntry(
      "feature-scale", FeatureScaleChart.self,
      shows: ["unnormalized-input", "dormant-units", "collapsed-output"], .onRequest),
    ChartEntry("timing", TimingChart.self, .onRequest),
    ChartEntry("gradient-map", GradientMapChart.self, .onRequest),
    ChartEntry(
      "activation-map", ActivationMapChart.self,
      standsInFor: ["unnormalized-input"], .onRequest),
  ]

  /// The chart with an id; nil where there is none.
  package static func entry(id: String) -> ChartEntry? { entries.first { $0.id == id } }

  /// The chart that is the evidence for the symptom `id`; for one that none is made for, that of the loss.
  package static func entry(showing id: String) -> ChartEntry { entries(showing: id)[0] }

  /// The charts that show the symptom `id`, the best first: its evidence, what stands in where a trace lacks what that takes,
  /// and at last the loss.
  package static func entries(showing id: String) -> [ChartEntry] {
    let best = entries.filter { $0.symptoms.contains(id) }
    let others = entries.filter { $0.standsInFor.contains(id) }
    let loss = entries[0]
    return best + others + (best.contains { $0.id == loss.id } ? [] : [loss])
  }

  /// The best chart that can be drawn of what a finding is about; nil where none can.
  package static func evidence(
    of finding: Finding, _ run: RunDigest, _ diagnosis: Diagnosis
  ) -> (entry: ChartEntry, chart: any Chart)? {
    for entry in entries(showing: finding.id) {
      if let chart = try? entry.type.init(run, diagnosis, about: finding) { return (entry, chart) }
    }
    return nil
  }
}

/// One chart of the catalog.
package struct ChartEntry: Sendable {
  /// The chart's id, and the stem of its files.
  package let id: String
  /// The chart's type.
  package let type: any Chart.Type
  /// The ids of the findings that it is the evidence for.
  package let symptoms: Set<String>
  /// The ids of those that it shows where their own chart can't be drawn.
  package let standsInFor: Set<String>
  /// When a report shows the chart.
  package let occasion: Occasion

  /// When a report shows a chart.
  package enum Occasion: Sendable {
    /// Always.
    case always
    /// As a finding's evidence, or where all charts are asked for.
    case onRequest
  }

  init(
    _ id: String, _ type: any Chart.Type, shows symptoms: Set<String> = [],
    standsInFor others: Set<String> = [], _ occasion: Occasion = .always
  ) {
    self.id = id
    self.type = type
    self.symptoms = symptoms
    standsInFor = others
    self.occasion = occasion
  }
}
