import Backpropagation
import Testing

@testable import GradientChecking

/// At a minimum the gradient is what is left of numbers that cancel: its rounding is no mistake.
struct ConvergedNetworkTests {
  @Test(arguments: LossSample.all, [CheckMethod.dual, .automatic, .finiteDifference])
  func theGradientAtAMinimumIsNotCalledWrong(_ sample: LossSample, by method: CheckMethod) throws {
    let loss = try sample.loss()
    let takesLogarithms = ["negative-log-likelihood", "kl-divergence"].contains(sample.id)
    let outputs = sample.outputs ?? 3
    let network = try NeuralNetwork(input: [6], loss: loss) {
      Dense(8)
      Tanh()
      Dense(outputs)
      if takesLogarithms { LogSoftmax() }
    }
    let data = examples(for: loss, outputs: outputs)
    let learner = try Learner<Double>(
      network, .init(.adam(learningRate: 0.1)), capacity: data.count, seed: 3, recording: .off)
    for _ in 0..<1_000 { learner.step(on: data) }
    let check = try GradientCheck(
      network, on: data, parameters: learner.parameters, method: method)
    #expect(check.failures.map(\.name) == [], "\(check)")
  }

  private func examples(for loss: any Loss, outputs: Int) -> Dataset {
    var source = RandomSource(seed: 2, stream: "converged")
    let count = 5
    let inputs = (0..<count * 6).map { _ in source.normal() }
    let targets: Targets =
      loss.takesClasses
      ? .classes((0..<count).map { $0 % outputs }, names: [])
      : .values(
        (0..<count * outputs).map { _ in
          loss.id == "hinge" ? (source.uniform() < 0.5 ? -1 : 1) : source.uniform(0.1, 0.9)
        }, perExample: outputs)
    return Dataset(inputShape: [6], inputs: inputs, targets: targets)
  }
}
