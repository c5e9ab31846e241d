import ArgumentParser
import GradientHealth

struct SelftestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract: "Show that the checker catches every wrong gradient.",
    usage: "gradcheck selftest [options]",
    discussion: """
      gradcheck selftest                      every layer × every mistake
      gradcheck selftest --format json
      gradcheck selftest --thorough           every method, ten seeds: minutes
      """)

  @Option(help: ArgumentHelp("Sets every seed.", valueName: "number"))
  var seed: UInt64 = 1
  @Flag(help: "Ask everything, for many minutes.")
  var thorough = false
  @Flag(help: "Print Documentation/selftest.md.")
  var markdown = false
  @OptionGroup var printing: OutputOptions

  func run() throws {
    let test = FullSelftest(seed: seed, extent: thorough ? .thorough : .brief)
    printing.say(markdown ? test.markdown.trimmed : test.description)
    try printing.emit(json: test.jsonText)
    if !test.hasPassed { throw ExitStatus.failed }
  }
}

extension String {
  /// Without the line's end that printing adds.
  fileprivate var trimmed: String { hasSuffix("\n") ? String(dropLast()) : self }
}
