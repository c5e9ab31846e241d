import Backpropagation

/// Which of the entries that were checked are kept to be looked at: at most 52 of a tensor, those that agree least first.
enum ShownEntries {
  /// So many of each kind: those that agree least, of the largest and the smallest magnitude, zeros, kinks, and at random.
  static let worst = 12, largest = 8, smallest = 8, zeros = 4, kinks = 4, random = 8
  /// The entries that finite differences were asked about too.
  static let confirmed = 8

  /// The places of `judgements` to show, those first that do worst by `rank`; the random ones are drawn from `source`.
  static func places(
    of judgements: [Judgement], rank: (Judgement) -> Double, from source: inout RandomSource
  ) -> [Int] {
    let ranks = judgements.map(rank)
    func isWorse(_ a: Int, _ b: Int) -> Bool { ranks[a] > ranks[b] }
    func isSmaller(_ a: Int, _ b: Int) -> Bool {
      abs(judgements[a].analytic) < abs(judgements[b].analytic)
    }
    let sized = judgements.indices.lazy
      .filter { judgements[$0].analytic != 0 && judgements[$0].analytic.isFinite }
    var shown = Set(judgements.indices.least(worst, by: isWorse))
    shown.formUnion(sized.least(largest) { isSmaller($1, $0) })
    shown.formUnion(sized.least(smallest, by: isSmaller))
    shown.formUnion(judgements.indices.lazy.filter { judgements[$0].analytic == 0 }.prefix(zeros))
    shown.formUnion(
      judgements.indices.lazy.filter { judgements[$0].outcome == .atKink }.prefix(kinks))
    shown.formUnion(
      judgements.indices.lazy.filter { judgements[$0].secondOpinion != nil }.prefix(confirmed))
    for _ in 0..<random where !judgements.isEmpty {
      shown.insert(source.below(judgements.count))
    }
    return shown.sorted { (ranks[$1], $0) < (ranks[$0], $1) }
  }
}
