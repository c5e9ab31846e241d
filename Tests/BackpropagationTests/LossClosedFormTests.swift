import Foundation
import Testing

@testable import Backpropagation

/// Errors, deltas and constant losses against what they are by definition.
struct LossClosedFormTests {
  /// The errors and the topmost deltas of single examples.
  static func results(
    of loss: any Loss, at outputs: [Double], shape: Shape, _ targets: Targets
  ) -> (errors: [Double], deltas: [Double]) {
    let examples = outputs.count / shape.count
    let output = Tensor(shape: shape.batch(of: examples), scalars: outputs)
    var errors = Tensor<Double>(zeros: [examples]), delta = Tensor<Double>(zeros: output.shape)
    func run(_ targets: BatchTargets<Double>) {
      output.withView { output in
        errors.withMutableView { loss.forward(output, targets, errors: $0) }
        delta.withMutableView { loss.backward(output, targets, divisor: 1, delta: $0) }
      }
    }
    switch targets {
    case .classes(let classes, _, _):
      classes.map { Int32($0) }.withUnsafeBufferPointer { $0.baseAddress.map { run(.classes($0)) } }
    case .values(let numbers, let perExample):
      Tensor(shape: [examples, perExample], scalars: numbers).withView { run(.values($0)) }
    }
    return (errors.scalars, delta.scalars)
  }

  /// One term of a loss that is a mean over the outputs, and its derivative, by output and target.
  struct Term {
    var loss: any Loss
    var error: @Sendable (Double, Double) -> Double
    var slope: @Sendable (Double, Double) -> Double
    var targets: [Double]
  }

  static let terms: [String: Term] = [
    "mean-squared-error": Term(
      loss: .meanSquaredError, error: { ($0 - $1) * ($0 - $1) }, slope: { 2 * ($0 - $1) },
      targets: [-1, 0.25, 3]),
    "mean-absolute-error": Term(
      loss: .meanAbsoluteError, error: { abs($0 - $1) }, slope: { $0 > $1 ? 1 : $0 < $1 ? -1 : 0 },
      targets: [-1, 0.25, 3]),
    "huber": Term(
      loss: .huber(delta: 0.5),
      error: { abs($0 - $1) <= 0.5 ? ($0 - $1) * ($0 - $1) / 2 : abs($0 - $1) / 2 - 0.125 },
      slope: { min(max($0 - $1, -0.5), 0.5) }, targets: [-1, 0.25, 3]),
    "binary-cross-entropy": Term(
      loss: .binaryCrossEntropy, error: { log(1 + exp($0)) - $1 * $0 },
      slope: { 1 / (1 + exp(-$0)) - $1 }, targets: [0, 1, 0.25]),
    "poisson": Term(
      loss: .poisson, error: { exp($0) - $1 * $0 }, slope: { exp($0) - $1 }, targets: [0, 1, 4]),
    "hinge": Term(
      loss: .hinge, error: { max(0, 1 - $0 * $1) }, slope: { $0 * $1 < 1 ? -$1 : 0 },
      targets: [-1, 1, 1]),
  ]

  @Test(arguments: terms.keys.sorted())
  func aMeanOverTheOutputs(_ id: String) throws {
    let term = try #require(Self.terms[id])
    let outputs = [-3, -1, -0.4, 0, 0.25, 0.7, 1, 2.5, 3]
    for target in term.targets {
      let targets = [Double](repeating: target, count: outputs.count)
      let found = Self.results(
        of: term.loss, at: outputs, shape: [outputs.count],
        .values(targets, perExample: outputs.count))
      let count = Double(outputs.count)
      let expected = outputs.map { term.error($0, target) }.reduce(0, +) / count
      #expect(abs(found.errors[0] - expected) < 1e-14)
      for (output, delta) in zip(outputs, found.deltas) {
        #expect(abs(delta - term.slope(output, target) / count) < 1e-15, "\(output), \(target)")
      }
    }
  }

  /// Σ_k t_k log(t_k/p_k) and −t_k.
  @Test func klDivergence() {
    let shares = [0.5, 0.3, 0.2], targets = [0.25, 0.75, 0]
    let found = Self.results(
      of: .klDivergence, at: shares.map { log($0) }, shape: [3], .values(targets, perExample: 3))
    #expect(abs(found.errors[0] - (0.25 * log(0.25 / 0.5) + 0.75 * log(0.75 / 0.3))) < 1e-15)
    #expect(found.deltas == [-0.25, -0.75, 0])
  }

  /// 1 − cos: 0 along the target, 1 across, 2 against it; the delta stands at right angles to the output.
  @Test func cosine() {
    let outputs = [3.0, 4, -8, 6, -30, -40, 1e200, 2e200, 0, 0]
    let targets = [6.0, 8, 3, 4, 3, 4, 0, 1, 3, 4]
    let found = Self.results(
      of: .cosine, at: outputs, shape: [2], .values(targets, perExample: 2))
    let expected = [0, 1, 2, 1 - 2 / 5.0.squareRoot(), 1]
    for (error, expected) in zip(found.errors, expected) { #expect(abs(error - expected) < 1e-15) }
    // At (−8, 6), of length 10: −(3, 4)/5/10.
    #expect(abs(found.deltas[2] + 0.06) < 1e-15 && abs(found.deltas[3] + 0.08) < 1e-15)
    for example in 0..<4 {
      let (a, b) = (example * 2, example * 2 + 1)
      #expect(abs(outputs[a] * found.deltas[a] + outputs[b] * found.deltas[b]) < 1e-15)
    }
    #expect(found.deltas.allSatisfy { $0.isFinite })
  }

  /// q_k = (1 − ε) w_t [k = t] + ε w_k/K: E = −Σ_k q_k log p_k, δ_k = Σ_j q_j · p_k − q_k.
  @Test func smoothedAndWeightedCrossEntropy() {
    let logits = [0.5, -1, 2, 0], weights = [0.5, 2, 1, 3.5]
    let powers = logits.map { exp($0) }
    let shares = powers.map { $0 / powers.reduce(0, +) }
    for (smoothing, target) in [(0.0, 1), (0.2, 1), (0.2, 3), (1, 0)] {
      let loss = SoftmaxCrossEntropy(labelSmoothing: smoothing, classWeights: weights)
      let found = Self.results(of: loss, at: logits, shape: [4], .classes([target], names: []))
      let q = weights.indices.map { k in
        (k == target ? (1 - smoothing) * weights[k] : 0) + smoothing * weights[k] / 4
      }
      let error = -zip(q, shares).reduce(0) { $0 + $1.0 * log($1.1) }
      #expect(abs(found.errors[0] - error) < 1e-14)
      for k in 0..<4 {
        #expect(abs(found.deltas[k] - (q.reduce(0, +) * shares[k] - q[k])) < 1e-15)
      }
    }
  }

  @Test func negativeLogLikelihood() {
    let outputs = [-0.5, -1, -2, -0.1, -3, -4]
    let found = Self.results(
      of: .negativeLogLikelihood, at: outputs, shape: [3], .classes([2, 0], names: []))
    #expect(found.errors == [2, 0.1])
    #expect(found.deltas == [0, 0, -1, -1, 0, 0])
    let weighted = Self.results(
      of: NegativeLogLikelihood(classWeights: [4, 1, 3]), at: outputs, shape: [3],
      .classes([2, 0], names: []))
    #expect(weighted.errors == [6, 0.4])
    #expect(weighted.deltas == [0, 0, -3, -4, 0, 0])
  }

  /// Weights that are all 1 and a smoothing of 0 change nothing, to the last digit but rounding.
  @Test func equalWeightsArePlainCrossEntropy() {
    let logits = [0.5, -1, 2, 7, -3, 0.25]
    let targets = Targets.classes([2, 1], names: [])
    let plain = Self.results(of: .softmaxCrossEntropy, at: logits, shape: [3], targets)
    let weighted = Self.results(
      of: SoftmaxCrossEntropy(classWeights: [1, 1, 1]), at: logits, shape: [3], targets)
    for (a, b) in zip(plain.errors + plain.deltas, weighted.errors + weighted.deltas) {
      #expect(abs(a - b) < 1e-15)
    }
  }

  /// Saturated outputs cost what they are wrong by, and no delta is more than 1.
  @Test func extremeLogitsStayFinite() {
    let logits = [1e4, -1e4, 800, -800]
    for target in [0.0, 1] {
      let found = Self.results(
        of: .binaryCrossEntropy, at: logits, shape: [1],
        .values([Double](repeating: target, count: 4), perExample: 1))
      let wrong = logits.map { max(0, target == 1 ? -$0 : $0) }
      #expect(found.errors == wrong)
      #expect(found.deltas == logits.map { ($0 > 0 ? 1 : 0) - target })
    }
    let smoothed = Self.results(
      of: .softmaxCrossEntropy(labelSmoothing: 0.5), at: [1e4, -1e4], shape: [2],
      .classes([1], names: []))
    // Half of 2e4, and half of the mean of 0 and 2e4.
    #expect(smoothed.errors == [1.5e4])
    #expect(smoothed.deltas == [0.75, -0.75])
    let huber = Self.results(
      of: .huber(), at: [1e200, -1e200], shape: [1], .values([0, 0], perExample: 1))
    #expect(huber.errors == [1e200, 1e200] && huber.deltas == [1, -1])
  }

  /// Small errors of sure outputs keep their digits: σ(40) − 1 = −4.2e-18.
  @Test func sureOutputsKeepTheirSmallDeltas() {
    let found = Self.results(
      of: .binaryCrossEntropy, at: [40, -40], shape: [1], .values([1, 0], perExample: 1))
    #expect(abs(found.deltas[0] + exp(-40)) < 1e-30 && abs(found.deltas[1] - exp(-40)) < 1e-30)
    #expect(abs(found.errors[0] - exp(-40)) < 1e-30)
  }

  /// The target's p − 1 as well as the others' p, where p rounds to 1: e⁻⁵⁰ + e⁻³⁰⁰, and e⁻³⁰⁰.
  @Test(arguments: [nil, [2, 1, 1]] as [[Double]?])
  func aSureSoftmaxKeepsItsSmallDeltas(weights: [Double]?) {
    let found = Self.results(
      of: .softmaxCrossEntropy(classWeights: weights), at: [300, 250, 0, 300, 0, 0], shape: [3],
      .classes([0, 0], names: []))
    let weight = weights?[0] ?? 1
    let expected = [
      -weight * exp(-50), weight * exp(-50), weight * exp(-300), -2 * weight * exp(-300),
      weight * exp(-300), weight * exp(-300),
    ]
    for (delta, expected) in zip(found.deltas, expected) {
      #expect(abs(delta / expected - 1) < 1e-13)
    }
    // Surer than numbers tell: zero, and not the rounding of 1.
    let surest = Self.results(
      of: .softmaxCrossEntropy, at: [1e4, 0, 0], shape: [3], .classes([0], names: []))
    #expect(surest.deltas == [0, 0, 0])
  }

  @Test(arguments: LossCatalog.all.entries.map(\.id))
  func aNaNPassesThrough(_ id: String) throws {
    let loss = try LossCatalog.all.make(id, [:])
    var source = RandomSource(seed: 1, stream: "targets")
    let targets = loss.sampleTargets(for: [3], count: 2, from: &source)
    let target: Int? =
      if case .classes(let classes, _, _) = targets { classes[0] } else { nil }
    var outputs = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    outputs[target ?? 1] = .nan
    let found = Self.results(of: loss, at: outputs, shape: [3], targets)
    #expect(found.errors[0].isNaN && found.errors[1].isFinite)
    // The delta of a likelihood doesn't depend on the outputs.
    #expect(found.deltas[target ?? 1].isNaN || id == "negative-log-likelihood")
    #expect(found.deltas[3...].allSatisfy { $0.isFinite })
  }
}
