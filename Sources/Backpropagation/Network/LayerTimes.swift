/// How long each node of a network takes to run, forward and backward, summed over some steps.
public struct LayerTimes: Sendable {
  /// For each node the time of its forward passes.
  public internal(set) var forward: [Duration]
  /// For each node the time of its backward passes.
  public internal(set) var backward: [Duration]
  /// The steps that were timed.
  public internal(set) var steps = 0

  init(nodes: Int) {
    forward = [Duration](repeating: .zero, count: nodes)
    backward = forward
  }
}
