import Foundation
import GradientDiagnosis
import GradientTrace

/// A quantity of every layer at every step, as a map and in a sentence.
struct LayerMap: Sendable {
  /// What the map shows, as a sentence without a full stop.
  let title: String
  let map: StepMap

  /// What a chart says of its quantity.
  struct Words: Sendable {
    /// The quantity of one layer: `"the output"`.
    var one: String
    /// That of several: `"outputs"`.
    var several: String
    /// Whether growing or shrinking by a power of ten over the run is worth the title.
    var tellsChange: Bool
  }

  /// Gathers what `layers` recorded of `quantity`; nil where none recorded any.
  init?(
    _ quantity: LayerSeries.Quantity, of layers: some Sequence<Int>, _ words: Words,
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) {
    let recorded = layers.compactMap { layer in
      run.layerSeries.series(of: quantity, layer: layer).map { (layer: layer, series: $0) }
    }
    guard !recorded.isEmpty else { return nil }
    let looked = (finding ?? diagnosis.root)?.layer
    map = StepMap(
      run, recorded.map(\.series), names: recorded.map { run.names[$0.layer] },
      accented: Set(
        recorded.indices.filter { run.header.layers[recorded[$0].layer].name == looked }),
      events: EventMarks(diagnosis))
    title = Self.title(map.rows, map.names.map(Wording.name), run.columns, words)
  }

  /// What of the map matters most: values that are none, zeros, a drift, a spread over the layers.
  private static func title(
    _ rows: [Series], _ names: [String], _ columns: StepColumns, _ words: Words
  ) -> String {
    if let broken = rows.compactMap({ $0.bins.firstIndex { $0.nonFinite > 0 } }).min() {
      let first = rows.firstIndex { $0.bins[broken].nonFinite > 0 } ?? 0
      return "\(Wording.capitalized(words.one)) of \(names[first]) is not finite at step "
        + "\(columns.ranges[broken].upperBound)"
    }
    for (row, name) in zip(rows, names) {
      guard let start = row.startOfZeros else { continue }
      return "\(Wording.capitalized(words.one)) of \(name) is exactly zero from step "
        + "\(columns.ranges[start].lowerBound) on"
    }
    let starts = rows.map { $0.bins.first { $0.count > 0 }?.mean ?? 0 }
    let ends = rows.map { $0.bins.last { $0.count > 0 }?.mean ?? 0 }
    let drifts = zip(starts, ends).map { $1 - $0 }
    if words.tellsChange, let most = drifts.indices.max(by: { abs(drifts[$0]) < abs(drifts[$1]) }),
      abs(drifts[most]) >= 1
    {
      return "\(Wording.capitalized(words.one)) of \(names[most]) "
        + (drifts[most] > 0 ? "grows" : "shrinks")
        + " by \(Wording.decades(abs(drifts[most]))) decades during the run"
    }
    guard let least = ends.indices.min(by: { ends[$0] < ends[$1] }),
      let most = ends.indices.max(by: { ends[$0] < ends[$1] }), ends[most] - ends[least] >= 1
    else { return "\(Wording.capitalized(words.several)) have about the same size in all layers" }
    return "\(Wording.capitalized(words.one)) of \(names[least]) ends "
      + "\(Wording.decades(ends[most] - ends[least])) decades below that of \(names[most])"
  }
}
