import Backpropagation

/// A number that depends on tensors in memory: f = Σ_k ⟨v_k, y_k⟩, where `run` computes the outputs y and the cotangents
/// v are fixed.
///
/// What is measured is its change from the base point, f(t) − f(0), added up output by output, so that outputs which a
/// perturbation leaves alone cancel exactly.
final class ScalarFunction {
  /// An output and what it is weighted by.
  struct Term {
    /// What `run` computes.
    let output: TensorView<Double>
    /// The weights v, fixed.
    let cotangent: [Double]
    /// The size of the numbers that an output was computed from, where they may be larger than the output itself.
    var scale: (() -> [Double])?
  }

  /// The numbers that one evaluation reads, where that is told.
  let cost: Int
  /// Who tells what is decided in an evaluation; nil where nobody does.
  let decisions: DecisionSource?
  private let terms: [Term]
  private let run: () -> Void
  private var base: [[Double]] = []
  private var kept: [[Double]] = []
  private var noise = 0.0
  /// How often the function has been evaluated.
  private(set) var evaluations = 0

  init(
    _ terms: [Term], cost: Int = 0, decisions: DecisionSource? = nil, run: @escaping () -> Void
  ) {
    self.terms = terms
    self.cost = cost
    self.decisions = decisions
    self.run = run
    rebase()
  }

  /// Takes the point where the tensors are now as the base.
  func rebase() {
    run()
    evaluations += 1
    base = terms.map { Array($0.output.elements) }
    noise = zip(terms, base).reduce(0) { $0 + Self.noise(of: $1.0, at: $1.1) }
  }

  /// f here minus f at the base point, and the sum of the magnitudes that this difference is made of.
  func change() -> (value: Double, magnitude: Double) {
    run()
    evaluations += 1
    var value = 0.0, magnitude = 0.0
    for (term, base) in zip(terms, base) {
      let change = Self.change(term, from: base)
      value += change.value
      magnitude += change.magnitude
    }
    return (value, magnitude)
  }

  /// Evaluates here, and calls `body` with each output's place and what its weight times its change is.
  func changes(_ body: (Int, Double) -> Void) {
    run()
    evaluations += 1
    var place = 0
    for (term, base) in zip(terms, base) {
      for (index, weight) in term.cotangent.enumerated() {
        body(place, weight * (term.output.elements[index] - base[index]))
        place += 1
      }
    }
  }

  /// How many outputs there are, and each one's share of ``rounding``.
  var outputs: Int { terms.reduce(0) { $0 + $1.cotangent.count } }
  var roundings: [Double] { zip(terms, base).flatMap { Self.noises(of: $0, at: $1) } }

  /// Keeps the outputs of the last evaluation for ``bend()``.
  func keepOutputs() { kept = terms.map { Array($0.output.elements) } }

  /// Σ|v_o (y_o − 2 y_o(0) + y′_o)| of the outputs y here and y′ kept at the same distance on the other side of the base
  /// point: how far the outputs are from going straight through it, added up so that nothing cancels.
  func bend() -> Double {
    var sum = 0.0
    for (term, (base, kept)) in zip(terms, zip(base, kept)) {
      let output = term.output.elements
      for index in output.indices {
        let turn = (output[index] - base[index]) + (kept[index] - base[index])
        sum += abs(term.cotangent[index] * turn)
      }
    }
    return sum
  }

  /// The rounding error of one evaluation: u · Σ|v_o| max(|y_o|, rms y).
  ///
  /// An output that is small because larger numbers canceled carries the rounding of those, hence the maximum. Outputs
  /// that a perturbation didn't visibly change count too: it may have changed them by less than their last digit.
  var rounding: Double { noise }

  /// Whether every output at the base point is finite.
  var isFinite: Bool { noise.isFinite }

  private static func change(
    _ term: Term, from base: [Double]
  ) -> (value: Double, magnitude: Double) {
    let output = term.output.elements
    return term.cotangent.withUnsafeBufferPointer { cotangent in
      base.withUnsafeBufferPointer { base in
        var value = 0.0, magnitude = 0.0
        for index in output.indices {
          let part = cotangent[index] * (output[index] - base[index])
          value += part
          magnitude += abs(part)
        }
        return (value, magnitude)
      }
    }
  }

  private static func noise(of term: Term, at base: [Double]) -> Double {
    noises(of: term, at: base).reduce(0, +)
  }

  private static func noises(of term: Term, at base: [Double]) -> [Double] {
    let rms = term.output.elements.rms
    let scale = term.scale?()
    return base.enumerated().map { index, value in
      let size = max(abs(value), rms, scale?[index] ?? 0)
      return abs(term.cotangent[index]) * size * 0x1p-53
    }
  }
}
