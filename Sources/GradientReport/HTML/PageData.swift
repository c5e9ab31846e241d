import Foundation
import GradientDiagnosis
import GradientTrace
import GzipIO

/// What the script of a page gets to know of a run: the network, what every layer recorded, and the findings.
struct PageData: Encodable {
  var columns: Columns
  var layers: [Layer]
  /// The number of lanes in which the network is drawn.
  var lanes: Int
  var loss: Loss
  var quantities: [Quantity]
  var findings: [Finding]
  /// What is selected at first.
  var layer: Int
  var step: Int

  /// The steps that each column covers, and those that are shown.
  struct Columns: Encodable {
    var first: [Int]
    var last: [Int]
    var shown: [Int]
    var caption: String
  }

  struct Layer: Encodable {
    var name: String
    /// The name as short as a chart needs it.
    var short: String
    var kind: String
    var units: Int?
    var parameters: [String]
    /// The indices of the layers that feed it.
    var inputs: [Int]
    var lane: Int
    var isWeighted: Bool
  }

  /// The loss of each column; null where there is none that is finite.
  struct Loss: Encodable {
    var low: [Double?]
    var mean: [Double?]
    var high: [Double?]
    var validation: [Double?]
    var constant: Double?
    /// The first step at which it is not finite.
    var nonFinite: Int?
  }

  struct Quantity: Encodable {
    var id: String
    var name: String
    /// Tensor and unit.
    var detail: String
    var isLogarithmic: Bool
    /// Where it lies in healthy runs.
    var healthy: [Double]?
    var series: [QuantizedSeries]
  }

  struct Finding: Encodable {
    var name: String
    var headline: String
    var severity: String
    var isRoot: Bool
    var layer: Int?
    var layers: [Int]
    var step: Int
    /// The quantity that shows it.
    var quantity: String
  }

  /// This as JSON, the keys in order.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}

extension PageData {
  /// What the numbers of all series may take, in bytes of Base64.
  private static let budget = 2_000_000

  /// Reads `trace`, which `run` is the digest of, once more for every layer.
  ///
  /// - Throws: what reading the trace throws.
  init(_ trace: Trace, _ run: RunDigest, _ diagnosis: Diagnosis) throws {
    let numbers = LayerSeries.numbersPerColumn(trace.header)
    let limit = min(1024, max(16, Self.budget * 3 / 8 / max(1, numbers)))
    let history = try LayerHistory(
      trace, isDeltaPerExample: run.isDeltaPerExample, columnLimit: limit & ~1)
    let network = NetworkLanes(run.graph)
    let described = run.header.layers
    columns = Columns(
      first: history.columns.ranges.map(\.lowerBound),
      last: history.columns.ranges.map(\.upperBound),
      shown: [run.shownSteps.lowerBound, run.shownSteps.upperBound], caption: run.stepCaption)
    layers = described.indices.map { index in
      Layer(
        name: described[index].name.quotable, short: run.names[index],
        kind: described[index].kind.quotable, units: described[index].units,
        parameters: described[index].parameters.map(Self.text), inputs: run.graph.inputs[index],
        lane: network.lanes[index], isWeighted: run.graph.weightLayers.contains(index))
    }
    lanes = network.count
    loss = Loss(history, constant: run.header.run.constantLoss, nonFinite: run.firstNonFiniteLoss)
    let quantities = LayerSeries.Quantity.allCases.compactMap {
      Quantity(
        $0, history.layers, layers: described.indices, isDeltaPerExample: run.isDeltaPerExample)
    }
    self.quantities = quantities
    let places = Dictionary(
      described.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { a, _ in a })
    findings = diagnosis.findings.indices.map { index in
      let isRoot = index == diagnosis.rootCause
      var finding = Finding(diagnosis.findings[index], places, isRoot: isRoot)
      if !quantities.contains(where: { $0.id == finding.quantity }) { finding.quantity = "delta" }
      return finding
    }
    layer = diagnosis.root?.layer.flatMap { places[$0] } ?? run.graph.weightLayers.first ?? 0
    let judged = run.profile.steps.last ?? run.shownSteps.upperBound
    step = min(max(judged, run.shownSteps.lowerBound), run.shownSteps.upperBound)
  }

  private static func text(_ parameter: ParameterDescription) -> String {
    let shape = parameter.shape.map(String.init).joined(separator: " × ")
    return "\(parameter.name.quotable) \(shape)\(parameter.frozen ? ", frozen" : "")"
  }
}

extension PageData.Loss {
  init(_ history: LayerHistory, constant: Double?, nonFinite: Int?) {
    let bins = history.loss.bins.map { $0.count > 0 ? $0 : nil }
    low = bins.map { $0?.low.brief }
    // The sum of finite losses may not be.
    mean = bins.map { $0.flatMap { $0.mean?.brief ?? $0.high } }
    high = bins.map { $0?.high.brief }
    validation = history.validation.bins.map { $0.mean?.brief }
    self.constant = constant?.brief
    self.nonFinite = nonFinite
  }
}

extension PageData.Quantity {
  /// What the page shows of `quantity`; nil if no layer recorded it.
  init?(
    _ quantity: LayerSeries.Quantity, _ history: LayerSeries, layers: Range<Int>,
    isDeltaPerExample: Bool
  ) {
    series = layers.compactMap { layer in
      history.series(of: quantity, layer: layer).map { QuantizedSeries($0, layer: layer) }
    }
    guard !series.isEmpty else { return nil }
    id = "\(quantity)"
    isLogarithmic = quantity.isLogarithmic
    switch quantity {
    case .delta:
      name = "δ"
      detail =
        (isDeltaPerExample ? "L2 norm per example" : "RMS of its elements")
        + ", of each layer's output in the backward pass"
    case .gradient:
      name = "weight gradient"
      detail = "RMS of dE/dw over a layer's weights, before clipping"
    case .activation:
      name = "activation"
      detail = "RMS of each layer's output in the forward pass"
    case .update:
      name = "update : weight"
      detail = "|ΔW| / |W| of a layer's weights, the update really applied"
      let range = UpdateRatioChart.healthy
      healthy = [range.lowerBound, range.upperBound]
    case .silent:
      name = "silent units"
      detail = "share of a layer's units that are 0 for every example of the batch"
    }
  }
}

extension PageData.Finding {
  init(_ finding: GradientDiagnosis.Finding, _ places: [String: Int], isRoot: Bool) {
    name = Wording.symptom(finding.id)
    headline = finding.headline.quotable.capitalizedSentence
    severity = finding.severity.rawValue
    self.isRoot = isRoot
    layer = finding.layer.flatMap { places[$0] }
    layers = finding.layers.compactMap { places[$0] }
    step = finding.firstStep
    switch ChartCatalog.entry(showing: finding.id).id {
    case "update-ratio": quantity = "update"
    case "dead-units": quantity = "silent"
    case "feature-scale", "activation-map": quantity = "activation"
    default: quantity = "delta"
    }
  }
}

extension Double {
  /// The number with six significant figures, which is short as a text; nil if it isn't finite.
  fileprivate var brief: Double? {
    guard isFinite else { return nil }
    let rounded = Double(String(format: "%.6g", self)) ?? self
    return rounded.isFinite ? rounded : self
  }
}
