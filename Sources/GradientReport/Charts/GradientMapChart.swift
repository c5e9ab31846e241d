package import GradientDiagnosis
import GradientTrace

/// How large the gradient of each layer's weights is at every step: rows in order of depth, the input at the top.
package struct GradientMapChart: Chart {
  package let subtitle = [
    "RMS of dE/dw over the weights of each layer, before clipping", "log scale, input at the top",
  ]
  private let content: LayerMap

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    let words = LayerMap.Words(
      one: "the weight gradient", several: "weight gradients", tellsChange: false)
    guard
      let content = LayerMap(
        .gradient, of: run.graph.weightLayers, words, run, diagnosis, about: finding)
    else { throw NotEnoughData("no weight gradients in this trace") }
    self.content = content
  }

  package var title: String { content.title }

  package var alternativeText: String {
    "\(title); \(content.map.names.count.counted("weight layer")) in order of depth"
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    self.content.map.elements(in: content, theme: theme)
  }
}
