public import GradientTrace

/// A step as analyzers see it: its record, and the figures that several of them ask of it, computed once.
public struct ObservedStep: Sendable {
  /// What was recorded.
  public let record: StepRecord
  /// Whether all values are finite, as far as the record tells.
  let isFinite: Bool
  /// By layer, in decades, NaN where unknown or not finite: δ per example, and of the weights the update next to their
  /// size, and the gradient.
  private let deltas: [Double]
  private let updates: [Double]
  private let gradients: [Double]

  /// Looks at a step of the run that `context` describes.
  public init(_ record: StepRecord, _ context: AnalysisContext) {
    self.record = record
    isFinite = record.isFinite
    let layers = context.header.layers.indices
    let weights = context.weights
    deltas = layers.map { record.deltaDecades($0) ?? .nan }
    updates = layers.map {
      weights[$0].isEmpty ? .nan : record.updateDecades($0, weights[$0]) ?? .nan
    }
    gradients = layers.map {
      weights[$0].isEmpty ? .nan : record.gradientDecades($0, weights[$0]) ?? .nan
    }
  }

  /// The step's number, from 0.
  public var step: Int { record.step }
  /// The training loss.
  public var loss: Double? { record.loss }
  /// The learning rate in force.
  public var learningRate: Double? { record.learningRate }
  /// The examples of the batch.
  public var examples: Int? { record.examples }
  /// One record a layer, in the header's order.
  public var layers: [LayerRecord?] { record.layers }

  /// Log10 of the L2 norm of δ per example, −∞ where it is zero; nil where it is unknown or not finite.
  func deltaDecades(_ layer: Int) -> Double? { known(deltas[layer]) }

  /// Log10 of ‖ΔW‖/‖W‖ over a layer's weights that are not frozen; nil where it is unknown or not finite.
  func updateDecades(_ layer: Int) -> Double? { known(updates[layer]) }

  /// Log10 of the L2 norm of the gradient of a layer's weights; nil where it is zero, unknown or not finite.
  func gradientDecades(_ layer: Int) -> Double? { known(gradients[layer]) }

  private func known(_ value: Double) -> Double? { value.isNaN ? nil : value }
}
