import ArgumentParser
import GradientHealth

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train, recording every backward pass.",
    usage: "gradcheck train <model> [options]",
    discussion: """
      gradcheck train Examples/digits/model.yaml
      gradcheck train model.yaml --output run.gradtrace
      """)

  @Argument(help: "The model file (YAML).")
  var model: String
  @Option(help: ArgumentHelp("The trace; default: NAME.gradtrace.", valueName: "file"))
  var output: String?
  @Option(help: ArgumentHelp("Stop at such a finding: warning or error.", valueName: "severity"))
  var stopOn: StopOn?
  @Option(help: ArgumentHelp("The trained weights (safetensors).", valueName: "file"))
  var saveWeights: String?
  @Option(help: ArgumentHelp("The state, at each epoch's end.", valueName: "file"))
  var checkpoint: String?
  @Option(help: ArgumentHelp("Go on from a checkpoint.", valueName: "file"))
  var resume: String?
  // Hidden, as they say no more than when --stop-on stops; the help fits a screen.
  @OptionGroup(visibility: .hidden) var judging: JudgeOptions
  @OptionGroup var computing: ComputeOptions
  @OptionGroup var printing: OutputOptions

  func run() throws {
    let screen = Screen(printing)
    let session = try Session(model, computing, judging)
    // From here on: until the data are read, which can take long, there is nothing to be closed.
    let interruption = Interruption()
    let data = try session.requireData()
    _ = try session.file.requireTraining()
    let path = output ?? "\(session.file.name).gradtrace"
    screen.line()
    screen.describe(session)
    let training = try session.train(
      on: data, recordingTo: path, stopOn: stopOn?.severity, quiet: printing.quiet,
      interruption: interruption,
      files: TrainingFiles(weights: saveWeights, checkpoint: checkpoint, resume: resume))
    screen.line()
    screen.describe(training)
    screen.row("Trace", path)
    if let saveWeights { screen.row("Weights", saveWeights) }
    if let checkpoint { screen.row("Checkpoint", checkpoint) }
    screen.line()
    printing.emit(
      json: JSONDocument("gradient-training").adding("training", json: training.json)
        .adding("trace", path).text)
    let isFailed = training.stoppedBy.map { finding in
      session.policy.failOn.map { finding.severity >= $0 } ?? false
    }
    try ExitStatus.raise([interruption.status, isFailed == true ? .failed : nil])
  }
}
