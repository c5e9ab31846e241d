import Foundation
package import GradientChecking
import GradientDiagnosis
import GzipIO

/// The analytic gradient against the numeric one, entry by entry: what is right lies on the diagonal.
package struct AgreementChart: Picture {
  package let title: String
  package let subtitle: [String]
  package let alternativeText: String
  private let dots: [Dot]
  private let places: SymmetricLog
  /// What stands beside the dots that matter, in their order.
  private let marked: [(dot: Dot, label: String)]
  private let oracle: String

  /// An entry, and how it is drawn.
  private struct Dot {
    var entry: EntryCheck
    var name: String

    var isWrong: Bool { entry.verdict == .fail }
    var isUnclear: Bool { entry.verdict == .unverifiable }
  }

  /// How many entries are named beside the plot.
  private static let names = 4
  /// The powers of ten of either sign at most.
  private static let decades = 12

  /// Gathers the entries of each layer alone; of the whole network only where it was asked entry by entry.
  ///
  /// - Throws: ``NotEnoughData``, where there are none.
  package init(_ check: GradientCheck) throws(NotEnoughData) {
    let dots = check.tensors.flatMap { tensor in
      tensor.entries.filter { !$0.index.isEmpty && $0.analytic.isFinite && $0.numeric.isFinite }
        .map { Dot(entry: $0, name: "\(tensor.name)\($0.index)") }
    }
    guard !dots.isEmpty else { throw NotEnoughData("no entries of a gradient were kept") }
    self.dots = dots
    places = SymmetricLog(
      covering: dots.flatMap { [$0.entry.analytic, $0.entry.numeric] }, decades: Self.decades)
    let wrong = dots.filter(\.isWrong)
    let worst = dots.filter {
      !$0.isUnclear && !$0.entry.isNoise && $0.entry.analytic != $0.entry.numeric
    }
    .max { $0.entry.relativeError < $1.entry.relativeError }
    if wrong.isEmpty {
      marked =
        worst.map { dot in
          [(dot, "differs most: \(dot.entry.relativeError.figures(1))")]
        } ?? []
    } else {
      marked = Self.spreadOut(wrong, places).map {
        ($0, "\(Wording.short($0.entry.analytic)) for \(Wording.short($0.entry.numeric))")
      }
    }
    let oracles = NumericOracle.allCases.filter { oracle in
      dots.contains { $0.entry.oracle == oracle }
    }
    oracle = oracles.map(\.name).joined(separator: " or ")
    title = Self.title(check, dots, wrong)
    subtitle = [
      "Each mark is one entry of a gradient: upward what the backward pass says, to the right what "
        + oracle + " say",
      "log scale of either sign",
    ]
    let shown = check.tensors.count { $0.entries.contains { !$0.index.isEmpty } }
    alternativeText =
      title + "; \(Wording.count(dots.count)) entries of \(shown.counted("tensor")) shown"
  }

  package func plot(in content: Frame, theme: Theme) -> [Drawing.Element] {
    let all = dots.flatMap { [$0.entry.analytic, $0.entry.numeric] }.map(places.place)
    let low = (all.min() ?? 0) - 0.4, high = (all.max() ?? 0) + 0.4
    let scale = Scale(.symmetric(places), low...high)
    let labels = labels(theme)
    let axes = Axes(
      in: content, x: scale, y: scale, xCaption: "numeric gradient, dE/dw",
      yCaption:
        "analytic gradient, dE/dw", trailing: labels.width(theme), theme: theme)
    let left = content.x + theme.labelFont.width(of: "analytic gradient, dE/dw") + theme.gap
    return axes.elements()
      + [
        .line(
          axes.point(low, low), axes.point(high, high),
          Stroke(theme.healthyInk, width: theme.lineWidth * 0.75))
      ]
      + dots.filter { !$0.isWrong && !$0.isUnclear }.map { dot in
        .disc(center: point(dot, axes), radius: theme.dotRadius * 0.7, theme.data)
      }
      + dots.filter(\.isUnclear).flatMap {
        [Drawing.Element].ring(at: point($0, axes), theme.axis, theme)
      }
      + dots.filter(\.isWrong).flatMap {
        [Drawing.Element].cross(at: point($0, axes), theme.accent, theme)
      }
      + leads(on: axes, theme) + labels.elements(on: axes, theme)
      + Key(items: keyItems(theme)).elements(
        from: left, to: axes.plot.maxX, top: content.y, theme: theme)
  }
}

extension AgreementChart {
  private static func title(_ check: GradientCheck, _ dots: [Dot], _ wrong: [Dot]) -> String {
    if let tensor = check.failures.first(where: { $0.worst?.index.isEmpty == false }) {
      let shape = tensor.signature.map { ": \($0)" } ?? " is wrong"
      let others = check.failures.count - 1
      return tensor.name + shape + (others > 0 ? ", and \(others.counted("other tensor"))" : "")
    }
    if check.verdict == .fail { return "Each layer is right alone; the network's wiring is not" }
    let unclear = dots.count(where: \.isUnclear)
    let rest = unclear == 0 ? "" : ", \(Wording.count(unclear)) can't be told"
    return "The backward pass is right: all \(Wording.count(dots.count - unclear)) entries shown "
      + "lie on the diagonal" + rest
  }

  /// The first wrong entry, and those furthest apart from the ones chosen already, so that no two names point at one spot.
  private static func spreadOut(_ dots: [Dot], _ places: SymmetricLog) -> [Dot] {
    var chosen = Array(dots.prefix(1))
    var rest = Array(dots.dropFirst())
    func distance(_ a: Dot, _ b: Dot) -> Double {
      abs(places.place(a.entry.analytic) - places.place(b.entry.analytic))
    }
    while chosen.count < names, !rest.isEmpty {
      let apart = rest.map { dot in chosen.map { distance($0, dot) }.min() ?? 0 }
      guard let next = apart.indices.max(by: { apart[$0] < apart[$1] }), apart[next] > 0.2 else {
        break
      }
      chosen.append(rest.remove(at: next))
    }
    return chosen
  }

  private func point(_ dot: Dot, _ axes: Axes) -> Point {
    axes.point(places.place(dot.entry.numeric), places.place(dot.entry.analytic))
  }

  /// Hairlines from the marked entries to the right end, where their names stand.
  private func leads(on axes: Axes, _ theme: Theme) -> [Drawing.Element] {
    marked.map { dot, _ in
      let start = point(dot, axes)
      return .line(
        Point(start.x + theme.dotRadius * 1.5, start.y), Point(axes.plot.maxX, start.y),
        Stroke(theme.axis, width: theme.hairline, dash: theme.dash / 2))
    }
  }

  private func labels(_ theme: Theme) -> LineEnds {
    var ends = LineEnds()
    for (dot, label) in marked {
      let name = theme.labelFont.fitting(name: dot.name, into: theme.nameWidth * 1.6)
      ends.add(
        "\(name)  \(label)", at: places.place(dot.entry.analytic),
        Stroke(theme.axis, width: theme.hairline, dash: theme.dash / 2), isAccented: dot.isWrong)
    }
    return ends
  }

  private func keyItems(_ theme: Theme) -> [(swatch: Key.Swatch, label: String)] {
    var items: [(swatch: Key.Swatch, label: String)] = [
      (.line(theme.healthyInk, dashed: false), "analytic = numeric")
    ]
    if dots.contains(where: { !$0.isWrong && !$0.isUnclear }) {
      items.append((.dot(theme.data), "right"))
    }
    if dots.contains(where: \.isWrong) { items.append((.cross(theme.accent), "wrong")) }
    if dots.contains(where: \.isUnclear) {
      items.append((.ring(theme.axis), "can't be told, or at a kink"))
    }
    return items
  }
}
