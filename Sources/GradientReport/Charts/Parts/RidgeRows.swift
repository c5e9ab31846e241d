import Foundation
import GradientDiagnosis
import GradientTrace

/// What a chart of distributions over depth shows: a row a layer, the input at the top.
struct RidgeRows: Sendable {
  let rows: [RidgeRow]
  /// The step at which the distributions were taken.
  private let step: Int
  /// What the magnitudes were multiplied with after they were computed: δ per example by what the loss was divided by.
  let scale: Double
  /// What the windows after that one hold, where there is less to see in them.
  private let later: Distributions.Content?
  /// The magnitudes, as log10, that the axis spans.
  let domain: ClosedRange<Double>

  /// A smaller share of elements isn't worth a column.
  private static let leastShare = 0.01
  /// More shares than this beside the ridges leave them no room.
  private static let asideLimit = 3

  /// Gathers what `run` holds of a quantity.
  ///
  /// - Throws: ``NotEnoughData``, calling the quantity `noun`, where there is nothing that has a place on an axis.
  init(
    _ run: RunDigest, _ quantity: Distributions.Quantity, of candidates: [Int],
    about finding: Finding?, noun: String
  ) throws(NotEnoughData) {
    let looked = finding?.layer.flatMap {
      run.graph.nearest(to: $0, among: candidates, run.header)
    }
    rows = candidates.compactMap { layer in
      guard let distribution = run.distributions.judged(quantity, of: layer),
        distribution.total > 0
      else { return nil }
      return RidgeRow(
        distribution, of: quantity == .activation ? run.header.layers[layer].kind : "",
        name: run.names[layer], isAccented: layer == looked)
    }
    guard let window = run.distributions.window(quantity), !rows.isEmpty else {
      throw NotEnoughData("no histograms of \(noun) in this trace")
    }
    step = window.step
    scale = quantity == .delta ? window.lossDivisor : 1
    later = window.later
    let spans = rows.compactMap(\.span)
    guard let low = spans.map(\.lowerBound).min(), let high = spans.map(\.upperBound).max() else {
      let isBroken = rows.contains { $0.distribution.nonFinite > 0 }
      let isZero = rows.allSatisfy { $0.distribution.magnitudes == 0 }
      throw NotEnoughData(
        isBroken
          ? "no finite \(noun) in any window of this trace"
          : isZero
            ? "no \(noun) other than zero in any window of this trace"
            : "all \(noun) lie beyond the histograms' bins, and no RMS tells where")
    }
    domain = low...high
  }

  /// The step, and why it isn't the last one.
  var when: String {
    switch later {
    case nil, .finite: "step \(step)"
    case .zeros: "step \(step), the last with other values than zeros"
    case .partlyFinite, .nothingFinite: "step \(step), the last with finite values alone"
    }
  }

  /// A share of elements that stands beside the ridges, as a logarithmic axis has no place for them.
  enum Aside: CaseIterable {
    case zero, subnormal, tiny, huge, saturated, nonFinite

    var label: String {
      switch self {
      case .zero: "exactly 0"
      case .subnormal: "subnormal"
      case .tiny: RidgeRow.belowBins
      case .huge: RidgeRow.aboveBins
      case .saturated: "saturated"
      case .nonFinite: "NaN or ∞"
      }
    }

    /// Whether it stands left of the ridges, where small numbers are.
    var isLeading: Bool { [.zero, .subnormal, .tiny].contains(self) }

    /// The share of a layer's elements.
    func share(of distribution: Distribution) -> Double {
      let counts = distribution.counts
      return switch self {
      case .zero: distribution.share(distribution.zeros)
      case .subnormal: distribution.share(distribution.subnormal)
      case .tiny: distribution.share(max(0, counts[0] - distribution.subnormal))
      case .huge: distribution.share(counts[counts.count - 1])
      case .saturated: distribution.share(distribution.saturated ?? 0)
      case .nonFinite: distribution.share(distribution.nonFinite)
      }
    }
  }

  /// The largest of the shares that any layer has; of what isn't finite even the smallest.
  var asides: [Aside] {
    let largest = Aside.allCases.map { aside in
      // What has a place of its own on the axis isn't told as lying below it.
      let told = aside == .tiny || aside == .huge ? rows.filter { $0.sizes == nil } : rows
      return (aside: aside, share: told.map { aside.share(of: $0.distribution) }.max() ?? 0)
    }
    let shown = largest.filter { $0.share >= ($0.aside == .nonFinite ? 1e-9 : Self.leastShare) }
      .sorted { $0.share > $1.share }
      .prefix(Self.asideLimit).map(\.aside)
    return Aside.allCases.filter(shown.contains)
  }

  /// The bins that are drawn: all but those of the few smallest magnitudes.
  var bins: ClosedRange<Int>? {
    let shown = rows.compactMap(\.shownBins)
    guard let first = shown.map(\.lowerBound).min(), let last = shown.map(\.upperBound).max() else {
      return nil
    }
    return first...last
  }
}

extension RidgeRows {
  /// The result: what is broken, else how the bulk of the magnitudes changes over depth, on the way from the last row
  /// where it goes backward; with the step, where a later one is not fit to be drawn.
  ///
  /// `noun` says what the magnitudes are, in plural: `"outputs"`.
  func title(_ noun: String, backward: Bool) -> String {
    result(noun, backward: backward) + (later == nil ? "" : ", at step \(step)")
  }

  private func result(_ noun: String, backward: Bool) -> String {
    for (aside, limit, words) in [
      (Aside.nonFinite, 0.0, "are NaN or infinite"),
      (.saturated, 0.5, "stand at its flat ends"),
      (.subnormal, 0.1, "are too small for full precision"),
    ] {
      guard let row = first(of: aside, above: limit) else { continue }
      return "\(share(aside, of: row)) of the \(noun) of \(row.name) \(words)"
    }
    let zeros = rows.filter { $0.distribution.zeros == $0.distribution.total }
    if !zeros.isEmpty {
      let names = Wording.list(zeros.map(\.name), contiguous: false)
      return "All \(noun) of \(names) are exactly zero"
    }
    let sized = rows.compactMap { row in row.level.map { (row: row, value: $0) } }
    guard let first = sized.first, let last = sized.last else { return "" }
    let plural = Wording.capitalized(noun)
    guard sized.count > 1 else {
      return "\(plural) of \(first.row.name): \(first.row.size ?? "")"
    }
    let (start, end) = backward ? (last, first) : (first, last)
    let change = end.value - start.value
    let way = "from \(start.row.name) to \(end.row.name)"
    if abs(change) < 1 {
      return "\(plural) keep their size \(way), within "
        + "\(Wording.decades(max(0.1, abs(change)))) decades"
    }
    let least = [start.row, end.row].allSatisfy(\.isLevelKnown) ? "" : "at least "
    return change < 0
      ? "\(plural) lose \(least)\(Wording.decades(-change)) decades \(way)"
      : "\(plural) grow by \(least)\(Wording.decades(change)) decades \(way)"
  }

  /// The figures of the layer to look at, or of the first and the last.
  var figures: String {
    let accented = rows.filter(\.isAccented)
    let ends = rows.count > 1 ? [rows[0], rows[rows.count - 1]] : rows
    return (accented.isEmpty ? ends : accented).map { row in
      let shares = asides.filter { $0.share(of: row.distribution) > 0 }
        .map { "\(share($0, of: row)) \($0.label)" }
      return ([row.name, row.size].compactMap(\.self) + shares).joined(separator: ", ")
    }.joined(separator: "; ")
  }

  private func share(_ aside: Aside, of row: RidgeRow) -> String {
    Wording.percent(aside.share(of: row.distribution))
  }

  /// The row to look at if it has more of something than `limit`, else the one that has most.
  private func first(of aside: Aside, above limit: Double) -> RidgeRow? {
    let over = rows.filter { aside.share(of: $0.distribution) > limit }
    return over.first(where: \.isAccented)
      ?? over.max { aside.share(of: $0.distribution) < aside.share(of: $1.distribution) }
  }
}
