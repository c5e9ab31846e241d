import Backpropagation

/// One subject at one magnitude, right and with every mutation that applies.
struct Bench {
  let subject: SelftestSubject
  let scale: Double
  let seed: UInt64
  let checker: Selftest.Checker
  /// Its right gradients.
  private let right: [Variable]

  /// What was found.
  struct Result: Sendable {
    var trials: [Selftest.Trial]
    var falseAlarms: [Selftest.FalseAlarm]
    var rightGradients: Int
  }

  init(
    subject: SelftestSubject, scale: Double, seed: UInt64, checker: @escaping Selftest.Checker
  ) {
    self.subject = subject
    self.scale = scale
    self.seed = seed
    self.checker = checker
    right = subject.variables(
      examples: Selftest.examples, deltaScale: scale, method: Self.method(at: scale), seed: seed)
  }

  /// Finite differences are asked too at one magnitude; dual numbers at all.
  private static func method(at scale: Double) -> CheckMethod { scale == 1 ? .automatic : .dual }

  private func check(_ variable: Variable) -> TensorCheck {
    checker(variable, Self.method(at: scale), seed)
  }

  /// What comes of its right gradients, and of every mutation that applies.
  var result: Result {
    Result(trials: trials(), falseAlarms: falseAlarms(), rightGradients: right.count)
  }

  /// The right gradients that don't pass.
  private func falseAlarms() -> [Selftest.FalseAlarm] {
    right.map(check).filter { $0.failed > 0 || $0.unverifiable > 0 }
      .map { Selftest.FalseAlarm(tensor: $0.name, scale: scale) }
  }

  /// What comes of every mutation that applies.
  private func trials() -> [Selftest.Trial] {
    zip(subject.places, right).flatMap { place, right in trials(at: place, right) }
  }

  private func trials(at place: GradientPlace, _ right: Variable) -> [Selftest.Trial] {
    var made = [right.gradient]
    return Mutation.allCases.compactMap { mutation in
      guard mutation.concerns(place) else { return nil }
      let planted = subject.variables(
        planting: mutation, at: place, examples: Selftest.examples, deltaScale: scale,
        method: Self.method(at: scale), seed: seed)
      guard let wrong = planted.first(where: { $0.name == right.name }),
        made.allSatisfy({ right.differs(wrong.gradient, from: $0) })
      else { return nil }
      made.append(wrong.gradient)
      return trial(mutation, wrong)
    }
  }

  private func trial(_ mutation: Mutation, _ wrong: Variable) -> Selftest.Trial {
    let check = check(wrong)
    let isNamed = mutation.isNamed(
      by: check.recognized, batch: Selftest.examples, outputs: wrong.outputs)
    return Selftest.Trial(
      subject: subject.id, isLoss: subject.isLoss, mutation: mutation, tensor: wrong.name,
      equation: wrong.equation, scale: scale, isCaught: check.failed > 0,
      isNamed: isNamed && check.equation == wrong.equation && check.likelyCause != nil,
      signature: check.signature)
  }
}

extension Variable {
  /// Whether two gradients of it differ by more than what rounding leaves.
  func differs(_ one: [Double], from other: [Double]) -> Bool {
    let rounding = max(rest, 1e-9 * gradientRMS)
    return zip(one, other).contains { !(abs($0 - $1) <= rounding) }
  }
}
