package import GradientDiagnosis
import GradientTrace

/// How large the gradients of each layer's weights are: one ridge a layer, in order of depth.
package struct GradientRidgesChart: Chart {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let rows: RidgeRows

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    rows = try RidgeRows(
      run, .gradient, of: run.graph.weightLayers,
      about: finding ?? diagnosis.root, noun: "weight gradients")
    title = rows.title("weight gradients", backward: true)
    subtitle = [
      "Magnitudes of dE/dw of each layer's weights in the backward pass", rows.when,
      "input at the top",
    ]
    alternativeText = title + "; " + rows.figures
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    RidgePlot(rows: rows, caption: "|dE/dw|, log scale", theme: theme).elements(in: content)
  }
}
