import ArgumentParser
import GradientHealth

struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judge a recorded run.",
    usage: "gradcheck diagnose <trace> [options]",
    discussion: """
      gradcheck diagnose digits.gradtrace
      gradcheck diagnose run.jsonl.gz --format json
      gradcheck diagnose generator.gradtrace --paired discriminator.gradtrace
      """)

  @Argument(help: "The trace: .gradtrace, .jsonl or .jsonl.gz.")
  var trace: String
  @OptionGroup var pairing: PairedOptions
  @OptionGroup var reading: TraceOptions
  @OptionGroup var judging: JudgeOptions
  @OptionGroup var printing: OutputOptions

  func run() throws {
    let policy = try judging.policy()
    let recorded = try reading.open(trace)
    policy.tellUnknownLayers(among: recorded.header.layers.map(\.name))
    let diagnosis = try pairing.diagnosis(of: recorded, reading, policy: policy)
    reading.tellLeftOut(of: recorded, at: trace)
    let screen = Screen(printing)
    screen.line()
    screen.describe(diagnosis)
    screen.line()
    try printing.emit(json: diagnosis.json())
    try ExitStatus.raise([diagnosis.exitStatus(policy)])
  }
}
