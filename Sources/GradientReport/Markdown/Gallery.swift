import GradientDiagnosis
import GradientTrace

/// The pictures of a report: which there are, which finding each belongs to, and why others are missing.
struct Gallery {
  /// A picture, its file and what it shows.
  struct Picture {
    var file: String
    var alternativeText: String
    var drawing: Drawing
  }

  let overview: Picture
  /// For each finding the picture that is its evidence, where one could be drawn.
  private(set) var evidence: [Picture?] = []
  /// The pictures of the run that belong to no finding.
  private(set) var others: [Picture] = []
  /// The charts that could not be drawn, with what is missing.
  private(set) var missing: [(id: String, reason: String)] = []
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
      file: "overview.png", alternativeText: sheet.alternativeText, drawing: sheet.drawing())
    var shown: Set<String> = []
    for finding in diagnosis.findings {
      let entry = ChartCatalog.entry(showing: finding.id)
      // A second finding of the same kind has its own layer accented.
      let isFirst = shown.insert(entry.id).inserted
      let layer = isFirst ? nil : finding.layer
      let stem = layer.map { entry.id + "-" + Markdown.fileName($0) } ?? entry.id
      evidence.append(try? Self.picture(entry, stem, run, diagnosis, about: finding))
    }
    for entry in ChartCatalog.entries where !shown.contains(entry.id) {
      guard charts == .all || entry.occasion == .always else {
        unasked.append(entry.id)
        continue
      }
      do {
        others.append(try Self.picture(entry, entry.id, run, diagnosis, about: nil))
      } catch {
        missing.append((entry.id, error.reason))
      }
    }
  }

  private static func picture(
    _ entry: ChartEntry, _ stem: String, _ run: RunDigest, _ diagnosis: Diagnosis,
    about finding: Finding?
  ) throws(NotEnoughData) -> Picture {
    let chart = try entry.type.init(run, diagnosis, about: finding)
    return Picture(
      file: stem + ".png", alternativeText: chart.alternativeText, drawing: chart.drawing())
  }
}
