package import GradientDiagnosis
import GradientTrace

/// How the outputs of some layers are distributed over the run: percentiles of their magnitudes.
package struct ActivationFanChart: Chart {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let panels: FanPanels

  package init(
    _ run: RunDigest, _ diagnosis: Diagnosis, about finding: Finding?
  ) throws(NotEnoughData) {
    panels = try FanPanels(
      run, .activation, of: run.graph.outputsWorthALook(run.header),
      about: finding ?? diagnosis.root, noun: "activations")
    title = panels.title("Outputs")
    subtitle = [
      "Magnitudes of the outputs in the forward pass, where not zero", "once a window", "log scale",
    ]
    alternativeText = title + "; medians from the first window to the last: " + panels.figures
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    panels.elements(in: content, caption: "|output|", theme: theme)
  }
}
