import ArgumentParser
import GradientHealth

/// How a command writes what it found.
struct OutputOptions: ParsableArguments {
  /// The forms of output.
  enum Format: String, Choice { case text, json }

  @Option(help: "text or json")
  var format: Format = .text
  @Flag(help: "Print nothing but errors.")
  var quiet = false
  // Hidden, as the help of every command fits a screen; Documentation/command-line.md has it.
  @Option(help: ArgumentHelp("auto, always or never", valueName: "when", visibility: .hidden))
  var color: Terminal.Color = .auto

  /// Prints a text for people, unless it is unwanted.
  func say(_ text: String) {
    if format == .text, !quiet { print(text) }
  }

  /// Prints the one JSON document, where that is wanted.
  func emit(json document: @autoclosure () throws -> String) rethrows {
    if format == .json { print(try document()) }
  }
}

/// How a report is written, and what is printed beside it.
struct ReportOptions: ParsableArguments {
  /// The forms of a report, and of what is printed.
  enum Format: String, Choice { case markdown, html, text, json }

  @Option(help: "markdown, html; json: to stdout")
  var format: Format = .markdown
  @Flag(help: "Print nothing but errors.")
  var quiet = false
  @Option(help: ArgumentHelp("auto, always or never", valueName: "when", visibility: .hidden))
  var color: Terminal.Color = .auto

  var page: Report.Format { format == .html ? .html : .markdown }

  /// The same as every command takes it.
  var printing: OutputOptions {
    var options = OutputOptions()
    options.format = format == .json ? .json : .text
    options.quiet = quiet
    options.color = color
    return options
  }
}

/// How much is read of a file that may come from a stranger.
struct InputOptions: ParsableArguments {
  // Hidden, as the help of every command fits a screen; Documentation/command-line.md has it.
  @Option(help: ArgumentHelp("The most bytes read of a file, unpacked.", visibility: .hidden))
  var maxInput: Int = FileReader.defaultLimit

  func validate() throws {
    if maxInput < 1 { throw ValidationError("--max-input is \(maxInput), expected 1 or more") }
  }
}

/// What every command that computes takes.
struct ComputeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Sets every seed.", valueName: "number"))
  var seed: UInt64?
  @Option(help: ArgumentHelp("Default: the cores, at most 4.", valueName: "number"))
  var threads: Int?
  // Hidden, as the message that asks for it names it.
  @Flag(help: ArgumentHelp("Let the model file name data anywhere.", visibility: .hidden))
  var allowOutside = false
  @OptionGroup var inputs: InputOptions

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads), expected 1 to 1024")
    }
  }
}

/// At which findings a training stops.
enum StopOn: String, Choice {
  case warning, error

  var severity: Severity { self == .warning ? .warning : .error }
}

/// When a diagnosis fails the command.
struct JudgeOptions: ParsableArguments {
  /// The severity from which on a finding fails.
  enum FailOn: String, Choice { case info, warning, error, never }

  @Option(help: ArgumentHelp("info, warning, error or never.", valueName: "severity"))
  var failOn: FailOn?
  @Option(help: ArgumentHelp("A YAML file with the keys of `health`.", valueName: "file"))
  var policy: String?
}

extension Terminal.Color: Choice {}

/// One of a few words, which the help names itself instead of having them appended.
protocol Choice: ExpressibleByArgument, CaseIterable, RawRepresentable where RawValue == String {}

extension Choice {
  static var allValueStrings: [String] { [] }
}
