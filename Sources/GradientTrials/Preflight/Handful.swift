import Backpropagation
import GradientDiagnosis

/// A few examples that are as different as they can be: other targets where possible, and inputs far apart.
struct Handful {
  /// The examples.
  let examples: Dataset
  /// The share of the loss of guessing that is left when all examples with the same inputs are answered as well as can be: 0
  /// where inputs determine their targets, 1 where they say nothing about them.
  let unexplained: Double
  /// How many examples were chosen from.
  let candidates: Int

  /// How many examples are chosen, unless the network is too plain for as many.
  static let size = 4

  /// Chooses among `candidates`.
  init(of candidates: Dataset, for network: NeuralNetwork) {
    self.candidates = candidates.count
    let inputs = (0..<candidates.count).map(candidates.input)
    let targets = (0..<candidates.count).map { candidates.selecting([$0]).targetSets }
    var groups: [[Double]: [Int]] = [:]
    for (index, input) in inputs.enumerated() { groups[input, default: []].append(index) }
    unexplained = Self.unexplained(candidates, Array(groups.values), network)

    var chosen: [Int] = candidates.count > 0 ? [0] : []
    while chosen.count < min(Self.size, network.mostSeparable) {
      let others = inputs.indices.filter { other in
        !chosen.contains { inputs[$0] == inputs[other] }
      }
      let next = others.max { left, right in
        let isNew = { (index: Int) in !chosen.contains { targets[$0] == targets[index] } }
        let distance = { (index: Int) in
          chosen.map { inputs[$0].squaredDistance(to: inputs[index]) }.min() ?? 0
        }
        guard isNew(left) == isNew(right) else { return isNew(right) }
        return distance(left) < distance(right)
      }
      guard let next else { break }
      chosen.append(next)
    }
    examples = candidates.selecting(chosen)
  }

  private static func unexplained(
    _ data: Dataset, _ groups: [[Int]], _ network: NeuralNetwork
  ) -> Double {
    let guess = network.constantLoss(of: data)
    guard guess > 0, guess.isFinite, groups.count < data.count else { return 0 }
    // What indices name, as words do, has many continuations by nature.
    guard
      network.nodes.prefix(network.inputCount).allSatisfy({
        network.vocabulary(ofInput: $0.name) == nil
      })
    else { return 0 }
    let left = groups.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }.reduce(0) { sum, group in
      sum + network.constantLoss(of: data.selecting(group)) * Double(group.count)
    }
    return left / Double(data.count) / guess
  }
}

extension Dataset {
  /// Everything that goes in for one example.
  fileprivate func input(_ example: Int) -> [Double] {
    features.flatMap { input in
      let size = input.shape.count
      return input.values[example * size..<(example + 1) * size]
    }
  }
}

extension [Double] {
  fileprivate func squaredDistance(to other: [Double]) -> Double {
    var sum = 0.0
    for index in indices { sum += (self[index] - other[index]) * (self[index] - other[index]) }
    return sum
  }
}

extension NeuralNetwork {
  /// How many examples in general position can be told apart whatever their targets are: one more than its narrowest layer
  /// for a network that is affine in its inputs; any number for another one.
  fileprivate var mostSeparable: Int {
    guard nodes.dropFirst(inputCount).allSatisfy(\.layer.isAffine) else { return .max }
    let outputs = Set(heads.map(\.output))
    return (nodes.indices.filter { !outputs.contains($0) }.map { nodes[$0].shape.count }.min() ?? 1)
      + 1
  }
}

extension Layer {
  fileprivate var isAffine: Bool {
    self is Dense || self is Convolution1D || self is Convolution2D
      || self is TransposedConvolution2D || self is Flatten || self is Reshape || self is Transpose
      || self is Slice || self is Identity || self is Add || self is Concatenate
      || self is AveragePool1D || self is AveragePool2D || self is GlobalAveragePool
  }
}
