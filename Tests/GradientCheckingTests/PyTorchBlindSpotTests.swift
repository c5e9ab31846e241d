import Backpropagation
import Testing

@testable import GradientChecking

/// What PyTorch's own check passes, or can't be asked, is caught here.
///
/// That is `torch.autograd.gradcheck` of PyTorch 2.13 with its default tolerances, atol 1e-5 and rtol 1e-3;
/// `Benchmarks/peers/blindspots.py` shows its side.
struct PyTorchBlindSpotTests {
  /// An absolute tolerance of 1e-5 passes any gradient below half of it: −4e-6 for 4e-6 is 8e-6 off.
  @Test func aSignFlipAtFourMillionthsIsCaught() throws {
    let failure = try #require(throws: GradientCheckFailure.self) {
      try checkGradients(at: [1, 2, 3]) { x in
        4e-6 * (x[0] + x[1] + x[2])
      } gradient: { _ in
        [-4e-6, -4e-6, -4e-6]
      }
    }
    #expect(
      failure.check.failures.first?.signature
        == "the analytic gradient is the numeric one times -1.000")
    try checkGradients(at: [1, 2, 3]) { x in
      4e-6 * (x[0] + x[1] + x[2])
    } gradient: { _ in
      [4e-6, 4e-6, 4e-6]
    }
  }

  /// The same in a network whose first layer's gradient is 1e-9, of which no digit would matter to an absolute tolerance.
  @Test(arguments: CheckMethod.allCases)
  func aSignFlipInAVanishedNetworkIsCaught(method: CheckMethod) throws {
    let network = try TestNetwork.vanishing.make {
      $0 == 0 ? PlantedLayer(.negated, at: .parameter(0, isBias: false), in: $1) : $1
    }
    let check = try GradientCheck(network, on: randomExamples(8), method: method)
    #expect(check.failures.map(\.name) == ["dense-1/weight"], "\(check)")
  }

  /// Its fast mode compares one projection on positive numbers, of which a single entry is less than a thousandth.
  @Test(arguments: [1_000, 10_000, 100_000])
  func aZeroedEntryAmongManyIsCaught(count: Int) throws {
    let place = count * 2 / 3
    let layer = OneEntryWrong(.zeroed, at: place, in: Dense(1))
    let check = try GradientCheck(layer: layer, input: [count])
    let failure = try #require(check.failures.first)
    #expect(check.failures.count == 1 && failure.count == count && failure.failed == 1)
    #expect(failure.worst?.index == [0, place])
    #expect(failure.worst?.analytic == 0)
    #expect(try GradientCheck(layer: Dense(1), input: [count]).verdict == .pass)
  }

  /// What trains is what is checked: the batch's statistics are differentiated, and dropout's mask follows from a seed.
  ///
  /// In PyTorch a forward pass that draws another mask each time has no derivative to check, so that its users check in
  /// evaluation, where dropout drops nothing and batch norm's statistics are constants.
  @Test(arguments: [Mutation.negated, .scaledUp, .detached, .entryZeroed])
  func aMistakeThatIsMadeInTrainingAloneIsCaught(_ mutation: Mutation) throws {
    for (place, name) in ["batch-norm-1/input", "dropout-1/input"].enumerated() {
      func network(_ passes: PlantedLayer.Passes) throws -> NeuralNetwork {
        var layers: [any Layer] = [BatchNorm(), Dropout(0.3)]
        layers[place] = PlantedLayer(mutation, at: .input(0), in: layers[place], when: passes)
        let (first, second) = (layers[0], layers[1])
        return try NeuralNetwork(input: [9], loss: .softmaxCrossEntropy) {
          Dense(7)
          LayerNode(first)
          Tanh()
          LayerNode(second)
          Dense(4)
        }
      }
      let data = randomExamples(8, features: 9, classes: 4)
      let check = try GradientCheck(network(.training), on: data)
      #expect(check.failures.map(\.name) == [name], "\(check)")
      // And in evaluation, where what is right in training may be wrong.
      let later = try GradientCheck(network(.evaluating), on: data)
      #expect(later.failures.map(\.name) == ["\(name) in evaluation"], "\(later)")
      #expect(try GradientCheck(network(.all), on: data).failures.map(\.name) == [name])
    }
  }

  @Test func batchNormAndDropoutAreRightInTraining() throws {
    let network = try NeuralNetwork(input: [9], loss: .softmaxCrossEntropy) {
      Dense(7)
      BatchNorm()
      Tanh()
      Dropout(0.3)
      Dense(4)
    }
    let check = try GradientCheck(network, on: randomExamples(8, features: 9, classes: 4))
    #expect(check.verdict == .pass, "\(check)")
    #expect(check.tensors.contains { $0.name == "batch-norm-1/input" && $0.passed == 56 })
  }

  /// An entry at a kink may be anything between the two slopes, and nothing else.
  ///
  /// PyTorch's central difference is the mean of both slopes: it fails the 0 that its own backward pass computes.
  @Test func anEntryAtAKinkIsAnythingBetweenItsSlopes() throws {
    func check(_ derivative: Double) throws -> GradientCheck {
      try GradientCheck(
        of: ClosureFunction { x in
          max(x[0], 0) + x[1] * x[1]
        } gradient: { x in
          [derivative, 2 * x[1]]
        }, at: [0, 0.7])
    }
    for right in [0, 0.5, 1] {
      let check = try check(right)
      #expect(check.tensors[0].failed == 0 && check.tensors[0].passed >= 1, "\(check)")
    }
    for wrong in [-0.3, 1.3, 20] {
      let check = try check(wrong)
      #expect(check.verdict == .fail && check.failures[0].worst?.index == [0], "\(check)")
    }
  }
}
