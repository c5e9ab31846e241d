import Backpropagation
import Testing

@testable import GradientChecking

/// Mutations planted in whole networks, and whether the one gradient that is wrong is the one that is found.
struct NetworkSelftestTests {
  @Test(arguments: NetworkSample.all)
  func everyMistakeIsFoundWhereItIs(_ sample: NetworkSample) {
    let test = NetworkSelftest(samples: [sample])
    #expect(test.faults.isEmpty)
    let wrong = test.trials.filter { !$0.isCaught || !$0.isLocated || !$0.isNamed }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    #expect(test.trials.count > 100)
    #expect(test.hasPassed)
  }

  /// Finite differences alone don't know which example's or activation's gradient it is, but that it is wrong.
  @Test(arguments: NetworkSample.all)
  func finiteDifferencesAloneCatchThemToo(_ sample: NetworkSample) {
    let test = NetworkSelftest(samples: [sample], methods: [.finiteDifference], share: 11)
    #expect(test.faults.isEmpty && !test.trials.isEmpty)
    let missed = test.trials.filter { !$0.isCaught }
    #expect(missed.isEmpty, "\(missed.prefix(5))")
    let strayed = test.trials.filter { !$0.isLocated && $0.mutation != .entryOff }
    #expect(strayed.isEmpty, "\(strayed.prefix(5))")
  }

  /// Every kind of mistake is planted, in every network; those of evaluation where there is another than training.
  @Test func thePartThatIsPlantedInSecondsHasEveryKind() {
    let test = NetworkSelftest(share: 3)
    for mutation in Mutation.allCases {
      #expect(test.trials.contains { $0.mutation == mutation }, "\(mutation)")
    }
    let inEvaluation = Set(test.trials.filter { $0.passes == .evaluating }.map(\.sample))
    #expect(inEvaluation == ["convolutions, batch norm, pooling", "residual blocks"])
    #expect(Set(test.trials.map(\.sample)) == Set(NetworkSample.all.map(\.id)))
  }

  /// A network that is wrong to begin with is said to be, and the self-test doesn't pass on the strength of it.
  @Test func aWrongNetworkIsNoSample() {
    let wrong = NetworkSample("wrong", input: [4], loss: .halfSquaredError) {
      PlantedLayer(.negated, at: .input(0), in: Dense(3))
      Tanh()
    }
    let test = NetworkSelftest(samples: [wrong])
    #expect(test.faults == ["wrong, right: fail by automatic"])
    #expect(!test.hasPassed)
  }

  /// Of several losses the wrong one is named.
  @Test(arguments: [0, 1])
  func aWrongLossAmongTwoIsNamed(place: Int) throws {
    let sample = try #require(NetworkSample.all.first { $0.id == "two inputs, two losses" })
    let network = try sample.network(
      planting: .init(index: place, place: .loss, mutation: .doubled))
    let check = try GradientCheck(
      network, on: sample.examples(8, for: network, seed: 1))
    #expect(check.failures.map(\.layer) == [["loss of classes", "loss of values"][place]])
  }
}

extension NetworkSample: CustomTestStringConvertible {
  package var testDescription: String { id }
}
