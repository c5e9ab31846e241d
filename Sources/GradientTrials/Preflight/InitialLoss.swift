import Backpropagation
import GradientDiagnosis

/// Whether each loss starts near what guessing costs.
///
/// A network that has seen nothing should be sure of nothing: −log p of equal classes, or of their frequencies. That holds
/// where outputs have a scale of their own, as logits have; numbers to be met have whatever scale the data have, and there a
/// start far away is told, but no fault.
struct InitialLoss {
  /// How many times the loss of guessing a start may be; as many times more where what goes in is larger than 1, which is a
  /// question of the data and is judged by what comes of it.
  ///
  /// Of 81 healthy networks on normalized digits none starts above 2.7 times it; on raw ones, whose RMS is 8, some start at
  /// 15 times. Logits of a deviation of 20 make 21.
  static let limit = 10.0

  private let losses: [Figures]

  private struct Figures {
    var name: String
    var start: Double
    var guess: Double
    var outputRMS: Double
    var isAbsolute: Bool
    var limit: Double

    /// What is wrong with it: how many times the loss of guessing it is.
    var excess: Double? {
      guard start.isFinite else { return .infinity }
      guard isAbsolute, guess > 0, start > limit * guess else { return nil }
      return start / guess
    }
  }

  init(_ first: FirstPass<some TensorScalar>, _ scale: InitialScale) {
    losses = first.losses.map {
      Figures(
        name: first.network.nodes[$0.head.output].name, start: $0.start, guess: $0.guess,
        outputRMS: $0.outputRMS, isAbsolute: $0.head.loss.hasOutputsOfOrderOne,
        limit: Self.limit * max(1, scale.origins[$0.head.output] ?? 1))
    }
  }

  var outcome: PreflightOutcome {
    guard let worst = losses.filter({ $0.excess != nil }).max(by: { $0.start < $1.start }) else {
      let figures = losses.map { loss in
        let place = losses.count > 1 ? "\(loss.name) " : ""
        return
          "\(place)starts at \(Wording.loss(loss.start)), guessing costs \(Wording.loss(loss.guess))"
      }
      return .passed(figures.joined(separator: "; "))
    }
    let excess = worst.excess ?? .infinity
    let message =
      excess.isFinite
      ? "The loss starts at \(Wording.loss(worst.start)), \(Wording.short(excess)) times the "
        + "\(Wording.loss(worst.guess)) that guessing costs."
      : "The loss is \(Wording.short(worst.start)) before the first step."
    return .warning(
      Preflight.Warning(
        .initialLoss, layers: [worst.name], value: excess, limit: worst.limit, message: message,
        cause: Cause(
          id: "initial-scale",
          text: "The outputs of \(worst.name) have an RMS of \(Wording.short(worst.outputRMS)) at "
            + "the start: the network is sure of answers that it has not learned yet."),
        remedies: [.heInitialization, .xavierInitialization]))
  }
}

extension Loss {
  /// Whether the loss is made for outputs of order one, whatever the data's scale: logits, margins, logarithms.
  fileprivate var hasOutputsOfOrderOne: Bool {
    self is SoftmaxCrossEntropy || self is NegativeLogLikelihood || self is BinaryCrossEntropy
      || self is KLDivergence || self is Poisson || self is Hinge
  }
}
