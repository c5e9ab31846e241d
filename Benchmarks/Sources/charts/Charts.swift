import Foundation
import GradientHealth

/// Draws charts of a run whose figures are in memory, and prints how long that took as a JSON object.
///
/// `charts STEPS LAYERS REPEATS ID…` prints the milliseconds of the fastest of so many repeats: of gathering, the one pass
/// over the steps from which all charts are drawn, and of each chart, drawn and written as PNG:
///
///     {"gather": 81.2, "loss": 24.9, "gradient-flow": 22.0}
///
/// An id that no chart has is left out.
@main
struct Charts {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count > 3, let steps = Int(arguments[0]), let layers = Int(arguments[1]),
      let repeats = Int(arguments[2]), steps > 0, layers > 0, repeats > 0
    else {
      FileHandle.standardError.write(Data("usage: charts STEPS LAYERS REPEATS ID…\n".utf8))
      exit(2)
    }
    let ids = arguments.dropFirst(3).filter(RunChart.ids.contains)
    let trace = FiguresInMemory(steps: steps, layers: layers).trace
    let diagnosis = try Diagnosis(of: trace)
    let file = FileManager.default.temporaryDirectory
      .appending(path: "charts-\(ProcessInfo.processInfo.processIdentifier).png").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    var fastest: [String: Duration] = [:]
    let clock = ContinuousClock()
    func time<Result>(_ name: String, _ work: () throws -> Result) rethrows -> Result {
      let start = clock.now
      let result = try work()
      fastest[name] = min(fastest[name] ?? .seconds(1_000_000), clock.now - start)
      return result
    }
    for _ in 0..<repeats {
      let charts = try time("gather") {
        try RunChart.charts(ids, of: trace, diagnosis, file: "memory")
      }
      for (id, chart) in zip(ids, charts) { try time(id) { try chart.write(to: file) } }
    }
    let times = (["gather"] + ids).map { id in
      "\"\(id)\": \((fastest[id] ?? .zero) / .milliseconds(1))"
    }
    print("{\(times.joined(separator: ", "))}")
  }
}
