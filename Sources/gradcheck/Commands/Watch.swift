import ArgumentParser
import Foundation
import GradientHealth

struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Follow a run while it goes on.",
    usage: "gradcheck watch <trace> [options]",
    discussion: """
      gradcheck watch digits.gradtrace            until the run has ended
      gradcheck watch run.jsonl.gz --every 5
      """)

  @Argument(help: "The trace, which may not be there yet.")
  var trace: String
  @Option(help: ArgumentHelp("Look so often.", valueName: "seconds"))
  var every: Double = 1
  @Flag(help: "Look once.")
  var once = false
  @OptionGroup var judging: JudgeOptions
  @OptionGroup var inputs: InputOptions
  // Hidden, as the help of every command fits a screen; Documentation/command-line.md has it.
  @Option(help: ArgumentHelp("auto, always or never", valueName: "when", visibility: .hidden))
  var color: Terminal.Color = .auto

  /// How long a file that can't be read is given to become one that can.
  private static let patience = Duration.seconds(10)

  func validate() throws {
    guard every.isFinite, (0.1...3600).contains(every) else {
      throw ValidationError("--every is \(every), expected 0.1 to 3600")
    }
  }

  func run() throws {
    let policy = try judging.policy()
    let terminal = Terminal(color: color)
    let page = RewrittenPage()
    let clock = ContinuousClock()
    var seen: (step: Int, at: ContinuousClock.Instant)?
    var failing: ContinuousClock.Instant?
    while true {
      let began = clock.now
      guard let file = RunFile(of: trace) else {
        if once { throw InputError(file: trace, "no such file") }
        page.show(["  waiting for \(trace.quotable)"])
        Thread.sleep(forTimeInterval: every)
        continue
      }
      let view: RunView
      do {
        let recorded = try Trace(contentsOf: file.path, keepGoing: true, limit: inputs.maxInput)
        view = try RunView(recorded, policy, in: file)
        failing = nil
      } catch let error as InputError {
        // It may have just been made, with nothing in it yet, or have got its final name.
        let since = failing ?? began
        failing = since
        guard !once, file.state != .ended, began - since < Self.patience else { throw error }
        Thread.sleep(forTimeInterval: min(every, 1))
        continue
      }
      let rate = seen.flatMap { seen -> Double? in
        let seconds = (began - seen.at) / .seconds(1)
        return view.step > seen.step ? Double(view.step - seen.step) / seconds : nil
      }
      page.show(view.lines(terminal, rate: rate))
      if let diagnosis = view.diagnosis {
        return try ExitStatus.raise([diagnosis.exitStatus(policy)])
      }
      if once { return }
      seen = (view.step, began)
      // A long trace is not read all the time.
      let taken = (clock.now - began) / .seconds(1)
      Thread.sleep(forTimeInterval: max(every, 4 * taken))
    }
  }
}

/// Lines that take the place of those shown before, on a terminal; elsewhere they follow them.
private final class RewrittenPage {
  private let isRewritten = isatty(STDOUT_FILENO) == 1
  private var last: [String] = []

  func show(_ lines: [String]) {
    guard lines != last else { return }
    let back = isRewritten && !last.isEmpty ? "\u{1b}[\(last.count)A\u{1b}[J" : ""
    print(back + lines.joined(separator: "\n"))
    fflush(nil)
    last = lines
  }
}
