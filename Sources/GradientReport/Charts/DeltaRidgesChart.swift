package import GradientDiagnosis
import GradientTrace

/// How large δ is, element by element: one ridge a weight layer, in order of depth.
package struct DeltaRidgesChart: Chart {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let rows: RidgeRows

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    rows = try RidgeRows(
      run, .delta, of: run.graph.weightLayers,
      about: finding ?? diagnosis.root, noun: "δ")
    title = rows.title("elements of δ", backward: true)
    subtitle = [
      "Magnitudes of δ per example, output of each weight layer in the backward pass",
      rows.when,
      "input at the top",
    ]
    alternativeText = title + "; " + rows.figures
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    RidgePlot(rows: rows, caption: "|δ|, log scale", theme: theme).elements(in: content)
  }
}
