import Backpropagation

/// Checks the gradient that one function claims for one of its tensors.
struct TensorChecker {
  let variable: Variable
  /// How many random directions are asked of a tensor.
  static let directions = 3
  /// How many wrong entries are looked for when a direction fails.
  private static let mostSuspects = 16

  /// Checks entry by entry, and where that is a sample, all entries together along random directions.
  func checkEntries(batch: Int, from source: inout RandomSource) -> TensorCheck {
    let places = Sampling.places(
      of: variable.gradient, costing: variable.function.cost, from: &source)
    var judgements = places.map { (place: $0, judgement: judgeEntry($0)) }
    var direction: Judgement?
    if places.count < variable.gradient.count, variable.gradient.allSatisfy(\.isFinite),
      !judgements.contains(where: { $0.judgement.outcome == .fail }),
      let (along, judgement) = failingDirection(from: &source)
    {
      var suspects: [Int] = []
      bisect(along, 0..<along.count, into: &suspects)
      let found = suspects.map { (place: $0, judgement: judgeEntry($0)) }
        .filter { $0.judgement.outcome == .fail }
      judgements += found
      if found.isEmpty { direction = judgement }
    }
    var check = summary(judgements.map(\.judgement) + [direction].compactMap { $0 })
    if let worst = mostExcessive(judgements) {
      check.worst = entry(worst.judgement, index: variable.index(of: worst.place))
    }
    if check.failed > 0 {
      describe(judgements, batch: batch, in: &check)
      if let direction, judgements.allSatisfy({ $0.judgement.outcome != .fail }) {
        check.worst = entry(direction, index: [])
        check.signature = "the entries agree one by one, their sum along a direction does not"
      }
    }
    return check
  }

  /// Checks along random directions alone, one judgement each.
  func judgeDirections(
    from source: inout RandomSource, takingLargeSteps: Bool = true
  ) -> [Judgement] {
    (0..<Self.directions).map { _ in
      judge(
        along: Sampling.direction(count: variable.gradient.count, from: &source),
        takingLargeSteps: takingLargeSteps)
    }
  }

  /// One result from what was found along several directions.
  func summary(ofDirections judgements: [Judgement]) -> TensorCheck {
    var check = summary(judgements)
    check.isWholeNetwork = true
    if let worst = judgements.max(by: { $0.rank < $1.rank }) {
      check.worst = entry(worst, index: [])
    }
    return check
  }

  private func judgeEntry(_ place: Int) -> Judgement {
    Judge.entry(gradientRMS: variable.gradientRMS, rest: variable.rest)
      .judge(variable.gradient[place], along: Line(entry: place, of: variable))
  }

  private func judge(along direction: [Double], takingLargeSteps: Bool = true) -> Judgement {
    var derivative = 0.0, squares = 0.0
    for (part, claimed) in zip(direction, variable.gradient) where part != 0 {
      derivative += part * claimed
      squares += part * claimed * part * claimed
    }
    var judge = Judge.direction(
      size: squares.squareRoot(), rest: variable.rest * Double(direction.count).squareRoot())
    judge.takesLargeSteps = takingLargeSteps
    return judge.judge(derivative, along: Line(direction: direction, of: variable))
  }

  private func failingDirection(from source: inout RandomSource) -> ([Double], Judgement)? {
    for _ in 0..<Self.directions {
      let direction = Sampling.direction(count: variable.gradient.count, from: &source)
      let judgement = judge(along: direction)
      if judgement.outcome == .fail { return (direction, judgement) }
    }
    return nil
  }

  /// Narrows a direction that fails down to single entries.
  private func bisect(_ direction: [Double], _ range: Range<Int>, into suspects: inout [Int]) {
    guard suspects.count < Self.mostSuspects else { return }
    var part = [Double](repeating: 0, count: direction.count)
    part.replaceSubrange(range, with: direction[range])
    guard judge(along: part).outcome == .fail else { return }
    guard range.count > 1 else { return suspects.append(range.lowerBound) }
    let middle = range.lowerBound + range.count / 2
    bisect(direction, range.lowerBound..<middle, into: &suspects)
    bisect(direction, middle..<range.upperBound, into: &suspects)
  }

  private func summary(_ judgements: [Judgement]) -> TensorCheck {
    func count(_ outcome: Judgement.Outcome) -> Int { judgements.count { $0.outcome == outcome } }
    var check = TensorCheck(
      name: variable.name, layer: variable.layer, count: variable.gradient.count,
      checked: judgements.count, passed: count(.pass), failed: count(.fail),
      unverifiable: count(.unverifiable), atKink: count(.atKink), worst: nil, signature: nil)
    var difference = 0.0, analytic = 0.0, numeric = 0.0
    for judgement in judgements
    where judgement.outcome != .atKink && judgement.isFinite && !judgement.isNoise {
      difference +=
        (judgement.analytic - judgement.numeric) * (judgement.analytic - judgement.numeric)
      analytic += judgement.analytic * judgement.analytic
      numeric += judgement.numeric * judgement.numeric
    }
    let norms = analytic.squareRoot() + numeric.squareRoot()
    check.relativeError = norms > 0 ? difference.squareRoot() / norms : 0
    if judgements.contains(where: { !$0.isFinite }) { check.relativeError = 1 }
    return check
  }

  private func mostExcessive(
    _ judgements: [(place: Int, judgement: Judgement)]
  ) -> (place: Int, judgement: Judgement)? {
    judgements.max { $0.judgement.rank < $1.judgement.rank }
  }

  private func entry(_ judgement: Judgement, index: [Int]) -> EntryCheck {
    let verdict: CheckVerdict =
      switch judgement.outcome {
      case .pass: .pass
      case .fail: .fail
      case .unverifiable, .atKink: .unverifiable
      }
    return EntryCheck(
      index: index, analytic: judgement.analytic, numeric: judgement.numeric,
      relativeError: judgement.relativeError, floor: judgement.floor, step: judgement.step,
      verdict: verdict)
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
      of: entries, shape: variable.shape, numeric: { judgeEntry($0).numeric })
    check.signature = signature?.text
    check.equation = variable.equation
    check.likelyCause =
      signature?.likelyCause(batch: batch, breaking: variable.equation)
      ?? Signature.commonCause(breaking: variable.equation)
  }
}

extension Judgement {
  /// Whether a gradient that is zero was found to be zero up to rounding, which has no relative error.
  fileprivate var isNoise: Bool {
    outcome == .pass && max(abs(analytic), abs(numeric)) < 10 * floor
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
