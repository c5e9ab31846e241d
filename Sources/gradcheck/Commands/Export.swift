import ArgumentParser
import GradientHealth

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a trace as JSON lines or CSV.",
    usage: "gradcheck export <trace> --format <format> [options]",
    discussion: """
      gradcheck export digits.gradtrace --format jsonl --output digits.jsonl.gz
      gradcheck export digits.gradtrace --format csv > digits.csv
      """)

  /// The forms of interchange.
  enum Format: String, Choice { case jsonl, csv }

  @Argument(help: "The trace: .gradtrace, .jsonl or .jsonl.gz.")
  var trace: String
  @Option(help: "jsonl or csv.")
  var format: Format
  @Option(help: ArgumentHelp("The file to write; default: stdout.", valueName: "file"))
  var output: String?
  @OptionGroup var reading: TraceOptions

  func run() throws {
    if let output { try refuse(toReplace: trace, by: output) }
    let recorded = try reading.open(trace)
    switch (format, output) {
    case (.jsonl, let path?): try recorded.writeJSONLines(to: path)
    case (.csv, let path?): try recorded.writeCSV(to: path)
    case (.jsonl, nil): try recorded.writeJSONLines(StandardOutput.write)
    case (.csv, nil): try recorded.writeCSV(StandardOutput.write)
    }
    reading.tellLeftOut(of: recorded, at: trace)
    if let first = try recorded.firstWholeStep() {
      complain(
        "\(trace.quotable): the steps before \(first.grouped) were merged, and are not exported")
    }
  }
}
