import ArgumentParser
import Foundation
import GradientHealth

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Measure how scales change with width and depth.",
    usage: "gradcheck sweep <model> [options]",
    discussion: """
      gradcheck sweep Examples/digits/model.yaml
      gradcheck sweep model.yaml --seeds 10 --output sweep
      """)

  @Argument(help: "The model file (YAML).")
  var model: String
  @Option(help: ArgumentHelp("Starts of each size, up to 100.", valueName: "number"))
  var seeds: Int = 5
  @Option(help: ArgumentHelp("Write sweep.md and charts there.", valueName: "folder"))
  var output: String?
  @OptionGroup var judging: JudgeOptions
  @OptionGroup var computing: ComputeOptions
  @OptionGroup var printing: OutputOptions

  func validate() throws {
    guard (1...100).contains(seeds) else {
      throw ValidationError("--seeds is \(seeds), expected 1 to 100")
    }
  }

  func run() throws {
    let screen = Screen(printing)
    let session = try Session(model, computing, judging)
    if let output { try SweepReport.prepare(output) }
    // Fails where there is something in it: only a folder for which nothing could be written goes.
    defer { if let output { rmdir(output) } }
    let sweep = try session.sweep(seeds: seeds)

    screen.line()
    screen.describe(session)
    screen.describe(sweep)
    if let output {
      screen.line()
      tellOfMissingFont()
      screen.row("Report", try SweepReport(sweep, name: session.file.name).write(to: output))
    }
    screen.line()
    try printing.emit(json: sweep.jsonText)
    let isFailed = session.policy.failOn.map { sweep.severity >= $0 && sweep.hasTrend } ?? false
    try ExitStatus.raise([isFailed ? .failed : nil])
  }
}
