import Foundation
public import GradientDiagnosis
public import GradientTrace

/// A run and those that are held against it as a Markdown page with a chart each.
public struct ComparisonReport: Sendable {
  /// A run with the name it goes by.
  public typealias Named = (name: String, trace: Trace)

  private let before: Named
  private let after: [Named]
  private let comparisons: [RunComparison]

  /// The name of the page in its folder.
  static let page = "comparison.md"

  /// Creates the report of one comparison for each run of `after`.
  public init(before: Named, after: [Named], _ comparisons: [RunComparison]) {
    self.before = before
    self.after = after
    self.comparisons = comparisons
  }

  /// Makes the folder that a report will be written to.
  ///
  /// - Throws: An `InputError` if it holds files that aren't of such a report, or can't be made or written.
  public static func prepare(_ directory: String) throws {
    try ReportFolder(directory, page: page).make()
  }

  /// Writes `comparison.md` and its pictures into a folder, which is made if need be.
  ///
  /// - Parameter directory: the folder.
  /// - Returns: the path of `comparison.md`.
  /// - Throws: An `InputError` if the folder holds files that aren't of such a report, can't be written or is full, or what
  ///   reading a trace throws.
  @discardableResult
  public func write(to directory: String) throws -> String {
    let folder = try ReportFolder(directory, page: Self.page)
    var files: [(name: String, bytes: Data)] = []
    var blocks = ["# What changed from \(Markdown.text(before.name))"]
    let digest = try RunDigest(before.trace)
    for (place, (run, comparison)) in zip(after, comparisons).enumerated() {
      let sheet = ComparisonSheet(before: digest, after: try RunDigest(run.trace), comparison)
      let file = comparisons.count > 1 ? "comparison-\(place + 1).png" : "comparison.png"
      files.append((file, try Canvas(sheet.drawing()).png()))
      blocks.append("## To \(Markdown.text(run.name))")
      blocks.append(
        "\(comparison.changes.isEmpty ? "**No change**" : "**Changed**"): "
          + Markdown.text(comparison.headline) + ".")
      blocks.append(Markdown.image(file, sheet.alternativeText))
      blocks.append("Noise is \(Markdown.text(comparison.noiseNote)).")
      for (words, names) in [
        ("Only before: ", comparison.removed), ("Only after: ", comparison.added),
      ] where !names.isEmpty {
        blocks.append(words + names.map(Markdown.code).joined(separator: ", ") + ".")
      }
      blocks += RunComparison.Quantity.allCases.compactMap { table(of: $0, in: comparison) }
    }
    blocks.append(ReportFolder.marker(files.map(\.name)))
    files.append((Self.page, Data((blocks.joined(separator: "\n\n") + "\n").utf8)))
    return try folder.replace(with: files)
  }

  private func table(
    of quantity: RunComparison.Quantity, in comparison: RunComparison
  ) -> String? {
    let rows = comparison.entries(of: quantity).map { entry in
      [
        Markdown.code(entry.layer), Wording.short(entry.before), Wording.short(entry.after),
        entry.isChanged ? "**\(entry.factor)**" : entry.factor, entry.noiseFactor,
      ]
    }
    guard !rows.isEmpty else { return nil }
    return Markdown.table(
      [Wording.capitalized(quantity.title), "before", "after", "change", "noise"], rows
    ).joined(separator: "\n")
  }
}
