import ArgumentParser
import Foundation
import GradientHealth

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say which layers changed from one run to another.",
    usage: "gradcheck compare <before> <after> ... [options]",
    discussion: """
      gradcheck compare before.gradtrace after.gradtrace
      gradcheck compare before.gradtrace after.gradtrace \\
        --repeats seed-2.gradtrace seed-3.gradtrace
      """)

  @Argument(help: "The run that the others are held against, then those.")
  var traces: [String]
  @Option(
    name: .customLong("repeats"), parsing: .upToNextOption,
    help: ArgumentHelp("Runs like the first with other seeds: the noise.", valueName: "traces"))
  var alike: [String] = []
  @Option(help: ArgumentHelp("The last step compared.", valueName: "step"))
  var at: Int?
  @Option(help: ArgumentHelp("Write comparison.md and charts there.", valueName: "folder"))
  var output: String?
  @OptionGroup var reading: TraceOptions
  @OptionGroup var printing: OutputOptions

  func validate() throws {
    if traces.count < 2 {
      throw ValidationError("found \(traces.count) trace, expected two or more to compare")
    }
    if let at, at < 0 { throw ValidationError("--at is \(at), expected 0 or more") }
  }

  func run() throws {
    let recorded = try traces.map(reading.open), repeated = try alike.map(reading.open)
    if let output { try ComparisonReport.prepare(output) }
    defer { if let output { rmdir(output) } }
    let comparisons = try RunComparison.each(
      of: recorded[0], with: Array(recorded.dropFirst()), repeats: repeated, upTo: at)
    for (path, comparison) in zip(traces.dropFirst(), comparisons) where comparison.steps == nil {
      throw InputError(file: path, "has no step in common with \(traces[0].quotable)")
    }
    for (trace, path) in zip(recorded + repeated, traces + alike) {
      reading.tellLeftOut(of: trace, at: path)
    }
    let screen = Screen(printing)
    screen.line()
    screen.row("Before", traces[0])
    for (path, comparison) in zip(traces.dropFirst(), comparisons) {
      screen.row("After", path)
      screen.describe(comparison)
      screen.line()
    }
    if let output {
      tellOfMissingFont()
      let report = ComparisonReport(
        before: (traces[0], recorded[0]), after: Array(zip(traces, recorded).dropFirst()),
        comparisons)
      screen.row("Report", try report.write(to: output))
      screen.line()
    }
    let documents = try comparisons.map { try $0.jsonText }
    printing.emit(
      json: JSONDocument("gradient-comparisons")
        .adding("comparisons", json: "[\(documents.joined(separator: ","))]").text)
  }
}
