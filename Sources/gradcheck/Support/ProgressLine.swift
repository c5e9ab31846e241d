import Foundation

/// One line on stderr that is written over while something long goes on; nothing where stderr is no terminal.
struct ProgressLine {
  private let isShown: Bool
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now

  init(quiet: Bool) { isShown = !quiet && isatty(STDERR_FILENO) == 1 }

  /// Shows how far it is, at most ten times a second: the part done, the rate and the time left.
  mutating func show(
    _ what: String, _ done: Int, of total: Int, detail: @autoclosure () -> String = ""
  ) {
    guard isShown else { return }
    let now = ContinuousClock.now
    guard now - last > .milliseconds(100) else { return }
    last = now
    let detail = detail()
    let seconds = (now - start) / .seconds(1)
    let rate = Double(done) / max(seconds, 1e-9)
    let left = rate > 0 ? Double(total - done) / rate : 0
    let line = String(
      format: "  %@ %d of %d · %.0f a second · %.0f s left%@", what, done, total, rate, left,
      detail.isEmpty ? "" : " · " + detail)
    FileHandle.standardError.write(Data("\r\u{1b}[K\(line.prefix(78))".utf8))
  }

  /// Takes the line away.
  func clear() {
    if isShown { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
  }
}
