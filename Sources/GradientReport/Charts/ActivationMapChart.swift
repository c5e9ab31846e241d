package import GradientDiagnosis
import GradientTrace

/// How large each layer's output is at every step: rows in the order of the forward pass, the input at the top.
package struct ActivationMapChart: Chart {
  package let subtitle = [
    "RMS of each layer's output in the forward pass", "log scale, input at the top",
  ]
  private let content: LayerMap

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    let layers = run.header.layers.indices.filter { run.header.layers[$0].kind != "input" }
    let words = LayerMap.Words(one: "the output", several: "outputs", tellsChange: true)
    guard
      let content = LayerMap(
        .activation, of: layers, words, run, diagnosis, about: finding)
    else { throw NotEnoughData("no activations in this trace") }
    self.content = content
  }

  package var title: String { content.title }

  package var alternativeText: String {
    "\(title); \(content.map.names.count.counted("layer")) in the order of the forward pass"
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    self.content.map.elements(in: content, theme: theme)
  }
}
