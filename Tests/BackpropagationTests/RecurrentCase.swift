@testable import Backpropagation

/// Recurrent layers of every kind, a network with one of them, and sequences for it to read.
enum RecurrentCase {
  static let layers: [any RecurrentLayer] = [
    RNN(5, output: .sequence), RNN(3, activation: .relu), LSTM(4), GRU(4, output: .sequence),
    RNN(3, layers: 2, bidirectional: true), LSTM(3, layers: 3, output: .sequence),
    LSTM(2, layers: 2, bidirectional: true, output: .sequence), GRU(3, bidirectional: true),
    GRU(3, layers: 3, bidirectional: true, output: .sequence), LSTM(1), GRU(17, layers: 2),
  ]
  static let lengths = [6, 1, 4, 0, 3]

  /// The layer, and above it two outputs for each example or step; no bias is zero.
  static func prepared<S: TensorScalar & BinaryFloatingPoint>(
    _ layer: any Layer, on data: Dataset, as _: S.Type = Double.self
  ) throws -> Passes<S> {
    let network = try NeuralNetwork(input: data.inputShape, loss: .halfSquaredError) {
      LayerNode(layer, name: "recurrent")
      Dense(2)
    }
    let parameters = ParameterStore<S>(network, seed: 3)
    for (parameter, view) in zip(network.parameters, parameters.views)
    where parameter.name.contains("bias") {
      var source = RandomSource(seed: 7, stream: parameter.name)
      for place in 0..<view.count { view[place] = S(0.5 * source.normal()) }
    }
    return Passes(network, on: data, parameters: parameters)
  }

  /// Examples of `steps` steps of three features and two targets, for the output as a whole or for each step.
  ///
  /// What lies past an example's length is not a number, nor is any of the further steps of `padding`.
  static func sequences(
    _ output: RecurrentOutput, count: Int = 5, steps: Int = 6, padding: Int = 0,
    lengths: [Int]? = nil
  ) -> Dataset {
    func numbers(
      _ stream: String, steps: Int, padding: Int, width: Int, lengths: [Int]?
    ) -> [Double] {
      var source = RandomSource(seed: 11, stream: stream)
      return (0..<count).flatMap { example in
        (0..<steps + padding).flatMap { step in
          (0..<width).map { _ in
            let value = step < steps ? source.normal() : .nan
            return step < lengths?[example] ?? steps ? value : .nan
          }
        }
      }
    }
    let inputs = numbers(
      "inputs", steps: steps, padding: padding, width: 3, lengths: lengths)
    let isWhole = output == .last
    let targets = numbers(
      "targets", steps: isWhole ? 1 : steps, padding: isWhole ? 0 : padding, width: 2,
      lengths: isWhole ? nil : lengths)
    return Dataset(
      features: [.init(shape: [steps + padding, 3], values: inputs)],
      targetSets: [.values(targets, perExample: targets.count / count)], lengths: lengths)
  }
}
