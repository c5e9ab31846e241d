/// An entry's analytic and numeric gradient, and whether they disagree.
struct SignatureEntry {
  var place: Int
  var analytic: Double
  var numeric: Double
  var isWrong: Bool
}

/// What a signature is recognized by: the entries that were checked, and what else can be asked.
struct SignatureEvidence {
  var entries: [SignatureEntry]
  var shape: [Int]
  /// The root mean square of the analytic gradient.
  var size: Double
  var batch: Int
  /// The outputs of one example.
  var outputs: Int
  var hypotheses: [Hypothesis]
  /// Measures further entries.
  var numeric: ([Int]) -> [Double]

  /// Wrong entries and a few right ones, from all over the tensor: whatever explains the gradient holds at each of them.
  fileprivate var probes: [SignatureEntry] {
    spread(entries.filter(\.isWrong), over: 14) + spread(entries.filter { !$0.isWrong }, over: 7)
  }

  private func spread(_ entries: [SignatureEntry], over count: Int) -> [SignatureEntry] {
    guard entries.count > count else { return entries }
    return (0..<count).map { entries[$0 * entries.count / count] }
  }

  /// Whether the analytic gradient is what is given, at each probe.
  fileprivate func agrees(
    _ probes: [SignatureEntry], with values: [Double], within tolerance: Double
  ) -> Bool {
    probes.count == values.count
      && zip(probes, values).allSatisfy { probe, value in
        abs(probe.analytic - value)
          <= tolerance * max(abs(probe.analytic), abs(value)) + 1e-9 * size
      }
  }
}

extension Signature {
  /// Recognizes what explains every entry, right or wrong; nil if nothing known does.
  ///
  /// What is most specific comes first: a constant factor that tells where it comes from, before any other constant.
  init?(of evidence: SignatureEvidence) {
    let wrong = evidence.entries.filter(\.isWrong)
    guard !wrong.isEmpty else { return nil }
    // What rounding left of a zero tells nothing.
    let others = evidence.entries.filter {
      !$0.isWrong && abs($0.analytic) > 1e-9 * evidence.size
    }
    let ratio = Self.commonRatio(of: wrong)
    let isMeaningful =
      others.isEmpty
      && ratio.map { Factor($0, batch: evidence.batch, outputs: evidence.outputs) != nil } ?? false
    if wrong.contains(where: { !$0.analytic.isFinite }) {
      self = .notFinite
    } else if others.isEmpty, wrong.allSatisfy({ $0.analytic == 0 }) {
      self = .zero
    } else if wrong.count == 1, !others.isEmpty {
      let distance = abs(wrong[0].analytic - wrong[0].numeric) / evidence.size
      self = wrong[0].analytic == 0 ? .zeroEntries : .oneEntry(distance)
    } else if let ratio, isMeaningful {
      self = .multiple(ratio)
    } else if let permutation = Self.permutation(evidence) {
      self = permutation
    } else if let hypothesis = Self.hypothesis(evidence) {
      self = hypothesis.signature
    } else if wrong.allSatisfy({ $0.analytic == 0 }) {
      self = .zeroEntries
    } else if wrong.allSatisfy({ ($0.analytic == 0) != ($0.numeric == 0) }) {
      self = .otherZeros
    } else if let ratio {
      self = .multiple(ratio)
    } else {
      return nil
    }
  }

  /// The ratio that all wrong entries have to their numeric ones.
  private static func commonRatio(of wrong: [SignatureEntry]) -> Double? {
    guard let largest = wrong.max(by: { abs($0.numeric) < abs($1.numeric) }) else { return nil }
    let ratio = largest.analytic / largest.numeric
    guard ratio.isFinite, ratio != 0,
      wrong.allSatisfy({ abs($0.analytic - ratio * $0.numeric) <= 1e-4 * abs($0.analytic) })
    else { return nil }
    return ratio
  }

  /// Whether the entries are those of other places: transposed, or off by one entry or row.
  private static func permutation(_ evidence: SignatureEvidence) -> Signature? {
    let shape = evidence.shape, count = shape.reduce(1, *)
    let probes = evidence.probes
    // One entry alone could agree by chance.
    guard count > 1, probes.count > 1 else { return nil }
    func matches(_ source: (Int) -> Int) -> Bool {
      evidence.agrees(
        probes, with: evidence.numeric(probes.map { source($0.place) }), within: 1e-4)
    }
    let rows = max(shape[0], 1), columns = count / rows
    if rows > 1, columns > 1, matches({ ($0 % rows) * columns + $0 / rows }) { return .transposed }
    for length in [1, shape.last ?? 1, columns] where length < count {
      for shift in [length, -length] where matches({ ($0 + shift + count) % count }) {
        return .shifted(shift, rowLength: length)
      }
    }
    return nil
  }

  /// The first known mistake that would make this gradient.
  private static func hypothesis(_ evidence: SignatureEvidence) -> Hypothesis? {
    let probes = evidence.probes, places = probes.map(\.place)
    return evidence.hypotheses.first {
      evidence.agrees(probes, with: $0.derivatives(places), within: 1e-6)
    }
  }
}
