import Backpropagation
import Foundation
import GradientDiagnosis

extension Sweep {
  /// The slope over the width, in decades a decade, beyond which a quantity counts as growing or vanishing.
  ///
  /// A fixed standard deviation makes 0.5 a layer. Of 60 healthy networks with 1 to 40 layers on handwritten digits one adds
  /// 0.30, a residual one of 40; all others stay below 0.3.
  static let widthLimit = 0.35
  /// Decades over the widths looked at from which on a trend at the start is an error.
  private static let severeDecades = 2.0

  /// Measures every width that can be afforded.
  static func widths(
    _ plan: WidthPlan, _ bench: SweepBench
  ) throws(NetworkError) -> (Part, [String]) {
    var notes: [String] = []
    let sizes = try affordableFactors(plan, bench, &notes)
    var networks: [NeuralNetwork] = []
    for size in sizes { networks.append(try plan.network(times: size)) }
    var trials: [[SweepTrial]] = []
    for network in networks { trials.append(try bench.trials(of: network)) }
    let survey = WidthSurvey(networks: networks, sizes: sizes, trials: trials)

    let names = plan.scaled.keys.sorted().map { bench.network.nodes[$0].name }
    let widths = networks.flatMap { network in plan.scaled.keys.map { network.nodes[$0].units } }
    let range = "\(widths.min() ?? 0) to \(widths.max() ?? 0) units"
    var part = Part(
      dimension: .width, sizes: sizes,
      subject: "\(Wording.list(names, contiguous: false)), \(range)", lines: survey.lines,
      judgments: [])
    let decades = log10((sizes.last ?? 1) / (sizes.first ?? 1))
    for quantity in Quantity.allCases where quantity != .change || bench.rule != nil {
      part.judgments.append(
        judgment(of: quantity, survey, bench, decades: decades))
    }
    return (part, notes)
  }

  /// Five factors around 1 that leave units enough to speak of a scale, and that can be afforded.
  private static func affordableFactors(
    _ plan: WidthPlan, _ bench: SweepBench, _ notes: inout [String]
  ) throws(NetworkError) -> [Double] {
    let least = Double(plan.widths?.lowerBound ?? 1)
    var chosen: [Double] = [], tooLarge: [Double] = []
    for factor in [1, 0.5, 2, 0.25, 4, 8, 16, 0.125, 0.0625] where chosen.count < SweepBench.sizes {
      guard factor >= 1 || least * factor >= 8 else { continue }
      // One that is too large may be too large to be described at all.
      let network = try? plan.network(times: factor)
      if let network, bench.affords(network) {
        chosen.append(factor)
      } else if factor > 1 || network != nil {
        tooLarge.append(factor)
      }
    }
    guard chosen.count >= SweepBench.fewestSizes else { throw Self.tooLarge(chosen.count) }
    if let first = tooLarge.min() {
      notes.append("widths from ×\(Wording.short(first)) on would take too long")
    }
    return chosen.sorted()
  }

  private static func judgment(
    of quantity: Quantity, _ survey: WidthSurvey, _ bench: SweepBench, decades: Double
  ) -> Judgment {
    if let layer = survey.firstNonFinite(quantity) { return diverged(quantity, layer) }
    let judged = survey.judged(quantity)
    guard let largest = judged.max(by: { abs($0.slope) < abs($1.slope) }),
      let highest = judged.max(by: { $0.slope < $1.slope })
    else {
      return Judgment(
        quantity: quantity, trend: .unknown, severity: .info, layers: [], slope: nil,
        limit: widthLimit, message: "It is exactly zero at the start, which has no scale.")
    }
    // Of changes those that grow count before those that fade: a rate that is too high does harm.
    let isTooFast = quantity == .change && highest.slope > widthLimit
    let worst = isTooFast ? highest : largest
    guard abs(worst.slope) > widthLimit else {
      let bound = "width^\(exponent(abs(worst.slope)))"
      return Judgment(
        quantity: quantity, trend: .steady, severity: .info, layers: [], slope: worst.slope,
        limit: widthLimit,
        message: quantity == .change
          ? "Every layer's output moves by as much at any width, within \(bound)."
          : "No layer adds more than \(bound) to what it reads.")
    }
    // Layers that are made alike add alike: the first of them is named in front.
    let alike = judged.filter {
      $0.slope * worst.slope > 0 && abs($0.slope) > 0.75 * abs(worst.slope)
    }
    let slope = median(alike.map(\.slope)) ?? worst.slope
    let trend: Trend = worst.slope > 0 ? .grows : .vanishes
    let layers = alike.map(\.layer)
    let list = Wording.list(layers, contiguous: layers.count == judged.count || layers.count > 3)
    guard quantity != .change else {
      return Judgment(
        quantity: .change, trend: trend, severity: .info, layers: layers, slope: slope,
        limit: widthLimit,
        message: "In \(bench.steps) steps the output of \(list) moves by width^\(exponent(slope)).",
        cause: changeCause(trend), remedies: [.scaledRate(slope: slope)])
    }
    let total = survey.total(quantity) ?? slope
    let object =
      quantity == .delta
      ? "δ on its way back" : "what \(layers.count == 1 ? "it reads" : "they read")"
    let sum = layers.count == 1 ? "" : ", which makes width^\(exponent(total)) in all"
    return Judgment(
      quantity: quantity, trend: trend,
      severity: abs(total * decades) > severeDecades ? .error : .warning, layers: layers,
      slope: slope, limit: widthLimit,
      message: "\(list) \(layers.count == 1 ? "multiplies" : "each multiply") \(object) by "
        + "width^\(exponent(slope))\(sum).",
      cause: alike.first.map { initialCause(of: $0, bench.network) },
      remedies: [.heInitialization, .xavierInitialization])
  }

  private static func diverged(_ quantity: Quantity, _ layer: String) -> Judgment {
    let isTrained = quantity == .change
    return Judgment(
      quantity: quantity, trend: .diverges, severity: isTrained ? .warning : .error,
      layers: [layer], slope: nil, limit: widthLimit,
      message: "\(layer) is no number any more at some width"
        + (isTrained ? ", after a few steps." : "."),
      cause: isTrained
        ? Cause(id: "learning-rate", text: "The learning rate is too high for that width.")
        : Cause(id: "initial-scale", text: "Initial weights are too large for that many inputs."),
      remedies: isTrained
        ? [.scaledRate(slope: 1)] : [.heInitialization, .xavierInitialization])
  }

  private static func changeCause(_ trend: Trend) -> Cause {
    Cause(
      id: "parametrization",
      text: trend == .grows
        ? "At one learning rate each weight moves by about as much at any width, and a unit sums "
          + "over all that it reads: the standard parametrization's rates don't carry over."
        : "Weights move by less the more there are: the wider the network, the less its features "
          + "are learned.")
  }

  private static func initialCause(
    of telling: WidthSurvey.Slope, _ network: NeuralNetwork
  ) -> Cause {
    let weights = network.parameters.filter {
      $0.name.hasPrefix(telling.source + "/") && $0.shape.rank > 1
    }
    let fixed = weights.lazy.compactMap { parameter -> Double? in
      guard let random = parameter.initializer as? RandomValues,
        case .deviation(let deviation) = random.scale
      else { return nil }
      return deviation
    }.first
    guard let fixed else {
      return Cause(
        id: "architecture",
        text:
          "The initializer of \(telling.source) takes the number of inputs into account; what it "
          + "reads, or what is done to it, does not keep its scale.")
    }
    return Cause(
      id: "initial-scale",
      text:
        "The weights of \(telling.source) start with a standard deviation of \(Wording.short(fixed)) "
        + "however many inputs there are, and a sum of n such terms grows as √n.")
  }

  /// A slope as an exponent.
  private static func exponent(_ slope: Double) -> String { Wording.decimal(slope, places: 2) }
}

extension Remedy {
  /// A learning rate that goes with the width, against a change that does.
  static func scaledRate(slope: Double) -> Remedy {
    let power = Wording.decimal(abs(slope), places: 1)
    return Remedy(
      id: "scale-rate-with-width",
      text:
        "\(slope > 0 ? "Divide" : "Multiply") the learning rate by k\(power == "1" ? "" : "^\(power)") "
        + "where the width is multiplied by k, or use maximal update parametrization.")
  }
}
