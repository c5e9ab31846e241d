import Backpropagation
import GradientDiagnosis

extension Sweep {
  /// Decades a block beyond which a quantity counts as growing or vanishing, if ``leastDecades`` are reached as well.
  ///
  /// He's initialization makes less than 0.03 a block, a residual sum of two equal branches 0.15, a sigmoid 0.6.
  static let depthLimit = 0.1
  /// The decades over all depths looked at that it takes besides.
  private static let leastDecades = 1.0
  /// Decades from which on a trend is an error: what the diagnosis calls vanished.
  private static let severeDecades = 3.0
  /// The most blocks that are looked at.
  private static let mostBlocks = 128

  /// Measures every depth that can be afforded; nil where fewer than three can.
  static func depths(
    _ plan: DepthPlan, _ bench: SweepBench
  ) throws(NetworkError) -> (Part?, [String]) {
    let count = plan.blocks.count
    let wanted =
      count < 4 ? [1, 2, 4, 8, 16] : [count / 4, count / 2, count, 2 * count, 4 * count]
    var sizes: [Int] = [], trials: [[SweepTrial]] = [], ends: [(first: Int, last: Int)] = []
    var outputs: [Int] = []
    var notes: [String] = []
    for size in wanted where size <= mostBlocks {
      let network = try plan.network(blocks: size)
      guard bench.affords(network) else {
        notes.append("\(size) blocks would take too long")
        break
      }
      sizes.append(size)
      ends.append(plan.ends(blocks: size))
      outputs.append(network.output)
      trials.append(try bench.trials(of: network))
    }
    guard sizes.count >= SweepBench.fewestSizes else {
      return (nil, ["no depth: \(sizes.count) depths can be afforded, expected at least 3"])
    }
    let places = sizes.map(Double.init)
    func line(_ quantity: Quantity, _ name: String, _ figure: (Int, SweepTrial) -> Double?) -> Line
    {
      Line(
        quantity, of: name, over: places,
        trials.enumerated().map { size, seeds in seeds.map { figure(size, $0) } })
    }
    func ratio(_ trial: SweepTrial, _ quantity: Quantity, _ top: Int, _ bottom: Int) -> Double? {
      trial.nodes[top][quantity].flatMap { top in
        trial.nodes[bottom][quantity].map { top / $0 }
      }
    }
    let lines = [
      line(.activation, "last / first block") {
        ratio($1, .activation, ends[$0].last, ends[$0].first)
      },
      line(.delta, "first / last block") { ratio($1, .delta, ends[$0].first, ends[$0].last) },
      line(.change, "output") { $1.nodes[outputs[$0]][.change] },
    ].filter { bench.rule != nil || $0.quantity != .change }
    let block = plan.blocks[0].map { bench.network.nodes[$0] }
    let kinds = block.map(\.layer.kind).joined(separator: ", ")
    return (
      Part(
        dimension: .depth, sizes: places,
        subject: "blocks of \(kinds); \(sizes[0]) to \(sizes[sizes.count - 1])", lines: lines,
        judgments: lines.map { judgment(of: $0, places, block, bench) }), notes
    )
  }

  private static func judgment(
    of line: Line, _ sizes: [Double], _ block: [NeuralNetwork.Node], _ bench: SweepBench
  ) -> Judgment {
    let isStart = line.quantity != .change
    if line.values.contains(nil) || line.slope == nil {
      let isBroken = line.values.contains { $0 != nil }
      return Judgment(
        quantity: line.quantity, trend: isBroken ? .diverges : .unknown,
        severity: isBroken ? .error : .info, layers: [], slope: nil, limit: depthLimit,
        message: isBroken
          ? "From some depth on it is zero, or no number any more."
          : "It is exactly zero at every depth, which has no scale.",
        cause: isBroken ? cause(.grows, line.quantity, block) : nil,
        remedies: isBroken ? remedies(.grows, line.quantity, block) : [])
    }
    let slope = line.slope ?? 0
    let decades = slope * ((sizes.last ?? 1) - (sizes.first ?? 1))
    let figure = "\(Wording.decimal(abs(slope), places: 2)) decades a block"
    guard abs(slope) > depthLimit, abs(decades) > leastDecades else {
      return Judgment(
        quantity: line.quantity, trend: .steady, severity: .info, layers: [], slope: slope,
        limit: depthLimit,
        message: "Over all depths it changes by \(Wording.decades(abs(decades))) decades, within "
          + "\(Wording.decimal(depthLimit, places: 1)) a block.")
    }
    let trend: Trend = slope > 0 ? .grows : .vanishes
    let subject =
      switch line.quantity {
      case .activation: "From the first to the last block the output"
      case .delta: "On its way back from the last to the first block δ"
      case .change: "What \(bench.steps) steps change of the output"
      }
    return Judgment(
      quantity: line.quantity, trend: trend,
      severity: !isStart ? .info : abs(decades) > severeDecades ? .error : .warning,
      layers: block.first.map { [$0.name] } ?? [], slope: slope, limit: depthLimit,
      message: "\(subject) \(trend == .grows ? "gains" : "loses") \(figure).",
      cause: cause(trend, line.quantity, block), remedies: remedies(trend, line.quantity, block))
  }

  private static func cause(
    _ trend: Trend, _ quantity: Quantity, _ block: [NeuralNetwork.Node]
  ) -> Cause {
    if quantity == .change {
      return Cause(
        id: "learning-rate",
        text:
          "How far the output moves at one learning rate depends on the depth: a rate that suits "
          + "this depth doesn't suit another.")
    }
    if trend == .vanishes, let activation = block.first(where: \.isSaturating) {
      return Cause(
        id: "saturating-activation",
        text:
          "Every \(activation.layer.kind) multiplies δ by the slope at which it works, which is "
          + (activation.layer is Sigmoid ? "at most 0.25." : "at most 1."))
    }
    if trend == .grows, block.contains(where: { $0.layer is Add }) {
      return Cause(
        id: "architecture",
        text:
          "Each block adds a branch as large as what it is added to, and nothing brings the sum "
          + "back to one scale.")
    }
    return Cause(
      id: "initial-scale",
      text: "Each block multiplies by the same factor, which its initial weights don't bring to 1.")
  }

  private static func remedies(
    _ trend: Trend, _ quantity: Quantity, _ block: [NeuralNetwork.Node]
  ) -> [Remedy] {
    if quantity == .change {
      return [
        Remedy(id: "lower-learning-rate", text: "Tune the learning rate anew for each depth.")
      ]
    }
    if trend == .vanishes, block.contains(where: \.isSaturating) {
      return [.useReLU, .batchNormalization, .residuals]
    }
    if block.contains(where: { $0.layer is Add }) {
      return [
        .batchNormalization,
        Remedy(id: "zero-branches", text: "Start the last layer of each branch at zero."),
      ]
    }
    return [.heInitialization, .batchNormalization, .residuals]
  }
}

extension NeuralNetwork.Node {
  fileprivate var isSaturating: Bool {
    if case .saturating = layer.nonlinearity { true } else { false }
  }
}
