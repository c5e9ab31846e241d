import ArgumentParser
import GradientHealth

/// What every command that reads a trace takes.
struct TraceOptions: ParsableArguments {
  @Flag(help: "Of broken JSON lines, take what is whole.")
  var keepGoing = false

  /// Opens a trace file or a log in JSON lines.
  func open(_ path: String) throws -> Trace {
    try Trace(contentsOf: path, keepGoing: keepGoing)
  }

  /// Says how many lines the last pass over a log left out.
  func tellLeftOut(of trace: Trace, at path: String) {
    let count = trace.skippedLines
    guard count > 0 else { return }
    complain(
      "\(path.quotable): left out \(count.grouped) \(count == 1 ? "line" : "lines") that can't be read"
    )
  }
}
