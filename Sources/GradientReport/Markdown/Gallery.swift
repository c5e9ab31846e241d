import Foundation
import GradientDiagnosis
import GradientTrace

/// The pictures of a report: which there are, which finding each belongs to, and why others are missing.
struct Gallery {
  /// A picture, its file and what it shows.
  struct Picture {
    var file: String
    var alternativeText: String
    /// Draws it in the colors of a theme.
    var draw: (Theme) -> Drawing

    /// The picture as PNG.
    ///
    /// - Throws: what drawing throws.
    func png(_ theme: Theme = .standard) throws -> Data { try Canvas(draw(theme)).png() }
  }

  let overview: Picture
  /// For each finding the picture that is its evidence, where one could be drawn.
  private(set) var evidence: [Picture?] = []
  /// The pictures of the run that belong to no finding.
  private(set) var others: [Picture] = []
  /// The charts that could not be drawn, with what is missing.
  private(set) var missing: [(id: String, reason: String)] = []
  /// By the charts' ids, those of findings.
  private var drawn: [String: [(chart: any Chart, picture: Picture)]] = [:]
  /// The ids of the charts that nobody has asked for.
  private(set) var unasked: [String] = []

  /// All pictures, each once.
  var pictures: [Picture] {
    var seen: Set<String> = []
    return ([overview] + evidence.compactMap(\.self) + others)
      .filter { seen.insert($0.file).inserted }
  }

  /// Draws what `run` has enough data for: the overview, each finding's evidence, and `charts`.
  init(_ run: RunDigest, _ diagnosis: Diagnosis, _ charts: Report.Charts) {
    let sheet = OverviewSheet(run, diagnosis)
    overview = Picture(
      file: "overview.png", alternativeText: sheet.alternativeText,
      draw: { sheet.drawing(theme: $0) })
    for finding in diagnosis.findings {
      evidence.append(
        ChartCatalog.evidence(of: finding, run, diagnosis).map {
          picture(of: $0.chart, $0.entry, about: finding)
        })
    }
    for entry in ChartCatalog.entries where drawn[entry.id] == nil {
      guard charts == .all || entry.occasion == .always else {
        unasked.append(entry.id)
        continue
      }
      do {
        let chart = try entry.type.init(run, diagnosis, about: nil)
        others.append(Picture(chart, entry.id))
      } catch {
        missing.append((entry.id, error.reason))
      }
    }
  }

  /// The picture of a finding's chart: that of an earlier finding where both charts draw the same, else one in which its own
  /// layer is accented.
  private mutating func picture(
    of chart: any Chart, _ entry: ChartEntry, about finding: Finding
  ) -> Picture {
    let earlier = drawn[entry.id, default: []]
    func content(_ chart: any Chart) -> [Drawing.Element] {
      chart.plot(in: Theme.standard.frame, theme: .standard)
    }
    let own = earlier.isEmpty ? [] : content(chart)
    if let same = earlier.first(where: { finding.layer == nil || content($0.chart) == own }) {
      return same.picture
    }
    let layer = earlier.isEmpty ? nil : finding.layer.map(Markdown.fileName)
    let picture = Picture(chart, ([entry.id, layer].compactMap(\.self)).joined(separator: "-"))
    drawn[entry.id, default: []].append((chart, picture))
    return picture
  }
}

extension Gallery.Picture {
  /// The picture of a chart, in a file with this stem.
  fileprivate init(_ chart: any Chart, _ stem: String) {
    self.init(
      file: stem + ".png", alternativeText: chart.alternativeText,
      draw: { chart.drawing(theme: $0) })
  }
}
