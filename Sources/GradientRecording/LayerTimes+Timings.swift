import Backpropagation
import GradientTrace

extension LayerTimes {
  /// The mean over the steps that were timed, for each node of `network` that computes anything.
  func means(of network: NeuralNetwork) -> [LayerTiming] {
    guard steps > 0 else { return [] }
    func seconds(_ sum: Duration) -> Double? {
      sum > .zero ? sum / .seconds(1) / Double(steps) : nil
    }
    return network.nodes.indices.dropFirst(network.inputCount).map { node in
      LayerTiming(
        layer: network.nodes[node].name, forward: seconds(forward[node]),
        backward: seconds(backward[node]))
    }
  }
}
