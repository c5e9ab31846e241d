package import GradientDiagnosis
import GradientTrace

/// How large the outputs of each nonlinearity are: one ridge a layer, in order of depth.
package struct ActivationRidgesChart: Chart {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let rows: RidgeRows

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    rows = try RidgeRows(
      run, .activation, of: run.graph.outputsWorthALook(run.header),
      about: finding ?? diagnosis.root, noun: "activations")
    title = rows.title("outputs", backward: false)
    subtitle = [
      "Magnitudes of each layer's outputs in the forward pass", rows.when,
      "input at the top",
    ]
    alternativeText = title + "; " + rows.figures
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    RidgePlot(rows: rows, caption: "|output|, log scale", theme: theme).elements(in: content)
  }
}
