import ArgumentParser
import Foundation
import GradientHealth

struct BaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline",
    abstract: "Measure what later runs are held against.",
    usage: "gradcheck baseline update <model-or-trace> ... --baseline <file>",
    discussion: """
      gradcheck baseline update model.yaml --baseline baseline.json
      gradcheck assert model.yaml --baseline baseline.json
      """,
    subcommands: [BaselineUpdate.self])
}

struct BaselineUpdate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "update",
    abstract: "Measure the baselines of models or traces anew.",
    usage: "gradcheck baseline update <model-or-trace> ... --baseline <file>",
    discussion: """
      gradcheck baseline update model.yaml --baseline baseline.json
      gradcheck baseline update seed-*.jsonl.gz --baseline baseline.json
      """)

  @Argument(help: "Model files (YAML), which are trained, and traces of runs alike.")
  var subjects: [String]
  @Option(help: ArgumentHelp("The file; what it has of others stays.", valueName: "file"))
  var baseline: String
  @Option(help: ArgumentHelp("How often a model is trained.", valueName: "number"))
  var seeds = 5
  @OptionGroup var options: SubjectOptions
  @OptionGroup var printing: OutputOptions

  func validate() throws {
    if !(1...1000).contains(seeds) {
      throw ValidationError("--seeds is \(seeds), expected 1 to 1000")
    }
  }

  func run() throws {
    let isThere = FileManager.default.fileExists(atPath: baseline)
    var file =
      try isThere
      ? BaselineFile(contentsOf: baseline, limit: options.computing.inputs.maxInput)
      : BaselineFile(path: baseline)
    _ = try FileWriter(path: baseline)
    let interruption = Interruption()
    var groups: [MeasuredRuns] = []
    for path in subjects {
      let runs =
        try SubjectOptions.isModel(path)
        ? MeasuredRuns(
          ofModel: path, seeds: seeds, options, quiet: printing.quiet, interruption: interruption)
        : MeasuredRuns(ofTrace: path, options)
      try ExitStatus.raise([interruption.status])
      if let place = groups.firstIndex(where: { $0.name == runs.name }) {
        try groups[place].join(runs)
      } else {
        groups.append(runs)
      }
    }
    let screen = Screen(printing)
    screen.line()
    for group in groups {
      let measured = try group.baseline()
      file.baselines[group.name] = measured
      let steps = [measured.firstSteps, measured.steps].compactMap(\.self).map(Wording.range)
      screen.row(
        group.name,
        "\(measured.runs.counted("run")), steps \(steps.joined(separator: " and "))"
          + (measured.runs < 3 ? "; that few don't tell what is noise" : ""))
      for line in try group.doubts() { screen.row("", verdict: "WARNING", .warning, line) }
    }
    try file.write()
    screen.row("Baseline", baseline)
    screen.line()
    let names = groups.map { JSONDocument.quoted($0.name) }.joined(separator: ",")
    printing.emit(
      json: JSONDocument("gradient-baseline-update").adding("baseline", baseline)
        .adding("updated", json: "[\(names)]").text)
  }
}
