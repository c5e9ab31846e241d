import Backpropagation
import GzipIO

/// What a sweep holds fixed while the network changes: the batch, the optimizer, the seeds, and how much it may cost.
struct SweepBench {
  /// The network, nothing of which is dropped at random.
  let network: NeuralNetwork
  let rule: UpdateRule?
  let data: Dataset
  let seeds: Int
  let steps: Int
  let seed: UInt64

  /// The most multiply-adds that all trials of one size may take, and the most numbers that one may hold.
  static let mostProducts = 1e11
  static let mostNumbers = 2e8
  /// The fewest sizes that a slope is taken over, and how many are asked.
  static let fewestSizes = 3
  static let sizes = 5

  /// Runs a network from each seed.
  func trials(of network: NeuralNetwork) throws(NetworkError) -> [SweepTrial] {
    var trials: [SweepTrial] = []
    for number in 0..<seeds {
      trials.append(
        try SweepTrial(
          network, rule.map { $0.fitting(network) }, on: data, steps: steps,
          seed: seed &+ UInt64(number)))
    }
    return trials
  }

  /// Whether the trials of a network stay within bounds.
  func affords(_ network: NeuralNetwork) -> Bool {
    let passes = Double(data.count * (steps + 1) * seeds)
    let outputs = network.nodes.reduce(0.0) { $0 + Double($1.shape.count) }
    let numbers = 5 * Double(network.parameterCount) + 4 * outputs * Double(data.count)
    return 3 * network.productsPerExample * passes <= Self.mostProducts
      && numbers <= Self.mostNumbers
  }
}

extension UpdateRule {
  /// This rule with the groups that name layers of a network: one made shallower lacks some.
  fileprivate func fitting(_ network: NeuralNetwork) -> UpdateRule {
    var rule = self
    rule.groups = groups.filter { group in
      group.patterns.allSatisfy { pattern in
        network.nodes.contains { !$0.parameters.isEmpty && pattern.matches($0.name) }
      }
    }
    return rule
  }
}
