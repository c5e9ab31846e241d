import ArgumentParser
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
  @OptionGroup var computing: ComputeOptions
  @OptionGroup var printing: OutputOptions

  func run() throws {
    let session = try Session(model, computing, batch: batch)
    let check = try session.check(method, exhaustive: exhaustive)
    printing.say(check.description)
    try printing.emit(json: check.jsonText)
    try ExitStatus.raise([check.exitStatus])
  }
}

extension CheckMethod: Choice {}
