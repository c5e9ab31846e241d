import Backpropagation
import Foundation
import GradientDiagnosis

/// A network's first forward and backward pass over some examples, at its initial values.
final class FirstPass<Scalar: TensorScalar> {
  /// What the error of one loss is at the start.
  struct HeadLoss {
    var head: Head
    /// The mean error of the examples.
    var start: Double
    /// That of guessing, whatever the inputs are: of the best constant, or of outputs of zero where that is worse.
    var guess: Double
    /// The root mean square of the outputs.
    var outputRMS: Double
  }

  let network: NeuralNetwork
  let workspace: Workspace<Scalar>
  private let memory: [TargetMemory<Scalar>]
  private(set) var losses: [HeadLoss] = []
  private let scaleOfDelta: Double

  init(_ network: NeuralNetwork, on data: Dataset, seed: UInt64) {
    self.network = network
    let count = data.count
    let workspace = Workspace(
      network, parameters: ParameterStore<Scalar>(network, seed: seed), capacity: count,
      inputDeltas: true)
    let memory = data.targetSets.map { TargetMemory<Scalar>($0) }
    self.workspace = workspace
    self.memory = memory
    workspace.fill(with: data)
    workspace.forward(examples: count)
    let targets = memory.map(\.batch)
    let divisors = workspace.divisors(of: targets, examples: count)
    let starts = network.heads.indices.map {
      workspace.errorSum(of: $0, targets[$0], examples: count) / divisors[$0]
    }
    workspace.backward(targets, examples: count, divisors: divisors)
    let divisor = divisors.count == 1 ? divisors[0] : Double(count)
    scaleOfDelta = divisor / Double(count).squareRoot()
    losses = network.heads.enumerated().map { place, head in
      workspace.output(of: head.output, examples: count).fill(Scalar(head.loss.uninformed(head)))
      let blind = workspace.errorSum(of: place, targets[place], examples: count) / divisors[place]
      let constant = head.constantLoss(of: data, place)
      return HeadLoss(
        head: head, start: starts[place],
        guess: [blind, constant].filter(\.isFinite).max() ?? .nan,
        outputRMS: workspace.activations[head.output].rms)
    }
  }

  /// The root mean square of a node's output.
  func activation(_ node: Int) -> Double { workspace.activations[node].rms }

  /// The layers' scales.
  var scales: [Preflight.LayerScale] {
    network.nodes.enumerated().map { index, node in
      let delta = workspace.deltas[index]
      let isComputed = delta.count > 0 && network.vocabulary(ofInput: node.name) == nil
      return Preflight.LayerScale(
        name: node.name, activationRMS: activation(index),
        deltaNorm: isComputed ? delta.sumOfSquares.squareRoot() * scaleOfDelta : nil)
    }
  }
}

extension Loss {
  /// What all outputs are of a network that knows nothing: zero, where they are logarithms of probabilities equal ones.
  fileprivate func uninformed(_ head: Head) -> Double {
    self is NegativeLogLikelihood || self is KLDivergence
      ? -log(Double(max(head.termShape.count, 1))) : 0
  }
}
