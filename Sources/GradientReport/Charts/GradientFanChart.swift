package import GradientDiagnosis
import GradientTrace

/// How the weight gradients of some layers are distributed over the run: percentiles of their magnitudes.
package struct GradientFanChart: Chart {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let panels: FanPanels

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    panels = try FanPanels(
      run, .gradient, of: run.graph.weightLayers,
      about: finding ?? diagnosis.root, noun: "weight gradients")
    title = panels.title("Weight gradients")
    subtitle = [
      "Magnitudes of dE/dw of the weights in the backward pass, where not zero", "once a window",
      "log scale",
    ]
    alternativeText = title + "; medians from the first window to the last: " + panels.figures
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    panels.elements(in: content, caption: "|dE/dw|", theme: theme)
  }
}
