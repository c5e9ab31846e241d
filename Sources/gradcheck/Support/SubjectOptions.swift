import ArgumentParser
import GradientHealth

/// What a command takes that works on models and traces alike, and how it opens them.
struct SubjectOptions: ParsableArguments {
  @OptionGroup var computing: ComputeOptions
  // Hidden, as in a build a log is whole or broken; Documentation/command-line.md has it.
  @Flag(help: ArgumentHelp("Of broken JSON lines, take what is whole.", visibility: .hidden))
  var keepGoing = false

  /// Whether a file is taken for a model, by its name.
  static func isModel(_ path: String) -> Bool {
    [".yaml", ".yml"].contains { path.lowercased().hasSuffix($0) }
  }

  /// Opens a trace file or a log in JSON lines.
  func open(_ path: String) throws -> Trace {
    try Trace(contentsOf: path, keepGoing: keepGoing, limit: computing.inputs.maxInput)
  }
}
