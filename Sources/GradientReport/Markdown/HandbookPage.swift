package import GradientDiagnosis

/// A page of the handbook about one symptom: what `gradcheck explain` says of it, as Markdown.
package struct HandbookPage: Sendable {
  private let explanation: Explanation

  /// Creates the page of what `explanation` explains.
  package init(_ explanation: Explanation) { self.explanation = explanation }

  /// The name of its file.
  package var file: String { explanation.id + ".md" }

  /// The page.
  package var markdown: String {
    let causes = explanation.causes.map { "- " + Markdown.text($0) }
    let remedies = explanation.remedies.enumerated().map { number, remedy in
      "\(number + 1). \(Markdown.text(remedy.text)) (\(Markdown.code(remedy.id)))"
    }
    let blocks = [
      "# \(Markdown.text(Wording.capitalized(Wording.symptom(explanation.id))))",
      Markdown.text(explanation.summary),
      "`gradcheck explain \(explanation.id)` prints this page.",
      "## What it measures", Markdown.text(explanation.measures),
      "## Why it matters", Markdown.text(explanation.matters),
      "## When it fires", Markdown.text(explanation.fires),
      "## Typical causes", causes.joined(separator: "\n"),
      "## What to try", remedies.joined(separator: "\n"),
      "## Reference", Markdown.text(explanation.reference),
    ]
    return blocks.joined(separator: "\n\n") + "\n"
  }

  /// The file of the page that leads to the others.
  package static let indexFile = "Symptoms.md"

  /// The page that leads to those of the symptoms of a run, of what is asked before its first step, and of what all of it
  /// amounts to.
  package static func index(
    symptoms: [Explanation], preflight: [Explanation], verdicts: [Explanation]
  ) -> String {
    func links(_ explanations: [Explanation]) -> String {
      explanations.map { "- <doc:\($0.id)>" }.joined(separator: "\n")
    }
    let blocks = [
      "# Symptoms",
      "What a diagnosis looks for in a recorded run, the preflight before its first step, and an assertion besides.",
      "Each is a *finding* with the id by which `gradcheck explain`, policies and exit codes know it. The pages are those "
        + "that `gradcheck explain` prints.",
      "## Topics", "### In a run", links(symptoms), "### Before the first step", links(preflight),
      "### In an assertion", links(verdicts),
    ]
    return blocks.joined(separator: "\n\n") + "\n"
  }
}
