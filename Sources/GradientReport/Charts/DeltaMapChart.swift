import Foundation
package import GradientDiagnosis
import GradientTrace
import GzipIO

/// δ of every weight layer at every step: rows in order of depth, the input at the top.
package struct DeltaMapChart: Chart {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let map: StepMap

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    let recorded = run.delta.indices.filter { !run.delta[$0].isEmpty }
    guard !recorded.isEmpty else {
      throw NotEnoughData("no δ of a layer with weights in this trace")
    }
    let layers = recorded.map { run.header.layers[run.graph.weightLayers[$0]].name }
    let looked = (finding ?? diagnosis.root)?.layer
    map = StepMap(
      run, recorded.map { run.delta[$0] },
      names: recorded.map { run.names[run.graph.weightLayers[$0]] },
      accented: Set(layers.indices.filter { layers[$0] == looked }), events: EventMarks(diagnosis))
    let unit = run.isDeltaPerExample ? "L2 norm of δ per example" : "RMS of δ's elements"
    subtitle = [
      "\(unit), output of each weight layer in the backward pass", "log scale, input at the top",
    ]
    title = Self.title(run, recorded, map.rows, map.names)
    alternativeText = title + "; \(map.names.count.counted("weight layer")) in order of depth"
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    map.elements(in: content, theme: theme)
  }
}

extension DeltaMapChart {
  private static func title(
    _ run: RunDigest, _ recorded: [Int], _ rows: [Series], _ names: [String]
  ) -> String {
    if let step = run.firstNonFiniteDelta {
      return "δ is no longer finite from step \(step) on"
    }
    if let zero = rows.lastIndex(where: { $0.startOfZeros != nil }),
      let start = rows[zero].startOfZeros
    {
      let step = run.columns.ranges[start].lowerBound
      return "δ of \(Wording.name(names[zero])) is exactly zero from step \(step) on"
    }
    // The same window as the chart over depth, so that both name the same figure.
    let spreads = recorded.map { run.profile.spread(of: run.graph.weightLayers[$0])?.median }
    let finite = spreads.compactMap(\.self).filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), let window = run.profile.steps.last
    else {
      return "δ was never finite"
    }
    let time = "at step \(window)"
    guard high - low >= 1, let least = spreads.firstIndex(of: low),
      let most = spreads.firstIndex(of: high)
    else { return "δ has about the same size in all layers \(time)" }
    return
      "δ of \(Wording.name(names[least])) is \(Wording.decades(high - low)) decades below that of \(Wording.name(names[most])) \(time)"
  }
}
