import ArgumentParser
import GradientHealth

struct MakeReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a recorded run's report with charts.",
    usage: "gradcheck report <trace> [options]",
    discussion: """
      gradcheck report run.jsonl.gz
      gradcheck report digits.gradtrace --output report --format html
      """)

  @Argument(help: "The trace: .gradtrace, .jsonl or .jsonl.gz.")
  var trace: String
  @Option(help: ArgumentHelp("Default: gradcheck-report/NAME.", valueName: "folder"))
  var output: String?
  @Option(help: "standard, or all that can be drawn")
  var charts: Report.Charts = .standard
  @Flag(help: "One file; GitHub and GitLab hide its images.")
  var embed = false
  @Flag(help: "Leave out times, host and versions.")
  var reproducible = false
  @OptionGroup var pairing: PairedOptions
  @OptionGroup var reading: TraceOptions
  @OptionGroup var judging: JudgeOptions
  @OptionGroup var form: ReportOptions

  func run() throws {
    let policy = try judging.policy()
    let recorded = try reading.open(trace)
    policy.tellUnknownLayers(among: recorded.header.layers.map(\.name))
    let folder =
      output ?? "gradcheck-report/\(runName(ofFileAt: trace, declared: recorded.header.run.name))"
    let paired = try pairing.trace(reading)
    let diagnosis = try Diagnosis(of: recorded, paired: paired, policy: policy)
    reading.tellLeftOut(of: recorded, at: trace)
    // What `run` found out about the gradients lies in the trace.
    let check = try recorded.keptCheck()
    tellOfMissingFont()
    let report = try Report(recorded, diagnosis, check, paired: paired).write(
      to: folder, as: form.page, charts: charts, embedding: embed, reproducible: reproducible)
    let printing = form.printing
    let screen = Screen(printing)
    screen.line()
    screen.describe(diagnosis)
    screen.line()
    screen.row("Report", report)
    screen.line()
    try printing.emit(
      json: JSONDocument("gradient-report").adding("diagnosis", json: diagnosis.json())
        .adding("report", report).text)
    try ExitStatus.raise([check?.exitStatus, diagnosis.exitStatus(policy)])
  }
}

extension Report.Charts: Choice {}
