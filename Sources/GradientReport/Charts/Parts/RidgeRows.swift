import Foundation
import GradientDiagnosis
import GradientTrace

/// What a chart of distributions over depth shows: a row a layer, the input at the top.
struct RidgeRows: Sendable {
  /// What is known of a layer.
  struct Row: Sendable {
    let name: String
    let distribution: Distribution
    let isAccented: Bool
    /// The magnitude, as log10, below which a sigmoid's outputs are saturated.
    let flatEnd: Double?
    /// How many magnitudes of each bin belong to the ridge: all but those at an upper flat end, which are told apart.
    let counts: [Int]

    init(
      _ distribution: Distribution, of kind: String, name: String, isAccented: Bool
    ) {
      self.name = name
      self.distribution = distribution
      self.isAccented = isAccented
      flatEnd = ["sigmoid", "hard-sigmoid"].contains(kind) ? -2 : nil
      var upper = distribution.saturated ?? 0
      if let flatEnd { upper -= distribution.count(below: flatEnd) }
      var counts = distribution.counts
      // The bin that begins at a half holds what lies between the upper flat end and 1.
      for bin in (-1 - Log2Histogram.lowestExponent..<counts.count).reversed() {
        let taken = min(counts[bin], max(0, upper))
        counts[bin] -= taken
        upper -= taken
      }
      self.counts = counts
    }
  }

  let rows: [Row]
  /// The step at which the distributions were taken.
  let step: Int

  /// A smaller share of elements isn't worth a column.
  private static let leastShare = 0.01
  /// More shares than this beside the ridges leave them no room.
  private static let asideLimit = 3

  /// Gathers what `run` holds of a quantity.
  ///
  /// - Throws: ``NotEnoughData``, calling the quantity `noun`, where there is nothing.
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
      return Row(
        distribution, of: quantity == .activation ? run.header.layers[layer].kind : "",
        name: run.names[layer], isAccented: layer == looked)
    }
    guard let step = run.distributions.step, !rows.isEmpty else {
      throw NotEnoughData("no histograms of \(noun) in this trace")
    }
    self.step = step
  }

  /// A share of elements that stands beside the ridges, as a logarithmic axis has no place for them.
  enum Aside: CaseIterable {
    case zero, subnormal, tiny, huge, saturated, nonFinite

    var label: String {
      switch self {
      case .zero: "exactly 0"
      case .subnormal: "subnormal"
      case .tiny: "below 7e-15"
      case .huge: "above 3e4"
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
      (aside: aside, share: rows.map { aside.share(of: $0.distribution) }.max() ?? 0)
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
  /// where it goes backward.
  ///
  /// `noun` says what the magnitudes are, in plural: `"outputs"`.
  func title(_ noun: String, backward: Bool) -> String {
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
    let medians = rows.compactMap { row in
      row.distribution.percentile(0.5).map { (name: row.name, value: $0) }
    }
    guard let first = medians.first, let last = medians.last else { return "" }
    let plural = Wording.capitalized(noun)
    guard medians.count > 1 else {
      return "\(plural) of \(first.name) have a median magnitude of "
        + Wording.short(pow(10, first.value))
    }
    let (start, end) = backward ? (last, first) : (first, last)
    let change = end.value - start.value
    let way = "from \(start.name) to \(end.name)"
    if abs(change) < 1 {
      return "\(plural) keep their size \(way), within "
        + "\(Wording.decades(max(0.1, abs(change)))) decades"
    }
    let least = [start.value, end.value].allSatisfy(Self.isKnown) ? "" : "at least "
    return change < 0
      ? "\(plural) lose \(least)\(Wording.decades(-change)) decades \(way)"
      : "\(plural) grow by \(least)\(Wording.decades(change)) decades \(way)"
  }

  /// Whether a magnitude, as log10, lies in a bin with two ends.
  private static func isKnown(_ magnitude: Double) -> Bool {
    let bins = Distribution.closedBins
    return magnitude >= Distribution.start(ofBin: bins.lowerBound)
      && magnitude <= Distribution.start(ofBin: bins.upperBound)
  }

  /// The figures of the layer to look at, or of the first and the last.
  var figures: String {
    let accented = rows.filter(\.isAccented)
    let ends = rows.count > 1 ? [rows[0], rows[rows.count - 1]] : rows
    return (accented.isEmpty ? ends : accented).map { row in
      let median = row.distribution.percentile(0.5).map {
        ["median \(Wording.short(pow(10, $0)))"]
      }
      let shares = asides.filter { $0.share(of: row.distribution) > 0 }
        .map { "\(share($0, of: row)) \($0.label)" }
      return ([row.name] + (median ?? []) + shares).joined(separator: ", ")
    }.joined(separator: "; ")
  }

  private func share(_ aside: Aside, of row: Row) -> String {
    Wording.percent(aside.share(of: row.distribution))
  }

  /// The row to look at if it has more of something than `limit`, else the one that has most.
  private func first(of aside: Aside, above limit: Double) -> Row? {
    let over = rows.filter { aside.share(of: $0.distribution) > limit }
    return over.first(where: \.isAccented)
      ?? over.max { aside.share(of: $0.distribution) < aside.share(of: $1.distribution) }
  }
}

extension RidgeRows.Row {
  /// The bins that are drawn: all with two ends, but for the smallest magnitudes that make up a five-hundredth.
  fileprivate var shownBins: ClosedRange<Int>? {
    let occupied = Distribution.closedBins.filter { counts[$0] > 0 }
    guard let last = occupied.last else { return nil }
    var left = counts.reduce(0, +) / 500
    let first = occupied.first { bin in
      left -= counts[bin]
      return left < 0
    }
    return (first ?? last)...last
  }
}

extension Distribution {
  /// About how many magnitudes lie below one that is given as log10.
  fileprivate func count(below magnitude: Double) -> Int {
    let place = magnitude / log10(2) - Double(Log2Histogram.lowestExponent)
    let bin = min(max(Int(place), 0), counts.count - 1)
    return counts[..<bin].reduce(0, +) + Int(Double(counts[bin]) * (place - Double(bin)))
  }
}
