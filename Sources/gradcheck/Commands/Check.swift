import ArgumentParser
import Foundation
import GradientHealth

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check gradients against numeric ones.",
    usage: "gradcheck check <model> [options]",
    discussion: """
      gradcheck check Examples/digits/model.yaml
      gradcheck check --program "python3 Examples/any-language/network.py"
      """)

  @Argument(help: "The model file (YAML).")
  var model: String?
  @Option(help: ArgumentHelp("A program in place of a model.", valueName: "command"))
  var program: String?
  // Hidden, as the message that asks for it names it.
  @Option(
    help: ArgumentHelp(
      "How long a program's answer may take.", valueName: "seconds", visibility: .hidden))
  var timeout: Double = 60
  @Option(help: ArgumentHelp("Examples instead of the model's data.", valueName: "file.npz"))
  var batch: String?
  @Option(help: ArgumentHelp("dual, finite-difference, taylor", valueName: "oracle"))
  var method: CheckMethod = .automatic
  @Flag(help: "Check every entry of every gradient.")
  var exhaustive = false
  // Hidden, as the help of every command fits a screen; Documentation/command-line.md has it.
  @Flag(help: ArgumentHelp("Hessian: symmetry and top curvature.", visibility: .hidden))
  var secondOrder = false
  // Hidden, as the row that asks for it names it.
  @Option(
    help: ArgumentHelp(
      "How many entries may stay undecided.", valueName: "percent", visibility: .hidden))
  var maxUnverifiable: Double?
  @Option(help: ArgumentHelp("Write check.md and charts there.", valueName: "folder"))
  var output: String?
  @OptionGroup var computing: ComputeOptions
  @OptionGroup var printing: OutputOptions

  func validate() throws {
    guard (model == nil) != (program == nil) else {
      throw ValidationError(
        "expected a model file or --program, got \(model == nil ? "none" : "both")")
    }
    guard program == nil || batch == nil else {
      throw ValidationError("--batch is for models; a program has examples of its own")
    }
    guard program == nil || (output == nil && !secondOrder) else {
      throw ValidationError("--output and --second-order are for models")
    }
    guard program == nil || method != .dual else {
      throw ValidationError("--method dual is for models; a program answers in plain numbers")
    }
    guard timeout > 0, timeout <= 86_400 else {
      throw ValidationError("--timeout is \(timeout), expected seconds up to 86400")
    }
    if let maxUnverifiable, !(0...100).contains(maxUnverifiable) {
      throw ValidationError(
        "--max-unverifiable is \(percent(maxUnverifiable)), expected 0 to 100 percent")
    }
  }

  func run() throws {
    let screen = Screen(printing)
    if let program {
      let check = judged(try ProgramCheck(program, timeout).run(method, exhaustive, computing))
      printing.say(check.description)
      screen.describeDoubt(about: check)
      return try conclude(check)
    }
    let session = try Session(model ?? "", computing, batch: batch)
    if let output { try CheckReport.prepare(output) }
    // Fails where there is something in it: only a folder for which nothing could be written goes.
    defer { if let output { rmdir(output) } }
    var check = judged(try session.check(method, exhaustive: exhaustive, inDetail: true))
    if secondOrder { check = check.adding(try session.secondOrder()) }

    screen.line()
    screen.describe(session)
    screen.line()
    printing.say(check.description)
    screen.line()
    screen.describeDoubt(about: check)
    screen.describeEvidence(of: check)
    if let output {
      tellOfMissingFont()
      screen.row("Report", try CheckReport(check, settings: settings(session)).write(to: output))
    }
    screen.line()
    try conclude(check)
  }

  /// A check with as many undecided entries as the option allows.
  private func judged(_ check: GradientCheck) -> GradientCheck {
    maxUnverifiable.map { check.allowing(unverifiable: $0 / 100) } ?? check
  }

  private func conclude(_ check: GradientCheck) throws {
    try printing.emit(json: check.jsonText)
    try ExitStatus.raise([check.exitStatus])
  }

  /// What it takes to repeat the check.
  private func settings(_ session: Session) -> [CheckReport.Setting] {
    [
      .init("model", session.file.network.summary),
      .init("data", batch ?? session.data?.description ?? "random examples"),
      .init("method", method.rawValue + (exhaustive ? ", every entry" : "")),
    ] + (maxUnverifiable.map { [.init("max-unverifiable", "\(percent($0)) %")] } ?? [])
  }
}

extension CheckMethod: Choice {}
