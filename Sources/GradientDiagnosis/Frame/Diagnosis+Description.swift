import Foundation
import GzipIO

extension Diagnosis: CustomStringConvertible {
  /// The Health block of `gradcheck run`, without color: the verdict, its evidence, why, and what to try.
  public var description: String { text(tryingAll: nil) }

  /// The description; below what to try stands the command that tries it, where there is one.
  package func text(tryingAll command: String?) -> String {
    var lines = Self.paragraph("Health", headline, bullet: Self.padded(label, to: 10))
    if verdict == .healthy {
      let unchecked = notChecked.isEmpty ? "" : "; \(notChecked.count) could not be looked for"
      lines += Self.paragraph(
        "", "\(passed.count) symptoms looked for, none found\(unchecked)",
        bullet: Self.padded("", to: 10))
    }
    if let root {
      lines += [""] + evidence(of: root)
      lines += advice(on: root, command)
      let others = findings.filter { $0 != root && $0.severity > .info }
      for (number, finding) in others.enumerated() {
        let origin = finding.causedBy.map { ", from the \(Wording.symptom(findings[$0].id))" }
        lines += Self.paragraph(
          number == 0 ? "Besides" : "", origin.map { finding.place + $0 } ?? finding.headline)
      }
    } else if verdict == .inconclusive, let note = findings.first {
      lines += advice(on: note, command)
    }
    // A trace's names may hold anything; a terminal is to show it, not to obey it.
    return lines.map(\.quotable).joined(separator: "\n")
  }

  /// The verdict in one word.
  package var label: String {
    switch verdict {
    case .healthy: "healthy"
    case .warning: "WARNING"
    case .error: "ERROR"
    case .inconclusive: "UNCLEAR"
    }
  }

  /// The finding to tell of first: the root or, where nothing explains a loss that doesn't fall, that loss.
  package var leading: Finding? {
    root
      ?? (verdict == .inconclusive ? findings.first { $0.id == NotLearning.explanation.id } : nil)
  }

  /// The verdict's reason in one line.
  package var headline: String { root?.headline ?? reason }

  /// Why, and what to try.
  private func advice(on finding: Finding, _ command: String?) -> [String] {
    var lines = Self.paragraph("Why", finding.cause.text)
    for (number, remedy) in finding.remedies.enumerated() {
      lines += Self.paragraph(number == 0 ? "Try" : "", remedy.text, bullet: "\(number + 1)  ")
    }
    if let command { lines.append(Self.row("", "\(command)   tries them")) }
    return lines
  }

  private func evidence(of finding: Finding) -> [String] {
    guard let evidence = finding.evidence, !evidence.values.isEmpty else {
      return Self.paragraph("", finding.message) + [""]
    }
    let rows = evidence.bars(atMost: 5)
    return Self.paragraph("", evidence.title) + rows.map { Self.row("", $0, indented: 2) } + [""]
      + Self.paragraph("What", finding.message)
  }

  private static func row(_ label: String, _ text: String, indented: Int = 13) -> String {
    let start = String(repeating: " ", count: 2) + padded(label, to: max(0, indented - 2))
    return start + text
  }

  /// Text broken at 78 columns, the label and the bullet beside its first line.
  private static func paragraph(
    _ label: String, _ text: String, bullet: String = ""
  ) -> [String] {
    let lines = text.lines(ofWidth: 65 - bullet.count)
    return lines.enumerated().map { number, line in
      row(number == 0 ? label : "", (number == 0 ? bullet : padded("", to: bullet.count)) + line)
    }
  }

  fileprivate static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

extension Finding {
  /// What and where, since when, in one line: `vanishing gradient in dense-1 … dense-8, since step 0`.
  package var headline: String {
    let isAnywhere = layers.isEmpty && layer == nil
    return "\(place)\(isAnywhere ? " in the whole network" : ""), since step \(firstStep)"
  }

  /// What and where: `vanishing gradient in dense-1 … dense-8`.
  var place: String {
    let names = layers.isEmpty ? layer.map { [$0] } ?? [] : layers
    let symptom = Wording.symptom(id)
    // An unnormalized input is told of the input, whatever else there is to say where.
    guard let first = names.first, names.count > 1 || !symptom.hasSuffix(" \(first)") else {
      return symptom
    }
    return "\(symptom) in \(Wording.list(names, contiguous: true))"
  }
}

extension Evidence {
  /// The figures as bars of text, the layer nearest the output first; of many layers an even choice.
  package func bars(atMost limit: Int) -> [String] {
    let chosen =
      values.count <= limit
      ? values : (0..<limit).map { values[$0 * (values.count - 1) / (limit - 1)] }
    let heights = chosen.map {
      isLogarithmic ? log10(max($0.value, .leastNormalMagnitude)) : $0.value
    }
    let top = heights.max() ?? 0
    let bottom = isLogarithmic ? min(heights.min() ?? 0, top - 1) : 0
    let width = 28.0
    let name = chosen.map(\.layer.count).max() ?? 0
    return zip(chosen, heights).reversed().map { entry, height in
      // On a log scale the smallest still has a bar; a share of 0 has none.
      let least = isLogarithmic ? 1.0 : 0
      let part = top > bottom ? (height - bottom) / (top - bottom) : 0
      let length = least + (width - least) * part
      let bar = String(repeating: "█", count: Int(length.rounded()))
      return Diagnosis.padded(entry.layer, to: max(9, name)) + "  " + Diagnosis.padded(bar, to: 28)
        + "  " + (isLogarithmic ? Wording.short(entry.value) : Wording.percent(entry.value))
    }
  }
}
