import ArgumentParser
import Foundation
import GradientHealth

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check gradients, train, diagnose, report.",
    usage: "gradcheck run <model> [options]",
    discussion: """
      gradcheck run Examples/digits/model.yaml
      gradcheck run model.yaml --output report --stop-on error
      """)

  @Argument(help: "The model file (YAML).")
  var model: String
  @Option(help: ArgumentHelp("Default: gradcheck-report/NAME.", valueName: "folder"))
  var output: String?
  @Option(help: ArgumentHelp("Stop at such a finding: warning or error.", valueName: "severity"))
  var stopOn: StopOn?
  @OptionGroup var judging: JudgeOptions
  @OptionGroup var computing: ComputeOptions
  @OptionGroup var printing: OutputOptions

  func run() throws {
    let screen = Screen(printing)
    let session = try Session(model, computing, judging)
    // From here on: until the data are read, which can take long, there is nothing to be closed.
    let interruption = Interruption()
    let data = try session.requireData()
    _ = try session.file.requireTraining()
    let folder = output ?? "gradcheck-report/\(session.file.name)"
    let tracePath = folder + "/trace.gradtrace"
    try Report.prepare(folder)
    // Fails where there is something in it: only a folder for which nothing could be written goes.
    defer { rmdir(folder) }

    screen.line()
    screen.describe(session)
    let start = ContinuousClock.now
    let check = try session.check(inDetail: true)
    let checkDuration = ContinuousClock.now - start
    screen.line()
    screen.describe(check)
    let preflightStart = ContinuousClock.now
    let preflight = try session.preflight(on: data)
    let preflightDuration = ContinuousClock.now - preflightStart
    screen.describe(preflight)
    let training = try session.train(
      on: data, recordingTo: tracePath, stopOn: stopOn?.severity, quiet: printing.quiet,
      interruption: interruption, preflight: preflight,
      documents: ["check": try check.jsonText, Preflight.document: try preflight.jsonText],
      timings: ["check": checkDuration, "preflight": preflightDuration])
    screen.describe(training)

    let trace = try Trace(contentsOf: tracePath)
    let diagnosis = try Diagnosis(of: trace, policy: session.policy)
    screen.describe(diagnosis, ofModel: model)
    tellOfMissingFont()
    let report = try Report(trace, diagnosis, check).write(to: folder)
    screen.line()
    screen.row("Report", report)
    screen.line()

    try printing.emit(
      json: JSONDocument("gradient-run")
        .adding("check", json: check.jsonText)
        .adding("preflight", json: preflight.jsonText)
        .adding("training", json: training.json)
        .adding("diagnosis", json: diagnosis.json())
        .adding("report", report).text)
    try ExitStatus.raise([
      interruption.status, check.exitStatus, preflight.exitStatus(session.policy),
      diagnosis.exitStatus(session.policy),
    ])
  }
}
