import Foundation
import GradientTrace

/// How δ of each recurrent layer changes on its way back through time, over the last 50 steps.
struct TimeProfile: Sendable {
  /// The layers that tell their δ by time step, and how many time steps they told last.
  private(set) var layers: [Int] = []
  private(set) var lengths: [Int] = []
  private var fades = LayerWindow(layers: 0)
  private let known: Int

  init(_ context: AnalysisContext) { known = context.header.layers.count }

  /// The steps seen that told δ by time step.
  var count: Int { fades.count }

  /// The steps that the window covers.
  var steps: ClosedRange<Int>? { fades.steps }

  /// Takes in the next step.
  mutating func observe(_ step: StepRecord) {
    if layers.isEmpty {
      layers = step.layers.indices.filter {
        $0 < known && step.layers[$0]?.deltaRMSByTime != nil
      }
      guard !layers.isEmpty else { return }
      lengths = layers.map { _ in 0 }
      fades = LayerWindow(layers: layers.count)
    }
    let values = layers.map { Self.fade(step, $0) }
    // Once numbers have overflowed nothing is told any more; what was told before stands.
    guard values.contains(where: { $0 != nil }) else { return }
    for (place, value) in values.enumerated() {
      if let value { lengths[place] = value.steps }
    }
    fades.append({ values[$0]?.decades ?? .nan }, at: step.step)
  }

  /// The decades that δ of a layer loses from the last time step back to the first; negative where it grows.
  func fade(_ place: Int) -> Double? { fades.median(of: place) }

  /// The fewest time steps that make a profile.
  private static let leastSteps = 4

  private static func fade(_ step: StepRecord, _ layer: Int) -> (decades: Double, steps: Int)? {
    guard layer < step.layers.count, let profile = step.layers[layer]?.deltaRMSByTime,
      let last = profile.lastIndex(where: { $0 > 0 }), last + 1 >= leastSteps
    else { return nil }
    // δ that comes to the first steps as zero has underflowed on its way, if it was small already.
    let known = profile[...last]
    guard let first = known.first, known.allSatisfy(\.isFinite) else { return nil }
    let start = first > 0 ? log10(first) : Magnitude.underflow
    return (log10(profile[last]) - start, last + 1)
  }
}
