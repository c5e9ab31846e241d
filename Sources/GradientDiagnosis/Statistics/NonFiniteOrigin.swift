import GradientTrace

/// The first tensor of a step that holds a value that is not finite.
struct NonFiniteOrigin: Sendable {
  /// The parts of a step, in their order.
  enum Phase: String, Sendable {
    case forward, loss, backward, update

    /// The phase as the end of a sentence; the loss is one itself.
    var place: String {
      switch self {
      case .forward, .backward: ", in the \(rawValue) pass"
      case .loss: ""
      case .update: ", in the update"
      }
    }
  }

  let step: Int
  let phase: Phase
  /// The layer's index; nil for the loss.
  let layer: Int?
  /// The values that are not finite; at least 1.
  let count: Int
  /// The tensor's name, as in `the output of dense-1`.
  let tensor: String
  /// What the same tensor was like at the step before, as a sentence.
  let lastHealthy: String?

  /// What is not finite, as the beginning of a sentence.
  var sentence: String {
    let subject = tensor.prefix(1) == "t" ? "T" + tensor.dropFirst() : tensor
    guard layer != nil else { return "\(subject) is the first value that is NaN or infinite," }
    let values = count == 1 ? "a value that is" : "\(Wording.count(count)) values that are"
    return "\(subject) has \(values) NaN or infinite"
  }

  /// Looks through a step in the order of its computation; nil if all is finite.
  static func first(
    in step: StepRecord, after previous: StepRecord?, _ context: AnalysisContext
  ) -> NonFiniteOrigin? {
    let records = zip(context.header.layers.indices, step.layers).compactMap { layer, record in
      record.map {
        Place(layer: layer, record: $0, before: previous?.layers.element(layer), context)
      }
    }
    let origin =
      records.lazy.compactMap { $0.badActivation(step.step) }.first
      ?? badLoss(step, previous)
      ?? records.lazy.reversed().compactMap {
        $0.badDelta(step.step) ?? $0.badGradient(step.step)
      }.first
    return origin ?? records.lazy.compactMap { $0.badParameter(step.step) }.first
  }

  private static func badLoss(_ step: StepRecord, _ previous: StepRecord?) -> NonFiniteOrigin? {
    guard let loss = step.loss, !loss.isFinite else { return nil }
    return NonFiniteOrigin(
      step: step.step, phase: .loss, layer: nil, count: 1, tensor: "the loss",
      lastHealthy: previous?.loss.map { "It was \(Wording.loss($0)) at the step before." })
  }
}

extension StepRecord {
  /// Whether all values of this step are finite, as far as it tells.
  var isFinite: Bool {
    guard loss?.isFinite ?? true else { return false }
    for layer in layers.indices {
      if layers[layer]?.activation?.hasBadValues == true { return false }
      if layers[layer]?.delta?.hasBadValues == true { return false }
      guard let parameters = layers[layer]?.parameters else { continue }
      let isBad = parameters.indices.contains { index in
        parameters[index]?.hasBadGradient == true || parameters[index]?.hasBadValues == true
      }
      if isBad { return false }
    }
    return true
  }
}

extension TensorStatistics {
  /// Squares of finite values can overflow in a producer's RMS, so a count is believed first.
  fileprivate var hasBadValues: Bool { (nonFinite ?? (rms.isBad || max.isBad ? 1 : 0)) > 0 }
}

extension ParameterStatistics {
  fileprivate var hasBadGradient: Bool {
    (gradientNonFinite ?? (gradientRMS.isBad || gradientMax.isBad ? 1 : 0)) > 0
  }
  fileprivate var hasBadValues: Bool { (nonFinite ?? 0) > 0 || rms.isBad || updateRMS.isBad }
}

extension Double? {
  /// Whether this is a value, and not finite.
  fileprivate var isBad: Bool { map { !$0.isFinite } ?? false }
}

/// One layer at one step, with the same layer at the step before.
private struct Place {
  let layer: Int
  let record: LayerRecord
  let before: LayerRecord?
  let description: LayerDescription

  init(layer: Int, record: LayerRecord, before: LayerRecord?, _ context: AnalysisContext) {
    self.layer = layer
    self.record = record
    self.before = before
    description = context.header.layers[layer]
  }

  func badActivation(_ step: Int) -> NonFiniteOrigin? {
    guard let activation = record.activation, activation.hasBadValues else { return nil }
    return NonFiniteOrigin(
      step: step, phase: .forward, layer: layer, count: activation.nonFinite ?? 1,
      tensor: "the output of \(Wording.name(description.name))",
      lastHealthy: healthy(before?.activation?.rms, before?.activation?.max))
  }

  func badDelta(_ step: Int) -> NonFiniteOrigin? {
    guard let delta = record.delta, delta.hasBadValues else { return nil }
    return NonFiniteOrigin(
      step: step, phase: .backward, layer: layer, count: delta.nonFinite ?? 1,
      tensor: "δ of \(Wording.name(description.name))",
      lastHealthy: healthy(before?.delta?.rms, before?.delta?.max))
  }

  func badGradient(_ step: Int) -> NonFiniteOrigin? {
    firstParameter { parameter, earlier, name in
      guard parameter.hasBadGradient else { return nil }
      return NonFiniteOrigin(
        step: step, phase: .backward, layer: layer, count: parameter.gradientNonFinite ?? 1,
        tensor: "the gradient of \(name)",
        lastHealthy: healthy(earlier?.gradientRMS, earlier?.gradientMax))
    }
  }

  func badParameter(_ step: Int) -> NonFiniteOrigin? {
    firstParameter { parameter, earlier, name in
      guard parameter.hasBadValues else { return nil }
      return NonFiniteOrigin(
        step: step, phase: .update, layer: layer, count: max(1, parameter.nonFinite ?? 1),
        tensor: name,
        lastHealthy: healthy(earlier?.rms, nil))
    }
  }

  private func firstParameter(
    _ look: (ParameterStatistics, ParameterStatistics?, String) -> NonFiniteOrigin?
  ) -> NonFiniteOrigin? {
    for (index, parameter) in record.parameters.enumerated() {
      guard let parameter else { continue }
      let described = index < description.parameters.count ? description.parameters[index] : nil
      let name = "\(description.name)/\(described?.name ?? String(index))"
      if let origin = look(parameter, before?.parameters.element(index), name) { return origin }
    }
    return nil
  }

  private func healthy(_ rms: Double?, _ max: Double?) -> String? {
    guard let rms, rms.isFinite else { return nil }
    let largest = max.map { ", its largest magnitude \(Wording.short($0))" } ?? ""
    return "The step before, its RMS was \(Wording.short(rms))\(largest)."
  }
}

extension Array {
  /// The element at `index`, or nil where there is none or where it is nil itself.
  fileprivate func element<Wrapped>(_ index: Int) -> Wrapped? where Element == Wrapped? {
    index < count ? self[index] : nil
  }
}
