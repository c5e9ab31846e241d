import GzipIO

extension AssertionReport {
  /// The results as a page of a build job: a table of all subjects, then what is to be told of each.
  package var markdown: String {
    var lines = ["## gradcheck: \(headline)", ""]
    lines += Markdown.table(
      ["subject", "verdict", ""],
      results.map { result in
        [Markdown.code(result.path), "**\(result.label)**", Markdown.text(result.evidence)]
      })
    for result in results where !result.summary.isEmpty {
      lines += ["", "### \(result.label): \(Markdown.code(result.path))", ""]
      lines += result.summary.map { "- " + Markdown.text($0) }
      if let report = result.report { lines.append("- Report: " + Markdown.code(report)) }
    }
    return lines.joined(separator: "\n") + "\n\n"
  }
}
