import Foundation
import GradientHealth

/// The table of assertions, and each exception.
struct FlakesPage {
  var rows: [FlakeRow]
  var seeds: UInt64

  var text: String {
    """
    # Assertions at \(seeds) seeds

    Each assertion that a test makes of a model, at \(seeds) seeds, as `Scripts/flakes` wrote it: on healthy models it passes
    at every one, on faulty ones it fails at every one. *Healthy* is `expectHealthyGradients`, after \(FlakeSubject.steps) steps from that seed;
    *correct* is `expectCorrectGradients`, at the values that the seed initializes. The bugs are those of
    [messages](messages/README.md). A seconds figure is that of the fastest of ten, in release, on one thread.

    | model | asserted to be | should | passes | found | seconds |
    |---|---|---|---|---|---|
    \(rows.map(line).joined(separator: "\n"))

    \(exceptions)
    """
  }

  private func line(_ row: FlakeRow) -> String {
    let seconds = row.seconds.formatted(.number.precision(.fractionLength(3)))
    return "| \(row.subject.name) | \(row.subject.assertion) "
      + "| \(row.subject.shouldPass ? "pass" : "fail") | \(row.passes) of \(row.outcomes.count) "
      + "| \(row.headlines) | \(seconds) |"
  }

  private var exceptions: String {
    let lines = rows.flatMap { row in
      row.exceptions.map {
        "- \(row.subject.name), seed \($0.seed): \($0.outcome.passes ? "passes" : "fails"), \($0.outcome.headline)"
      }
    }
    return lines.isEmpty ? "There is no exception." : lines.joined(separator: "\n")
  }
}
