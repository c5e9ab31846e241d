import ArgumentParser
import GradientHealth

struct Gradients: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write one pass's deltas and gradients.",
    usage: "gradcheck gradients <model> --output <file> [options]",
    discussion: """
      gradcheck gradients model.yaml --output pass.safetensors
      gradcheck gradients model.yaml --weights w.safetensors --output p.safetensors
      """)

  /// The numbers that a pass is computed in.
  enum Precision: String, Choice { case float, double }

  @Argument(help: "The model file (YAML).")
  var model: String
  @Option(help: ArgumentHelp("The safetensors file to write.", valueName: "file"))
  var output: String
  @Option(help: ArgumentHelp("Trained weights (safetensors).", valueName: "file"))
  var weights: String?
  @Option(help: ArgumentHelp("Examples instead of the model's data.", valueName: "file.npz"))
  var batch: String?
  @Option(help: ArgumentHelp("float or double; default: the model's."))
  var precision: Precision?
  @OptionGroup var computing: ComputeOptions
  @OptionGroup var printing: OutputOptions

  func run() throws {
    let session = try Session(model, computing, weights: weights, batch: batch)
    let precision =
      precision.flatMap { Trainer.Precision(rawValue: $0.rawValue) }
      ?? session.file.training?.precision ?? .float
    let pass = try session.pass(in: precision)
    let document = SafeTensors(
      pass, precision: precision,
      metadata: [
        "producer": "gradcheck \(gradientHealthVersion)",
        "model": session.file.network.summary, "seed": "\(session.seed)",
      ])
    try document.write(to: output)
    let screen = Screen(printing)
    screen.line()
    screen.describe(session)
    screen.row(
      "Pass",
      "\(pass.examples.grouped) examples, \(precision.rawValue), training mode · loss "
        + Wording.loss(pass.loss))
    screen.row("Tensors", "\(document.tensors.count.grouped) in \(output)")
    screen.line()
    printing.emit(
      json: JSONDocument("gradient-pass").adding("loss", json: JSONDocument.number(pass.loss))
        .adding("examples", pass.examples).adding("tensors", document.tensors.count)
        .adding("output", output).text)
  }
}

extension Session {
  /// One pass over the batch that was given, or the first one of the training part.
  fileprivate func pass(in precision: Trainer.Precision) throws -> SinglePass {
    let count = file.training?.batch ?? GradientCheck.batch
    let examples = try batch ?? self.examples(count)
    do {
      return try SinglePass(file.network, on: examples, seed: seed, precision: precision)
    } catch { throw InputError(file: file.path, error.description) }
  }
}
