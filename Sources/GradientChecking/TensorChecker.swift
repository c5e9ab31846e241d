import Backpropagation

/// Checks the gradient that one function claims for one of its tensors.
struct TensorChecker {
  let variable: Variable
  /// Whether every entry is asked, however many there are.
  var isExhaustive = false
  /// How many random directions are asked of a tensor.
  static let directions = 3
  /// How many wrong entries are looked for when a direction fails.
  private static let mostSuspects = 16
  /// How many entries finite differences are asked of where dual numbers have been asked of all.
  private static let secondOpinions = 6

  /// Checks entry by entry, and where that is a sample, all entries together along random directions.
  func checkEntries(
    batch: Int, method: CheckMethod, from source: inout RandomSource
  ) -> TensorCheck {
    if method == .taylor { return checkRemainders(from: &source) }
    let places =
      isExhaustive
      ? Array(variable.gradient.indices)
      : Sampling.places(of: variable.gradient, costing: variable.function.cost, from: &source)
    var judgements = judge(entries: places, from: &source)
    if variable.tangents != nil, method.asksDifferences { askAgain(&judgements, from: &source) }
    var direction: Judgement?
    if places.count < variable.gradient.count, variable.gradient.allSatisfy(\.isFinite),
      !judgements.contains(where: { $0.judgement.outcome == .fail }),
      let along = failingDirection(from: &source)
    {
      var suspects: [Int] = []
      bisect(along, 0..<along.count, into: &suspects)
      let found = judge(entries: suspects, from: &source).filter { $0.judgement.outcome == .fail }
      judgements += found
      // Small errors everywhere, and what rounding leaves of such a sum, are told apart by asking the direction itself.
      if found.isEmpty { direction = judge(along: [along]).first { $0.outcome != .pass } }
    }
    var check = summary(judgements.map(\.judgement) + [direction].compactMap { $0 })
    if let worst = mostExcessive(judgements) {
      check.worst = EntryCheck(worst.judgement, index: variable.index(of: worst.place))
    }
    check.entries = shown(judgements)
    if check.failed > 0 {
      describe(judgements, batch: batch, in: &check)
      if let direction, judgements.allSatisfy({ $0.judgement.outcome != .fail }) {
        check.worst = EntryCheck(direction, index: [])
        check.signature = "the entries agree one by one, their sum along a direction does not"
      }
    }
    return check
  }

  /// Checks the order of the remainder along random directions.
  private func checkRemainders(from source: inout RandomSource) -> TensorCheck {
    var check = summary(ofDirections: judgeDirections(by: .taylor, from: &source))
    check.isWholeNetwork = false
    if check.failed > 0 {
      check.likelyCause = Signature.commonCause(breaking: variable.equation)
    }
    return check
  }

  /// Checks along random directions alone, one judgement each.
  func judgeDirections(
    by method: CheckMethod, from source: inout RandomSource, takingLargeSteps: Bool = true
  ) -> [Judgement] {
    passesOverDirections.flatMap { _ in
      let directions = directionsOfOnePass(from: &source)
      guard method == .taylor else {
        return judge(along: directions, takingLargeSteps: takingLargeSteps)
      }
      return directions.map { direction in
        let claim = Claim(variable.gradient, along: direction)
        return TaylorRemainder.judge(
          claim.derivative, along: Line(direction: direction, of: variable), size: claim.size,
          rest: restOfDirection)
      }
    }
  }

  /// The passes in which random directions are judged: all in one, or of a large tensor one in each, since a direction
  /// takes the memory of the tensor.
  private var passesOverDirections: Range<Int> {
    0..<(variable.gradient.count > 1 << 17 ? Self.directions : 1)
  }

  private func directionsOfOnePass(from source: inout RandomSource) -> [[Double]] {
    (0..<Self.directions / passesOverDirections.count).map { _ in
      Sampling.direction(count: variable.gradient.count, from: &source)
    }
  }

  /// Checks every entry against derivatives that are known already.
  func check(against numeric: [Double], batch: Int) -> TensorCheck {
    let judge = TangentJudge(size: variable.gradientRMS, rest: variable.rest)
    let rounding = OnDemand { variable.rounding }
    let judgements = zip(variable.gradient, numeric).enumerated().map { place, pair in
      let judgement = judge.judge(pair.0, against: pair.1).excused { rounding.value }
      return (place: place, judgement: judgement.settled { judgeByDifference(place) })
    }
    var check = summary(judgements.map(\.judgement))
    check.isWholeNetwork = true
    if let worst = mostExcessive(judgements) {
      check.worst = EntryCheck(worst.judgement, index: variable.index(of: worst.place))
    }
    check.entries = shown(judgements)
    if check.failed > 0 { describe(judgements, batch: batch, in: &check) }
    return check
  }

  /// One result from what was found along several directions.
  func summary(ofDirections judgements: [Judgement]) -> TensorCheck {
    var check = summary(judgements)
    check.isWholeNetwork = true
    if let worst = judgements.max(by: { $0.rank < $1.rank }) {
      check.worst = EntryCheck(worst, index: [])
    }
    check.entries = judgements.sorted { $0.rank > $1.rank }.map { EntryCheck($0, index: []) }
    if judgements.contains(where: { $0.outcome == .fail && $0.oracle == .taylor }) {
      check.signature = "the remainder along a direction goes with the step, not with its square"
      check.equation = variable.equation
    }
    return check
  }

  private func judge(
    entries places: [Int], from source: inout RandomSource
  ) -> [(place: Int, judgement: Judgement)] {
    guard let tangents = variable.tangents else { return differences(of: places, from: &source) }
    let judge = TangentJudge(size: variable.gradientRMS, rest: variable.rest)
    let rounding = OnDemand { variable.rounding }
    // Once finite differences confirm a failure, the tensor is wrong, whether or not other entries lie at kinks.
    var isConfirmed = false
    let exact =
      places.count == variable.gradient.count
      ? RowwiseTangents(
        function: tangents.function, elements: tangents.elements, rows: variable.shape.first ?? 1
      ).derivatives(from: &source)
      : tangents.function.derivatives(of: tangents.elements, entries: places)
    return zip(places, exact).map { place, numeric in
      let judgement = judge.judge(variable.gradient[place], against: numeric)
        .excused { rounding.value }
      guard judgement.outcome == .fail, !isConfirmed else { return (place, judgement) }
      // Where differences come to the exact derivative, there is one, and nothing more need be asked.
      var other = judgeByDifference(place, claimed: numeric)
      let isSmooth = other.outcome == .pass
      // What agrees with the exact derivative disagrees with the claimed one.
      other.outcome = .fail
      let settled =
        isSmooth ? judgement.beside(other) : judgement.settled { judgeByDifference(place) }
      isConfirmed = settled.outcome == .fail
      return (place, settled)
    }
  }

  /// Row by row where all entries are asked and that is possible; what isn't found right so is asked by itself.
  private func differences(
    of places: [Int], from source: inout RandomSource
  ) -> [(place: Int, judgement: Judgement)] {
    guard places.count == variable.gradient.count,
      let rowwise = RowwiseDifferences(of: variable, from: &source)
    else { return places.map { ($0, judgeByDifference($0)) } }
    return rowwise.judgements().enumerated().map { place, judgement in
      guard let judgement, judgement.outcome == .pass else {
        return (place, judgeByDifference(place))
      }
      return (place, judgement)
    }
  }

  /// Where the directions are only to lead to `suspects`, what fails is not asked again: the entries found are.
  private func judge(
    along directions: [[Double]], takingLargeSteps: Bool = true, suspecting: Bool = false
  ) -> [Judgement] {
    let claims = directions.map { Claim(variable.gradient, along: $0) }
    let rest = restOfDirection
    func judgeByDifference(_ claim: Claim, _ direction: [Double]) -> Judgement {
      var judge = Judge.direction(size: claim.size, rest: rest)
      judge.takesLargeSteps = takingLargeSteps
      return judge.judge(claim.derivative, along: Line(direction: direction, of: variable))
    }
    guard let tangents = variable.tangents else {
      return zip(claims, directions).map(judgeByDifference)
    }
    let exact = tangents.function.derivatives(of: tangents.elements, along: directions)
    return zip(zip(claims, directions), exact).map { claimed, numeric in
      let judge =
        suspecting
        ? TangentJudge.direction(size: claimed.0.size, rest: rest)
        : TangentJudge(size: claimed.0.size, rest: rest)
      let judgement = judge.judge(claimed.0.derivative, against: numeric)
      if suspecting { return judgement }
      return judgement.excused { variable.rounding * Double(variable.gradient.count).squareRoot() }
        .settled { judgeByDifference(claimed.0, claimed.1) }
    }
  }

  /// What rounding leaves along a direction where the tensor has no gradient.
  private var restOfDirection: Double {
    variable.rest * Double(variable.gradient.count).squareRoot()
  }

  /// The derivative that a gradient claims along a direction, Σ g_i d_i, and √Σ(g_i d_i)².
  private struct Claim {
    var derivative = 0.0
    var size = 0.0

    init(_ gradient: [Double], along direction: [Double]) {
      let terms = direction.indices.lazy.filter { direction[$0] != 0 }
        .map { direction[$0] * gradient[$0] }
      derivative = terms.reduce(0, +)
      size = terms.rootOfSquares
    }
  }

  private func judgeByDifference(_ place: Int, claimed: Double? = nil) -> Judgement {
    Judge.entry(gradientRMS: variable.gradientRMS, rest: variable.rest)
      .judge(claimed ?? variable.gradient[place], along: Line(entry: place, of: variable))
  }

  /// Asks finite differences of a few entries that dual numbers found right, from the largest to the smallest.
  ///
  /// Both follow the same formulas, but not the same code: the dual numbers have kernels of their own.
  private func askAgain(
    _ judgements: inout [(place: Int, judgement: Judgement)], from source: inout RandomSource
  ) {
    let passed = judgements.indices.filter { judgements[$0].judgement.outcome == .pass }
      .sorted { abs(judgements[$0].judgement.analytic) > abs(judgements[$1].judgement.analytic) }
    let step = max(passed.count / Self.secondOpinions, 1)
    for index in stride(from: 0, to: passed.count, by: step).map({ passed[$0] }) {
      let judgement = judgeByDifference(judgements[index].place)
      judgements[index].judgement =
        judgement.outcome == .fail ? judgement : judgements[index].judgement.beside(judgement)
    }
  }

  private func failingDirection(from source: inout RandomSource) -> [Double]? {
    for _ in passesOverDirections {
      let directions = directionsOfOnePass(from: &source)
      let judgements = judge(along: directions, suspecting: true)
      if let failing = judgements.firstIndex(where: { $0.outcome == .fail }) {
        return directions[failing]
      }
    }
    return nil
  }

  /// Narrows a direction that fails down to single entries.
  private func bisect(_ direction: [Double], _ range: Range<Int>, into suspects: inout [Int]) {
    guard range.count > 1 else { return suspects.append(range.lowerBound) }
    let width = (range.count + Dual.directions - 1) / Dual.directions
    let parts = stride(from: range.lowerBound, to: range.upperBound, by: width).map {
      $0..<min($0 + width, range.upperBound)
    }
    let directions = parts.map { part in
      var result = [Double](repeating: 0, count: direction.count)
      result.replaceSubrange(part, with: direction[part])
      return result
    }
    for (part, judgement) in zip(parts, judge(along: directions, suspecting: true))
    where judgement.outcome == .fail && suspects.count < Self.mostSuspects {
      bisect(direction, part, into: &suspects)
    }
  }

  private func summary(_ judgements: [Judgement]) -> TensorCheck {
    func count(_ outcome: Judgement.Outcome) -> Int { judgements.count { $0.outcome == outcome } }
    var check = TensorCheck(
      name: variable.name, layer: variable.layer, count: variable.gradient.count,
      checked: judgements.count, passed: count(.pass), failed: count(.fail),
      unverifiable: count(.unverifiable), atKink: count(.atKink), worst: nil, signature: nil)
    check.tallies = OracleTally.tallies(of: judgements)
    var error = RelativeError()
    for judgement in judgements { error.add(judgement.opinion) }
    check.relativeError = error.value
    return check
  }

  private func mostExcessive(
    _ judgements: [(place: Int, judgement: Judgement)]
  ) -> (place: Int, judgement: Judgement)? {
    judgements.max { $0.judgement.rank < $1.judgement.rank }
  }

  /// The entries to be looked at.
  private func shown(_ judgements: [(place: Int, judgement: Judgement)]) -> [EntryCheck] {
    var source = RandomSource(seed: 1, stream: "shown/\(variable.name)")
    return ShownEntries.places(of: judgements.map(\.judgement), rank: \.rank, from: &source).map {
      EntryCheck(judgements[$0].judgement, index: variable.index(of: judgements[$0].place))
    }
  }

  private func describe(
    _ judgements: [(place: Int, judgement: Judgement)], batch: Int, in check: inout TensorCheck
  ) {
    let entries = judgements.map {
      SignatureEntry(
        place: $0.place, analytic: $0.judgement.analytic, numeric: $0.judgement.numeric,
        isWrong: $0.judgement.outcome == .fail)
    }
    let signature = Signature(
      of: SignatureEvidence(
        entries: entries, shape: variable.shape, size: variable.gradientRMS, batch: batch,
        outputs: variable.outputs, hypotheses: variable.hypotheses(),
        numeric: { places in
          guard let tangents = variable.tangents else {
            return places.map { judgeByDifference($0).numeric }
          }
          return tangents.function.derivatives(of: tangents.elements, entries: places)
        }))
    check.recognized = signature
    check.signature = signature?.text
    check.equation = variable.equation
    check.likelyCause =
      signature?.likelyCause(
        batch: batch, outputs: variable.outputs, breaking: variable.equation)
      ?? Signature.commonCause(breaking: variable.equation)
  }
}

extension Judgement {
  /// A pass where rounding explains the difference.
  fileprivate func excused(by rounding: () -> Double) -> Judgement {
    guard outcome == .fail else { return self }
    let noise = rounding()
    guard abs(analytic - numeric) <= noise else { return self }
    var result = self
    result.outcome = .pass
    result.floor = noise
    return result
  }

  /// A failure beside what finite differences say: where the function is bent, no derivative is the only one.
  fileprivate func settled(_ byDifference: () -> Judgement) -> Judgement {
    guard outcome == .fail else { return self }
    let other = byDifference()
    return other.outcome == .atKink ? other : beside(other)
  }

  /// Failures first, then by how far off; kinks, at which any slope between two is right, last.
  fileprivate var rank: Double {
    switch outcome {
    case .fail: 1e3 + (excess.isFinite ? excess : 1e300)
    case .pass, .unverifiable: min(excess, 1)
    case .atKink: -1
    }
  }
}
