public import Backpropagation
import Foundation
import GradientDiagnosis

extension Sweep {
  /// Measures a network at several widths and depths, on the first 64 examples of `data`.
  ///
  /// - Parameters:
  ///   - network: The network; nothing of it is dropped at random, and every start is drawn by its initializers.
  ///   - rule: How it is trained; nil where only the start is to be measured.
  ///   - data: The examples.
  ///   - seeds: The seeds that each size is started from.
  ///   - steps: The steps that changes are measured over.
  ///   - seed: The first seed.
  /// - Throws: A ``NetworkError`` if the data don't fit, nothing can be made wider or deeper, or the network is too large.
  public init(
    _ network: NeuralNetwork, rule: UpdateRule? = nil, on data: Dataset, seeds: Int = 5,
    steps: Int = 5, seed: UInt64 = 1
  ) throws(NetworkError) {
    precondition(seeds > 0 && steps > 0, "a sweep takes seeds and steps, got \(seeds), \(steps)")
    try network.check(data)
    guard data.count > 0 else { throw NetworkError(message: "a sweep needs at least one example") }
    let bench = SweepBench(
      network: try network.withoutDropout, rule: rule, data: data.prefix(Self.mostExamples),
      seeds: seeds, steps: steps, seed: seed)
    self.init(
      examples: bench.data.count, seeds: seeds, steps: rule == nil ? nil : steps,
      optimizer: rule.map {
        "\($0.optimizer.id) at \(Wording.short($0.optimizer.learningRate))"
      })
    if rule == nil { notes.append("no training is described, so that only the start is measured") }
    let width = WidthPlan(bench.network)
    let depth = DepthPlan(bench.network)
    guard !width.scaled.isEmpty || depth != nil else {
      throw NetworkError(
        message: "has nothing to sweep: the data and the targets fix the width of every layer, and "
          + "no part of it can be repeated")
    }
    if width.scaled.isEmpty {
      notes.append("no width: the data and the targets fix that of every layer")
    } else {
      let (part, notes) = try Self.widths(width, bench)
      parts.append(part)
      self.notes += notes
    }
    if let depth {
      let (part, notes) = try Self.depths(depth, bench)
      parts += part.map { [$0] } ?? []
      self.notes += notes
    } else {
      notes.append("no depth: no part of the network can be repeated, its shape staying the same")
    }
  }

  /// The most examples of the batch.
  public static let mostExamples: Int = 64

  /// That a network is too large to be swept, with the bound.
  static func tooLarge(_ found: Int) -> NetworkError {
    NetworkError(
      message: "is too large for a sweep: \(found) of its sizes "
        + "\(found == 1 ? "stays" : "stay") below \(Wording.short(SweepBench.mostProducts)) "
        + "multiply-adds and \(Wording.short(SweepBench.mostNumbers)) numbers, expected at least "
        + "\(SweepBench.fewestSizes)")
  }
}

extension Sweep.Line {
  /// Puts together what the trials of all sizes say of one figure, and fits its slope over `places`.
  init(
    _ quantity: Sweep.Quantity, of layer: String, over places: [Double],
    _ figures: [[Double?]]
  ) {
    self.init(
      quantity: quantity, layer: layer,
      values: figures.map { median($0.compactMap(\.self).filter(\.isFinite)) },
      slope: Self.slope(over: places, figures))
  }

  /// The slope of the decimal logarithm of what is above zero and a number.
  static func slope(over places: [Double], _ figures: [[Double?]]) -> Double? {
    let points = zip(places, figures).flatMap { place, values in
      values.compactMap { value -> (x: Double, y: Double)? in
        guard let value, value > 0, value.isFinite else { return nil }
        return (place, log10(value))
      }
    }
    return theilSenSlope(of: points)
  }
}
