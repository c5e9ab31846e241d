import GradientTrace

/// A figure of the weight layers over depth, in decades: δ, or the update:weight ratio, over the last 50 steps.
///
/// One value a depth, the input side first: layers of equal depth contribute their median. Its differences are free of
/// the loss's scale, the batch size and the progress of training, which shift all depths alike.
struct DepthProfile: Sendable {
  /// What is measured of a layer at a step, in decades.
  enum Measure: Sendable {
    /// The L2 norm of δ per example.
    case delta
    /// The update:weight ratio of the weights that are not frozen.
    case update
  }

  private let levels: [[Int]]
  /// The layer of each depth that has one only.
  private let soleLayers: [Int?]
  private let measure: Measure
  /// The figure at each depth.
  private var figures: LayerWindow
  /// The steps seen, whether they held something to measure or not.
  private(set) var steps = 0
  /// The row of the first step that had two depths or more.
  private(set) var first: (step: Int, values: [Double?])?

  /// Creates an empty profile of the weight layers of `context`.
  init(_ measure: Measure, _ context: AnalysisContext) {
    self.measure = measure
    levels = context.levels
    soleLayers = levels.map { $0.count == 1 ? $0[0] : nil }
    figures = LayerWindow(layers: levels.count)
  }

  /// The steps that the window covers, or nil while it is empty.
  var window: ClosedRange<Int>? { figures.steps }

  /// Takes in the next step; one at which nothing was measured is passed over.
  mutating func observe(_ step: ObservedStep) {
    steps += 1
    var row = levels.indices.map { value(at: $0, step) }
    removeBlocked(&row)
    let known = row.count { !$0.isNaN }
    guard known > 0 else { return }
    if first == nil, known > 1 { first = (step.step, row.map { $0.isNaN ? nil : $0 }) }
    figures.append({ row[$0] }, at: step.step)
  }

  /// For each depth the median over the window; nil where less than half of the steps had a value.
  func medians() -> [Double?] { levels.indices.map(median(at:)) }

  /// The median over the window at one depth; nil where less than half of the steps had a value.
  func median(at depth: Int) -> Double? { figures.median(of: depth) }

  /// The shape of the window's medians, of which only the ends are computed before they are asked for.
  var shape: DepthShape? { DepthShape(depths: levels.count) { median(at: $0) } }

  private func value(at depth: Int, _ step: ObservedStep) -> Double {
    if let layer = soleLayers[depth] { return value(of: layer, step) }
    let values = levels[depth].map { value(of: $0, step) }
    return GradientDiagnosis.median(values.filter { !$0.isNaN }) ?? .nan
  }

  private func value(of layer: Int, _ step: ObservedStep) -> Double {
    switch measure {
    case .delta: step.deltaDecades(layer) ?? .nan
    case .update: step.updateDecades(layer) ?? .nan
    }
  }

  /// Tells two zeros apart: one below a magnitude near the end of single precision has underflowed and counts as
  /// vanished; one below an ordinary magnitude is blocked, which is another symptom, and counts as missing.
  private func removeBlocked(_ row: inout [Double]) {
    var above = Double.nan
    for depth in row.indices.reversed() {
      if row[depth] == -.infinity {
        row[depth] = above < Magnitude.nearUnderflow ? Magnitude.underflow : .nan
      }
      if !row[depth].isNaN { above = row[depth] }
    }
  }
}

extension DepthProfile {
  /// The window's medians of δ as figures by layer.
  func evidence(_ context: AnalysisContext) -> Evidence? {
    guard let window else { return nil }
    let steps =
      window.count == 1
      ? "step \(window.lowerBound)"
      : "median of steps \(window.lowerBound) to \(window.upperBound)"
    return Evidence(
      title: "δ = dE/d(output) of a layer, L2 per example, log scale; \(steps)",
      isLogarithmic: true,
      values: zip(context.levels, medians()).compactMap { level, value in
        value.map { Evidence.LayerValue(layer: context.name(level[0]), value: Magnitude.power($0)) }
      })
  }
}
