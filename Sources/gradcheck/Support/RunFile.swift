import Foundation
import GradientHealth

/// The file in which a run is recorded, while it goes on or afterwards.
struct RunFile {
  /// Whether more will come.
  enum State {
    /// It has the name that a trace has while it is written.
    case running
    /// It is a log of JSON lines, which grows under its own name: its end is that of the plan.
    case log
    case ended
  }

  let path: String
  let state: State

  /// Looks for the trace `path`, or for what it is called while the run goes on; nil where neither is there.
  init?(of path: String) {
    let isThere = FileManager.default.fileExists(atPath:)
    let running = Trace.runningPath(for: path)
    if isThere(running) {
      (self.path, state) = (running, .running)
    } else if isThere(path) {
      self.path = path
      let isRunning = path.hasSuffix(".running.gradtrace")
      state = isRunning ? .running : path.hasSuffix(".gradtrace") ? .ended : .log
    } else {
      return nil
    }
  }
}
