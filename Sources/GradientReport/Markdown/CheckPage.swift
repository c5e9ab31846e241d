import GradientChecking
import GradientDiagnosis
import GzipIO

/// The page of a gradient check alone: the verdict first, then the evidence, then how to repeat it.
struct CheckPage {
  var section: CheckSection
  var settings: [CheckReport.Setting]

  /// The entries that are listed.
  private static let entries = 30

  /// The whole page.
  var markdown: String {
    let check = section.check
    var blocks = ["# \(heading)", summary]
    blocks += section.failures(limit: 5)
    blocks += image(section.gallery.agreement)
    blocks += ["## What each oracle says", section.oracleTable.joined(separator: "\n")]
    if let curve = section.gallery.curve {
      blocks += ["## The entry that agrees least, at every step"] + image(curve)
      blocks.append(
        "Differences over large steps see the function's curvature, those over small ones its "
          + "rounding. A right gradient is approached in between; a wrong one is not approached "
          + "at any step.")
    }
    if !check.effects.isEmpty { blocks += ["## What a derivative means"] + section.effects }
    if check.secondOrder != nil { blocks += ["## The second derivative"] + section.secondOrder }
    let entries = section.entryTable(limit: Self.entries)
    if !entries.isEmpty {
      blocks += ["## The entries that agree least", entries.joined(separator: "\n")]
    }
    let kinks = section.kinkTable(limit: Self.entries)
    if !kinks.isEmpty {
      blocks += [
        "## At a kink",
        "However little these entries move, a layer decides otherwise: there is no derivative, and "
          + "any slope between those to both sides is right.",
        kinks.joined(separator: "\n"),
      ]
    }
    blocks += ["## Tensor by tensor", section.tensorTable.joined(separator: "\n")]
    blocks += ["## Repeat it", reproduction]
    blocks.append(
      ReportFolder.marker(section.gallery.pictures.map(\.file)))
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private var heading: String {
    let label =
      switch section.check.verdict {
      case .pass: "PASS"
      case .fail: "FAIL"
      case .unverifiable: "UNVERIFIABLE"
      }
    return "\(label): \(Markdown.sentence(section.headline))"
  }

  /// How much was checked, in one line.
  private var summary: String {
    let check = section.check
    let alone = check.tensors.filter { !$0.isWholeNetwork }
    let checked = alone.reduce(0) { $0 + $1.checked }, count = alone.reduce(0) { $0 + $1.count }
    let directions = check.tensors.filter { $0.isWholeNetwork && $0.checked != $0.count }
      .reduce(0) { $0 + $1.checked }
    var parts = [
      alone.count.counted("tensor"),
      (checked < count ? "\(Wording.count(checked)) of " : "") + "\(Wording.count(count)) entries",
    ]
    if directions > 0 { parts.append("\(Wording.count(directions)) directions through the whole") }
    if let worst = check.worst {
      parts.append(
        "largest relative error of a tensor's norm \(worst.relativeError.figures(2)) in \(Markdown.code(worst.name))"
      )
    }
    parts.append("seed \(check.seed)")
    return parts.joined(separator: " · ")
  }

  private var reproduction: String {
    var rows = settings.map { [Markdown.text($0.name), Markdown.text($0.value)] }
    rows.append(["seed", "\(section.check.seed)"])
    rows.append(["evaluations", Wording.count(section.check.evaluations)])
    return Markdown.table(["setting", "value"], rows).joined(separator: "\n")
  }

  private func image(_ picture: Gallery.Picture?) -> [String] {
    picture.map { [Markdown.image($0.file, $0.alternativeText)] } ?? []
  }
}
