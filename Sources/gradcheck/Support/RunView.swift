import Foundation
import GradientHealth

/// What is shown of a run that goes on: how far it is, the verdict so far, and its curves.
struct RunView {
  let digest: RunDigest
  /// What has been found so far; of a run that has ended, the diagnosis.
  let findings: [Finding]
  /// The diagnosis of a run that has ended.
  let diagnosis: Diagnosis?
  private let path: String

  /// Folds over what is there of a trace, of which `file` says whether more will come.
  ///
  /// - Throws: What reading the trace throws.
  init(_ trace: Trace, _ policy: HealthPolicy, in file: RunFile) throws {
    var live = LiveDiagnosis(
      header: trace.header, policy: policy, preflight: try Preflight.kept(in: trace))
    try trace.forEachStep { live.observe($0) }
    let judged = live.diagnosis()
    let digest = try RunDigest(trace, judged)
    let isPlanDone = trace.header.run.plannedSteps.map { digest.stepRange.upperBound + 1 >= $0 }
    let hasEnded = file.state == .ended || file.state == .log && isPlanDone ?? false
    self.digest = digest
    path = file.path
    diagnosis = hasEnded ? judged : nil
    findings = hasEnded ? judged.findings.filter { $0.severity > .info } : live.alarms()
  }

  /// The last step recorded.
  var step: Int { digest.stepRange.upperBound }

  /// The lines, of at most 79 columns; `rate` is the steps of a second, nil where that is not known.
  func lines(_ terminal: Terminal, rate: Double?) -> [String] {
    [row("Run", name), row("Step", progress(rate: rate)), health(terminal), ""] + curves
  }

  private var name: String {
    let run = digest.header.run
    let parts = [run.name, run.model].compactMap(\.self)
    return parts.isEmpty ? path : parts.joined(separator: " · ")
  }

  private func progress(rate: Double?) -> String {
    let done = digest.stepCount == 0 ? 0 : step + 1
    var parts = [done.grouped]
    if let planned = digest.header.run.plannedSteps {
      parts = ["\(done.grouped) of \(planned.grouped)"]
    }
    if diagnosis != nil { return parts[0] + " · ended" }
    if let rate, rate > 0 {
      parts.append("\(Wording.short(rate)) a second")
      if let planned = digest.header.run.plannedSteps, planned > done {
        parts.append("\(Wording.short((Double(planned - done) / rate).rounded(.up))) s left")
      }
    }
    return parts.joined(separator: " · ")
  }

  private func health(_ terminal: Terminal) -> String {
    if let diagnosis {
      return row("Health", diagnosis.headline, verdict: diagnosis.label, diagnosis.style, terminal)
    }
    guard let first = findings.max(by: { $0.severity < $1.severity }) else {
      return row("Health", "no alarm so far", verdict: "…", .dim, terminal)
    }
    let isError = first.severity == .error
    return row(
      "Health", first.headline, verdict: isError ? "ERROR" : "WARNING", isError ? .bad : .warning,
      terminal)
  }

  private func row(_ label: String, _ text: String) -> String {
    "  " + label.padded(to: 11) + cut(text, to: 66)
  }

  private func row(
    _ label: String, _ text: String, verdict: String, _ style: Terminal.Style, _ terminal: Terminal
  ) -> String {
    "  " + label.padded(to: 11) + terminal.styled(verdict.padded(to: 10), style) + cut(text, to: 56)
  }

  private func cut(_ text: String, to width: Int) -> String {
    let text = text.quotable
    return text.count <= width ? text : text.prefix(width - 1) + "…"
  }
}

extension RunView {
  private static let width = 40
  /// The most layers whose δ is shown.
  private static let mostLayers = 8

  private var curves: [String] {
    var lines: [String] = []
    if var range = Self.range([digest.loss]) {
      let isLogarithmic = range.lowerBound > 0 && range.upperBound > 10 * range.lowerBound
      if isLogarithmic { range = log10(range.lowerBound)...log10(range.upperBound) }
      let losses = [digest.progress.first, digest.progress.current].compactMap(\.self)
      lines.append(
        curve(
          "loss", digest.loss, range, losses.map(Wording.loss).joined(separator: " → "),
          place: isLogarithmic ? { log10($0) } : { $0 }))
    }
    let rows = shownLayers
    if let range = Self.range(rows.map { digest.delta[$0] }) {
      for row in rows.reversed() {
        curveOfDelta(row, range).map { lines.append($0) }
      }
    }
    return lines
  }

  /// All layers share one scale, so that their order of height is that of their δ.
  private func curveOfDelta(_ row: Int, _ range: ClosedRange<Double>) -> String? {
    let series = digest.delta[row]
    guard !series.isEmpty, let last = series.bins.last(where: { $0.count + $0.zeros > 0 }) else {
      return nil
    }
    let size = last.mean.map { Wording.short(pow(10, $0)) } ?? "0"
    return curve("δ " + digest.names[digest.graph.weightLayers[row]], series, range, size)
  }

  private func curve(
    _ label: String, _ series: Series, _ range: ClosedRange<Double>, _ value: String,
    place: (Double) -> Double = { $0 }
  ) -> String {
    let line = Sparkline.text(series, width: Self.width, over: range, place: place)
    return "  " + cut(label, to: 17).padded(to: 18) + line.padded(to: Self.width + 2) + value
  }

  /// At most so many weight layers, evenly chosen, the first and the last among them.
  private var shownLayers: [Int] {
    let count = digest.delta.count
    guard count > Self.mostLayers else { return Array(0..<count) }
    return (0..<Self.mostLayers).map { $0 * (count - 1) / (Self.mostLayers - 1) }
  }

  private static func range(_ series: [Series]) -> ClosedRange<Double>? {
    let bins = series.flatMap(\.bins).filter { $0.count > 0 }
    guard let low = bins.map(\.low).min(), let high = bins.map(\.high).max() else { return nil }
    return low...high
  }
}
