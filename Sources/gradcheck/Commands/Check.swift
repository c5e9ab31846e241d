import ArgumentParser
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
  @Option(help: ArgumentHelp("dual, finite-difference or taylor alone.", valueName: "oracle"))
  var method: CheckMethod = .automatic
  @Flag(help: "Check every entry of every gradient.")
  var exhaustive = false
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
    guard program == nil || method != .dual else {
      throw ValidationError("--method dual is for models; a program answers in plain numbers")
    }
    guard timeout > 0, timeout <= 86_400 else {
      throw ValidationError("--timeout is \(timeout), expected seconds up to 86400")
    }
  }

  func run() throws {
    let check = try result()
    printing.say(check.description)
    try printing.emit(json: check.jsonText)
    try ExitStatus.raise([check.exitStatus])
  }

  private func result() throws -> GradientCheck {
    if let program { return try ProgramCheck(program, timeout).run(method, exhaustive, computing) }
    let session = try Session(model ?? "", computing, batch: batch)
    return try session.check(method, exhaustive: exhaustive)
  }
}

extension CheckMethod: Choice {}
