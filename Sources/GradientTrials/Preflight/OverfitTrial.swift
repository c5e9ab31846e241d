import Backpropagation
import GradientDiagnosis

/// Lets a network learn a handful of examples by heart.
///
/// With so few of them neither noise nor generalization is in the way, so that a network which can't do it has gradients that
/// don't arrive, too few units, or outputs that can't reach the targets. Adam trains it, at up to three rates and for at most
/// 200 steps at each.
struct OverfitTrial<Scalar: TensorScalar> {
  private let network: NeuralNetwork
  private let rule: (Double) -> UpdateRule
  private let seed: UInt64

  /// The steps at each rate; 81 healthy networks on handwritten digits took at most 155 at the first.
  private static var steps: Int { 200 }
  /// The rates, the one that suits most networks first.
  private static var rates: [Double] { [0.003, 0.03, 0.0003] }
  /// The share of what the best constant prediction leaves to learn that may be left.
  private static var limit: Double { 0.1 }
  /// The most multiply-adds that the steps at one rate may cost.
  private static var mostProducts: Double { 1e10 }
  /// Above this share of the loss of guessing that inputs leave open, targets contradict them.
  private static var mostUnexplained: Double { 0.9 }

  init(_ network: NeuralNetwork, _ rule: @escaping (Double) -> UpdateRule, seed: UInt64) {
    self.network = network
    self.rule = rule
    self.seed = seed
  }

  /// Learns the handful; gives what that came to, for people and as figures.
  func learn(
    _ handful: Handful
  ) throws(NetworkError) -> (PreflightOutcome, Preflight.Overfit?) {
    let data = handful.examples.standardizingTargets(of: network)
    let count = data.count
    if handful.unexplained > Self.mostUnexplained {
      return (.warning(contradiction(handful)), Preflight.Overfit(examples: count, steps: nil))
    }
    guard count > 1 else { return (.notChecked("it takes two examples that differ"), nil) }
    let products = 3 * network.productsPerExample * Double(count * Self.steps)
    guard products <= Self.mostProducts else {
      return (
        .notChecked(
          "\(Wording.short(products)) multiply-adds for \(Self.steps) steps are more than the "
            + "\(Wording.short(Self.mostProducts)) that a preflight takes"), nil
      )
    }
    let constant = network.constantLoss(of: data), floor = network.leastLoss(of: data)
    guard constant - floor > 1e-9 * max(abs(constant), 1) else {
      return (.notChecked("all of the examples that were looked at have one target"), nil)
    }
    guard try rule(1).optimizers(for: network).contains(where: { $0 != nil }) else {
      return (.notChecked("no parameter is to be trained"), nil)
    }
    var best = Double.infinity
    for rate in Self.rates {
      let learner = try Learner<Scalar>(
        network, rule(rate), capacity: count, seed: seed, recording: .off)
      learner.step(on: data)
      for step in 0...Self.steps {
        let left = (learner.summary.loss - floor) / (constant - floor)
        if left < best { best = left }
        if left <= Self.limit {
          return (
            .passed("\(count) examples, in \(step) steps of adam at \(Wording.short(rate))"),
            Preflight.Overfit(examples: count, steps: step)
          )
        }
        guard left.isFinite, step < Self.steps else { break }
        learner.stepAgain(on: data)
      }
    }
    return (.warning(failure(count, best)), Preflight.Overfit(examples: count, steps: nil))
  }

  private func contradiction(_ handful: Handful) -> Preflight.Warning {
    Preflight.Warning(
      .overfit, value: handful.unexplained, limit: Self.mostUnexplained,
      message: "The inputs say nothing about the targets: of \(handful.candidates) examples, those "
        + "with the same inputs differ in their targets, which leaves "
        + "\(Wording.percent(handful.unexplained)) of the loss of guessing whatever is learned.",
      cause: Cause(
        id: "data",
        text:
          "Labels contradict the inputs, or the inputs are all alike: the wrong columns, rows out "
          + "of step, or a constant in place of the data."),
      remedies: [.checkTargets, .checkData])
  }

  private func failure(_ count: Int, _ left: Double) -> Preflight.Warning {
    let narrow = network.narrowestHidden.flatMap { $0.units < 2 * count ? $0 : nil }
    let size = narrow.map {
      " The narrowest layer, \($0.name), has \($0.units) unit\($0.units == 1 ? "" : "s")."
    }
    let moreUnits = Remedy(id: "more-units", text: "Give the narrowest layers more units.")
    return Preflight.Warning(
      .overfit, layers: narrow.map { [$0.name] } ?? [], value: left, limit: Self.limit,
      message:
        "\(count) examples can't be learned by heart: \(Self.steps) steps of adam, at the best "
        + "of \(Self.rates.count) rates, leave \(left.isFinite ? Wording.percent(left) : "all") of what "
        + "there is to learn.\(size ?? "")",
      cause: Cause(
        id: "architecture",
        text: "With so few examples noise and generalization play no part: gradients don't arrive, "
          + "the units are too few, or the outputs can't reach the targets."),
      remedies: [
        narrow == nil ? .batchNormalization : moreUnits,
        Remedy(
          id: "fit-output",
          text: "Check that the last activation can reach the targets: no sigmoid or ReLU before "
            + "numbers of any size, none before a loss that takes logits."),
        .checkGraph,
      ])
  }
}
