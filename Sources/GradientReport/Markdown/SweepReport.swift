import Foundation
import GradientDiagnosis
public import GradientTrials

/// A sweep over widths and depths as a Markdown page with its charts.
public struct SweepReport: Sendable {
  private let sweep: Sweep
  private let name: String

  /// The name of the page in its folder.
  static let page = "sweep.md"

  /// Creates the report of a sweep of the model called `name`.
  public init(_ sweep: Sweep, name: String) {
    self.sweep = sweep
    self.name = name
  }

  /// Makes the folder that a report will be written to.
  ///
  /// - Throws: An `InputError` if it holds files that aren't of such a report, or can't be made or written.
  public static func prepare(_ directory: String) throws {
    try ReportFolder(directory, page: page).make()
  }

  /// Writes `sweep.md` and its pictures into a folder, which is made if need be.
  ///
  /// - Parameter directory: the folder.
  /// - Returns: the path of `sweep.md`.
  /// - Throws: An `InputError` if the folder holds files that aren't of such a report, can't be written or is full.
  @discardableResult
  public func write(to directory: String) throws -> String {
    let folder = try ReportFolder(directory, page: Self.page)
    var files: [(name: String, bytes: Data)] = []
    var blocks = ["# Sweep of \(Markdown.text(name))"]
    for part in sweep.parts {
      blocks.append("## \(Wording.capitalized(part.dimension.rawValue))")
      blocks.append(Markdown.text(Wording.capitalized(part.subject)) + ".")
      if let chart = try? SweepChart(part, of: sweep) {
        let file = "sweep-\(part.dimension.rawValue).png"
        files.append((file, try Canvas(chart.drawing()).png()))
        blocks.append(Markdown.image(file, chart.alternativeText))
      }
      blocks += part.judgments.map(paragraph)
      blocks += Sweep.Quantity.allCases.compactMap { table(of: $0, in: part) }
    }
    if !sweep.notes.isEmpty {
      blocks.append(sweep.notes.map { "- " + Markdown.text($0) }.joined(separator: "\n"))
    }
    blocks.append(ReportFolder.marker(files.map(\.name)))
    files.append((Self.page, Data((blocks.joined(separator: "\n\n") + "\n").utf8)))
    return try folder.replace(with: files)
  }

  private func paragraph(_ judgment: Sweep.Judgment) -> String {
    let verdict =
      judgment.severity > .info ? "**\(judgment.trend.rawValue)**" : judgment.trend.rawValue
    var sentences = [
      "\(Wording.capitalized(judgment.quantity.title(steps: sweep.steps))): \(verdict).",
      Markdown.text(judgment.message),
    ]
    if let cause = judgment.cause { sentences.append(Markdown.text(cause.text)) }
    sentences += judgment.remedies.map { Markdown.text($0.text) }
    return sentences.joined(separator: " ")
  }

  private func table(of quantity: Sweep.Quantity, in part: Sweep.Part) -> String? {
    let lines = part.lines(of: quantity)
    guard !lines.isEmpty else { return nil }
    func slope(_ value: Double?) -> String {
      value.map { Wording.decimal($0, places: 2) } ?? "–"
    }
    let rows = lines.map { line in
      [Markdown.code(line.layer)] + line.values.map { $0.map(Wording.short) ?? "–" }
        + [slope(line.slope), slope(line.ownSlope)]
    }
    return Markdown.table(
      [quantity.title(steps: sweep.steps)] + part.labels + ["slope", "own"], rows
    ).joined(separator: "\n")
  }
}
