import ArgumentParser
import Foundation
import GradientHealth

/// What every command that reads a trace takes.
struct TraceOptions: ParsableArguments {
  @Flag(help: "Of broken JSON lines, take what is whole.")
  var keepGoing = false

  /// Opens a trace file or a log in JSON lines, and says what was left out of it.
  func open(_ path: String) throws -> Trace {
    let trace = try Trace(contentsOf: path, keepGoing: keepGoing)
    return trace
  }
}
