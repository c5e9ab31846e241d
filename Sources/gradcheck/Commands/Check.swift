import ArgumentParser
import Foundation
import GradientHealth

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check gradients against numeric ones.",
    usage: "gradcheck check <model> [options]",
    discussion: """
      gradcheck check Examples/digits/model.yaml
      gradcheck check model.yaml --seed 7 --format json
      """)

  @Argument(help: "The model file (YAML).")
  var model: String
  @Option(help: ArgumentHelp("Examples instead of the model's data.", valueName: "file.npz"))
  var batch: String?
  @Option(help: ArgumentHelp("dual, finite-difference or taylor alone.", valueName: "oracle"))
  var method: CheckMethod = .automatic
  @Flag(help: "Check every entry of every gradient.")
  var exhaustive = false
  @Flag(help: "Hessian: symmetry and top curvature.")
  var secondOrder = false
  @Option(help: ArgumentHelp("Write check.md and charts there.", valueName: "folder"))
  var output: String?
  @OptionGroup var computing: ComputeOptions
  @OptionGroup var printing: OutputOptions

  func run() throws {
    let screen = Screen(printing)
    let session = try Session(model, computing, batch: batch)
    if let output { try CheckReport.prepare(output) }
    // Fails where there is something in it: only a folder for which nothing could be written goes.
    defer { if let output { rmdir(output) } }
    var check = try session.check(method, exhaustive: exhaustive, inDetail: true)
    if secondOrder { check = check.adding(try session.secondOrder()) }

    screen.line()
    screen.describe(session)
    screen.line()
    printing.say(check.description)
    screen.line()
    screen.describeEvidence(of: check)
    if let output {
      screen.row("Report", try CheckReport(check, settings: settings(session)).write(to: output))
    }
    screen.line()
    try printing.emit(json: check.jsonText)
    try ExitStatus.raise([check.exitStatus])
  }

  /// What it takes to repeat the check.
  private func settings(_ session: Session) -> [CheckReport.Setting] {
    [
      .init("model", session.file.network.summary),
      .init("data", batch ?? session.data?.description ?? "random examples"),
      .init("method", method.rawValue + (exhaustive ? ", every entry" : "")),
    ]
  }
}

extension CheckMethod: Choice {}
