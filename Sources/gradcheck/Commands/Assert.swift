import ArgumentParser
import Foundation
import GradientHealth

struct Assert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fail a build whose gradients aren't well.",
    usage: "gradcheck assert <model-or-trace> ... [options]",
    discussion: """
      gradcheck assert model.yaml run.jsonl.gz --reports reports
      gradcheck assert model.yaml --baseline baseline.json --format junit
      """)

  /// The id of a format of the catalog.
  struct Format: ExpressibleByArgument {
    let format: any AssertionFormat.Type

    init?(argument: String) {
      guard let format = AssertionFormatCatalog.format(argument) else { return nil }
      self.format = format
    }

    static let text = Format(TextFormat.self)
    var defaultValueDescription: String { format.id }

    private init(_ format: any AssertionFormat.Type) { self.format = format }
  }

  @Argument(help: "Model files (YAML), which are trained, and traces.")
  var subjects: [String]
  @Option(help: ArgumentHelp("Fail where it is worse than this.", valueName: "file"))
  var baseline: String?
  @Option(help: "text, json, junit, sarif, github, gitlab")
  var format = Format.text
  @Option(help: ArgumentHelp("Write the results there.", valueName: "file"))
  var output: String?
  @Option(help: ArgumentHelp("Reports of what doesn't pass.", valueName: "folder"))
  var reports: String?
  @OptionGroup var judging: JudgeOptions
  @OptionGroup var options: SubjectOptions
  @Flag(help: "Print nothing but errors.")
  var quiet = false
  @Option(help: ArgumentHelp("auto, always or never", valueName: "when", visibility: .hidden))
  var color: Terminal.Color = .auto

  func run() throws {
    // Whatever is wrong with what all of them need is found out before anything is trained.
    _ = try judging.policy()
    let baselines = try baseline.map {
      try BaselineFile(contentsOf: $0, limit: options.computing.inputs.maxInput)
    }
    if let output { _ = try FileWriter(path: output) }
    if let reports { try Report.prepareRoot(reports) }
    defer { if let reports { rmdir(reports) } }

    let interruption = Interruption()
    var judge = SubjectJudge(
      options, judging, baselines: baselines, reports: reports, quiet: quiet,
      interruption: interruption)
    var results: [AssertionResult] = []
    for subject in subjects where interruption.status == nil {
      let result = try judge.result(of: subject)
      if let obstacle = result.obstacle { complain("\(obstacle)") }
      results.append(result)
    }
    try ExitStatus.raise([interruption.status])
    let report = AssertionReport(results, version: gradientHealthVersion)
    try write(format.format.text(of: report))
    if format.format == GitHubFormat.self { addToJobPage(report.markdown) }
    try ExitStatus.raise([report.status.exitStatus])
  }

  private func write(_ text: String) throws {
    if let output {
      let file = try FileWriter(path: output)
      try file.write(text)
      try file.close()
    } else if format.format == TextFormat.self {
      let terminal = Terminal(color: color)
      if !quiet { try StandardOutput.write(Array(terminal.colored(text).utf8)) }
    } else {
      try StandardOutput.write(Array(text.utf8))
    }
  }

  /// Adds the results to the page of the job that GitHub names, if it does; that there is none hides no verdict.
  private func addToJobPage(_ markdown: String) {
    guard let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty
    else { return }
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
    defer { close(descriptor) }
    let bytes = Array(markdown.utf8)
    guard descriptor >= 0, Foundation.write(descriptor, bytes, bytes.count) == bytes.count else {
      let reason = String(cString: strerror(errno)).lowercased()
      return complain("\(path.quotable): the summary can't be written: \(reason)")
    }
  }
}

extension AssertionResult.Status {
  /// What the results mean for the command's exit.
  fileprivate var exitStatus: ExitStatus? {
    switch self {
    case .unusable: .unusable
    case .failed: .failed
    case .undecided: .undecided
    case .passed: nil
    }
  }
}

extension Terminal {
  /// The text of assertions with its verdicts in color.
  fileprivate func colored(_ text: String) -> String {
    let styles: [(String, Style)] = [
      ("healthy", .good), ("FAILED", .bad), ("UNREADABLE", .bad), ("UNCLEAR", .warning),
      ("WARNING", .warning),
    ]
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard let (word, style) = styles.first(where: { line.hasPrefix("  \($0.0) ") }) else {
        return String(line)
      }
      return "  " + styled(word, style) + line.dropFirst(2 + word.count)
    }.joined(separator: "\n")
  }
}
