import ArgumentParser
import GradientHealth

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn JSON lines into a trace file.",
    usage: "gradcheck import <log> --output <file> [options]",
    discussion: """
      gradcheck import run.jsonl.gz --output run.gradtrace
      gradcheck import run.jsonl --output run.gradtrace --keep-going
      """)

  @Argument(help: "The log: .jsonl or .jsonl.gz.")
  var log: String
  @Option(help: ArgumentHelp("The trace file to write.", valueName: "file"))
  var output: String
  @OptionGroup var reading: TraceOptions
  @OptionGroup var printing: OutputOptions

  func run() throws {
    try refuse(toReplace: log, by: output)
    let recorded = try reading.open(log)
    let steps = try recorded.writeTrace(to: output)
    reading.tellLeftOut(of: recorded, at: log)
    printing.say("  \(steps.grouped) steps in \(output)")
    printing.emit(
      json: JSONDocument("gradient-import").adding("trace", output).adding("steps", steps).text)
  }
}
