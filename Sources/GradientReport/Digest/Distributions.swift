import GradientDiagnosis
import GradientTrace

/// How the tensors of every layer are distributed: all of them in the window that is judged, some of them over the run.
package struct Distributions: Sendable {
  /// What of a layer is looked at.
  package enum Quantity: Int, Sendable, CaseIterable {
    case activation, delta, gradient
  }

  /// One layer's distribution over the run, a value for each of ``Distributions/columns``.
  package struct Fan: Sendable {
    package let quantity: Quantity
    /// The layer's index in the header.
    package let layer: Int
    /// Log10 of what ``Fan/shares`` of the magnitudes lie below.
    package fileprivate(set) var percentiles = shares.map { _ in Series() }
    /// The share of elements that are exactly zero, in the last window.
    package fileprivate(set) var zeroShare = 0.0

    package static let shares = [0.05, 0.25, 0.5, 0.75, 0.95]
  }

  /// The steps of a column: those of a window, or of several in a long run.
  package private(set) var columns = StepColumns(capacity: Self.columnLimit)
  /// The activations and weight gradients of some layers, in order of depth.
  package private(set) var fans: [Fan]
  /// For each quantity the window that is judged; nil where none was recorded.
  private var windows: [Window?]
  private let layers: [LayerDescription]
  private let end: Int

  /// What was recorded of a quantity at the end of a window.
  package struct Window: Sendable {
    package let step: Int
    /// What the loss was divided by, which δ per example was multiplied with after it was computed.
    package let lossDivisor: Double
    /// The distribution of each layer, in the header's order.
    fileprivate let layers: [Distribution?]
    fileprivate let content: Content
    /// What the windows after it hold that there was less to see in; nil where there is none.
    package fileprivate(set) var later: Content?

    fileprivate init?(_ record: StepRecord, _ layers: [Distribution?]) {
      let known = layers.compactMap(\.self)
      guard !known.isEmpty else { return nil }
      step = record.step
      lossDivisor = record.lossDivisor ?? 1
      self.layers = layers
      let isFinite = known.allSatisfy { $0.nonFinite == 0 }
      let isEmpty = known.allSatisfy { $0.magnitudes == 0 }
      content = isFinite ? (isEmpty ? .zeros : .finite) : (isEmpty ? .nothingFinite : .partlyFinite)
    }
  }

  /// What there is to see in a window, from nothing to all.
  package enum Content: Int, Sendable, Comparable {
    case nothingFinite, zeros, partlyFinite, finite

    package static func < (one: Content, other: Content) -> Bool { one.rawValue < other.rawValue }
  }

  private static let columnLimit = 512
  /// More fans than this are more than a page has room for.
  private static let fanLimit = 6

  /// Prepares to judge the last window that ends by the step `end`, with an eye on the layers that `noted` names.
  init(_ header: TraceHeader, _ graph: LayerGraph, noted: [String], end: Int) {
    let layers = header.layers
    self.layers = layers
    self.end = end
    windows = Quantity.allCases.map { _ in nil }
    func chosen(_ quantity: Quantity, among candidates: [Int]) -> [Fan] {
      let named = noted.compactMap { graph.nearest(to: $0, among: candidates, header) }
      return Self.chosen(from: candidates, named).map { Fan(quantity: quantity, layer: $0) }
    }
    fans =
      chosen(.activation, among: graph.outputsWorthALook(header))
      + chosen(.gradient, among: graph.weightLayers)
  }

  /// The window in which a quantity is judged; nil where there is none.
  package func window(_ quantity: Quantity) -> Window? { windows[quantity.rawValue] }

  /// What was recorded of a layer in that window.
  package func judged(_ quantity: Quantity, of layer: Int) -> Distribution? {
    window(quantity)?.layers[layer]
  }

  /// The first and the last of `candidates`, those that are named, and others evenly between.
  private static func chosen(from candidates: [Int], _ named: [Int]) -> [Int] {
    guard candidates.count > fanLimit else { return candidates }
    let even = (0..<fanLimit).map { candidates[$0 * (candidates.count - 1) / (fanLimit - 1)] }
    var chosen: [Int] = []
    for layer in [even[0], even[fanLimit - 1]] + named + even
    where chosen.count < fanLimit && !chosen.contains(layer) {
      chosen.append(layer)
    }
    return candidates.filter(chosen.contains)
  }
}

extension Distributions {
  /// Takes in the next step, if it ends a window.
  mutating func add(_ record: StepRecord) {
    guard Self.hasHistograms(record) else { return }
    let found = Quantity.allCases.map { quantity in
      layers.indices.map { index in
        index < record.layers.count
          ? record.layers[index].flatMap { Self.distribution(quantity, of: $0, layers[index]) }
          : nil
      }
    }
    for quantity in Quantity.allCases {
      judge(quantity, Window(record, found[quantity.rawValue]))
    }
    let change = columns.add(record.step...record.step)
    for index in fans.indices {
      fans[index].add(found[fans[index].quantity.rawValue][fans[index].layer], change)
    }
  }

  /// Keeps a window if none is kept yet, or it is not too late and there is no less to see in it.
  private mutating func judge(_ quantity: Quantity, _ window: Window?) {
    guard let window else { return }
    let place = quantity.rawValue
    guard let kept = windows[place] else {
      windows[place] = window
      return
    }
    guard window.step <= end else { return }
    if window.content >= kept.content {
      windows[place] = window
    } else {
      windows[place]?.later = window.content
    }
  }

  /// Whether a step has histograms, as one in fifty has; asked of each, so that no layer's record is copied for it.
  private static func hasHistograms(_ record: StepRecord) -> Bool {
    for index in record.layers.indices {
      if record.layers[index]?.activation?.histogram != nil { return true }
      if record.layers[index]?.delta?.histogram != nil { return true }
      for place in (record.layers[index]?.parameters.indices ?? 0..<0)
      where record.layers[index]?.parameters[place]?.gradientHistogram != nil {
        return true
      }
    }
    return false
  }

  private static func distribution(
    _ quantity: Quantity, of layer: LayerRecord, _ description: LayerDescription
  ) -> Distribution? {
    switch quantity {
    case .activation: Distribution(layer.activation, saturated: layer.saturated)
    case .delta: Distribution(layer.delta)
    case .gradient:
      zip(description.parameters, layer.parameters).reduce(nil) { sum, parameter in
        guard parameter.0.isWeight, let statistics = parameter.1,
          let histogram = statistics.gradientHistogram
        else { return sum }
        let own = Distribution(
          histogram, zeros: statistics.gradientZeros ?? 0,
          nonFinite: statistics.gradientNonFinite ?? 0, largest: statistics.gradientMax,
          rms: statistics.gradientRMS)
        return sum.map { $0 + own } ?? own
      }
    }
  }
}

extension Distribution {
  fileprivate init?(_ statistics: TensorStatistics?, saturated: Int? = nil) {
    guard let statistics, let histogram = statistics.histogram else { return nil }
    self.init(
      histogram, zeros: statistics.zeros ?? 0, nonFinite: statistics.nonFinite ?? 0,
      subnormal: statistics.subnormal ?? 0, saturated: saturated, largest: statistics.max,
      rms: statistics.rms)
  }
}

extension Distributions.Fan {
  /// Adds a window; nothing where the layer recorded nothing.
  fileprivate mutating func add(_ distribution: Distribution?, _ change: StepColumns.Change) {
    for index in percentiles.indices { percentiles[index].prepare(change) }
    guard let distribution else { return }
    zeroShare = distribution.share(distribution.zeros)
    for (index, share) in Self.shares.enumerated() {
      if distribution.nonFinite > 0 {
        percentiles[index].add(.nan)
      } else if let value = distribution.percentile(share) {
        percentiles[index].add(value)
      } else {
        percentiles[index].add(logarithmOf: 0)
      }
    }
  }
}

extension LayerGraph {
  /// The layers whose outputs tell how a signal fares: the nonlinearities, or all but the inputs where there are none.
  func outputsWorthALook(_ header: TraceHeader) -> [Int] {
    let layers = header.layers
    let elementwise = layers.indices.filter { ActivationKind.elementwise.contains(layers[$0].kind) }
    return elementwise.isEmpty ? layers.indices.filter { layers[$0].kind != "input" } : elementwise
  }

  /// The one of `candidates` that bears the name; else the first that the layer of that name feeds, or, of layers with
  /// weights, the last that feeds it.
  func nearest(to name: String, among candidates: [Int], _ header: TraceHeader) -> Int? {
    guard var layer = header.layers.firstIndex(where: { $0.name == name }) else { return nil }
    let ways = candidates == weightLayers ? inputs : consumers
    while !candidates.contains(layer) {
      guard let next = ways[layer].first else { return nil }
      layer = next
    }
    return layer
  }
}
