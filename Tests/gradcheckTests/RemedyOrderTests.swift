import Foundation
import GradientHealth
import Testing

/// What a symptom's handbook page says to try, best first, is in the order of what healed in Reports/corpus/cures.md.
@Suite struct RemedyOrderTests {
  /// How often a remedy healed, and how often it was tried: in all runs, where the table doesn't tell.
  private typealias Score = (healed: Int, tried: Int)

  /// For each planted fault how its remedies did.
  private static func table() throws -> [(planted: String, scores: [String: Score])] {
    let page = try String(
      contentsOf: Command.package.appending(path: "Reports/corpus/cures.md"), encoding: .utf8)
    let start = try #require(page.range(of: "## By planted fault")).upperBound
    let end = try #require(page.range(of: "\n## ", range: start..<page.endIndex)).lowerBound
    return page[start..<end].matches(of: /\n\| ([a-z-]+) \| (\d+) \|.*\| ([^|]*) \|/).map { row in
      let runs = Int(row.output.2) ?? 0
      let scores = row.output.3.split(separator: ", ").compactMap { entry -> (String, Score)? in
        guard let parts = entry.wholeMatch(of: /([a-z-]+) (\d+)(?:\/(\d+))?/)?.output else {
          return nil
        }
        return (String(parts.1), (Int(parts.2) ?? 0, parts.3.flatMap { Int($0) } ?? runs))
      }
      return (String(row.output.1), Dictionary(uniqueKeysWithValues: scores))
    }
  }

  /// Nothing that heals clearly less, its 95 % interval being wholly below, stands before what heals more.
  @Test func whatHealsMoreStandsFirst() throws {
    let table = try Self.table()
    #expect(table.count > 20)
    var compared = 0
    for (planted, scores) in table {
      let explanation = try #require(AnalyzerCatalog.explanations.first { $0.id == planted })
      let offered = explanation.remedies.map(\.id).filter { scores[$0] != nil }
      for (place, better) in offered.enumerated() {
        for other in offered[..<place] {
          let more = Self.interval(try #require(scores[better]))
          let less = Self.interval(try #require(scores[other]))
          compared += 1
          #expect(
            less.upperBound >= more.lowerBound,
            "\(planted): \(better) heals more than \(other), which stands before it")
        }
      }
    }
    #expect(compared > 10)
  }

  /// Wilson's interval at 95 %.
  private static func interval(_ score: Score) -> ClosedRange<Double> {
    let n = Double(score.tried)
    let share = Double(score.healed) / n
    let z2 = 1.96 * 1.96
    let middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    let half = 1.96 / (1 + z2 / n) * (share * (1 - share) / n + z2 / (4 * n * n)).squareRoot()
    return (middle - half)...(middle + half)
  }
}
