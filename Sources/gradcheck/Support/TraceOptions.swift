import ArgumentParser
import Foundation
import GradientHealth

/// What every command that reads a trace takes.
struct TraceOptions: ParsableArguments {
  @Flag(help: "Of broken JSON lines, take what is whole.")
  var keepGoing = false
  @OptionGroup var inputs: InputOptions

  /// Opens a trace file or a log in JSON lines.
  func open(_ path: String) throws -> Trace {
    try Trace(contentsOf: path, keepGoing: keepGoing, limit: inputs.maxInput)
  }

  /// Says how many lines the last pass over a log left out.
  func tellLeftOut(of trace: Trace, at path: String) { gradcheck.tellLeftOut(of: trace, at: path) }
}

/// Says how many lines the last pass over a log left out.
func tellLeftOut(of trace: Trace, at path: String) {
  let count = trace.skippedLines
  guard count > 0 else { return }
  complain(
    "\(path.quotable): left out \(count.grouped) \(count == 1 ? "line" : "lines") that can't be read"
  )
}

/// Throws an `InputError` if `output` is the very file that is read.
func refuse(toReplace input: String, by output: String, as what: String = "trace") throws {
  func resolved(_ path: String) -> String { URL(filePath: path).resolvingSymlinksInPath().path }
  guard resolved(input) == resolved(output) else { return }
  throw InputError(file: output, "is the \(what) that is read; expected another file to write")
}
