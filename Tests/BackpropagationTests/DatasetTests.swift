import Testing

@testable import Backpropagation

struct DatasetTests {
  /// Examples whose single feature is their number, of 3 classes in shares of 50, 30 and 20 %.
  static let numbered = Dataset(
    inputShape: [1], inputs: (0..<200).map { Double($0) },
    targets: .classes((0..<200).map { $0 < 100 ? 0 : $0 < 160 ? 1 : 2 }, names: []))

  @Test func aSplitPartitionsTheExamples() {
    let split = Self.numbered.split(train: 0.7, validation: 0.1, test: 0.2, seed: 3)
    #expect(split.training.count == 140)
    #expect(split.validation.count == 20)
    #expect(split.test.count == 40)
    let all = split.training.inputs + split.validation.inputs + split.test.inputs
    #expect(all.sorted() == Self.numbered.inputs)
    for part in [split.training, split.validation, split.test] {
      guard case .classes(let classes, _, _) = part.targets else { continue }
      // Inputs keep their targets, and no part lies in the order of its classes.
      for (input, number) in zip(part.inputs, classes) {
        #expect(number == (input < 100 ? 0 : input < 160 ? 1 : 2))
      }
      #expect(classes != classes.sorted())
      #expect(
        (0..<3).map { k in classes.count { $0 == k } } == [5, 3, 2].map { $0 * part.count / 10 })
    }
  }

  @Test func aSeedGivesTheSameSplitEachTime() {
    func split(_ seed: UInt64) -> DataSplit {
      Self.numbered.split(train: 0.5, test: 0.5, seed: seed)
    }
    #expect(split(1) == split(1))
    #expect(split(1) != split(2))
    #expect(split(1).validation.count == 0)
  }

  @Test func withoutStratificationClassesFallAsTheyFall() {
    let split = Self.numbered.split(train: 0.5, seed: 1, stratify: false)
    #expect(split.training.count == 100)
    guard case .classes(let classes, _, _) = split.training.targets else { return }
    #expect(Set(classes).count == 3)
    #expect(split.test.count == 0)
  }

  @Test func aRareClassIsNotLost() {
    let data = Dataset(
      inputShape: [1], inputs: (0..<11).map { Double($0) },
      targets: .classes([Int](repeating: 0, count: 10) + [1], names: []))
    let split = data.split(train: 0.7, validation: 0.1, test: 0.2)
    #expect(split.training.inputs.contains(10))
  }

  private func split(_ training: [Double], _ test: [Double], features: Int = 2) -> DataSplit {
    func part(_ inputs: [Double]) -> Dataset {
      Dataset(
        inputShape: [features], inputs: inputs,
        targets: .values([Double](repeating: 0, count: inputs.count / features), perExample: 1))
    }
    return DataSplit(training: part(training), validation: part([]), test: part(test))
  }

  @Test func standardizationIsFittedOnTheTrainingPart() {
    let result = split([1, 10, 3, 30, 5, 20], [7, 0]).normalized(.standard)
    // Means 3 and 20; standard deviations √(8/3) and √(200/3).
    let first = (8.0 / 3).squareRoot(), second = (200.0 / 3).squareRoot()
    let expected = [-2 / first, -10 / second, 0, 10 / second, 2 / first, 0]
    for (value, expected) in zip(result.training.inputs, expected) {
      #expect(abs(value - expected) < 1e-14)
    }
    #expect(abs(result.test.inputs[0] - 4 / first) < 1e-14)
    #expect(abs(result.test.inputs[1] + 20 / second) < 1e-14)
  }

  @Test func minMaxBringsTheTrainingPartToZeroAndOne() {
    let result = split([1, 10, 3, 30, 5, 20], [9, 0]).normalized(.minMax)
    #expect(result.training.inputs == [0, 0, 0.5, 1, 1, 0.5])
    #expect(result.test.inputs == [2, -0.5])
  }

  @Test func unitNormIsTakenExampleByExample() {
    let result = split([3, 4, 0, 0], [0, -2]).normalized(.unitNorm)
    #expect(result.training.inputs == [0.6, 0.8, 0, 0])
    #expect(result.test.inputs == [0, -1])
  }

  /// A feature that is constant up to rounding is centered only, not blown up.
  @Test(arguments: [Normalization.standard, .minMax])
  func aConstantFeatureIsCenteredOnly(_ normalization: Normalization) {
    let third = 1.0 / 3
    let result = split([third, 1, third, 2, third, 3], [third + 0.5, 2]).normalized(normalization)
    #expect(stride(from: 0, to: 6, by: 2).allSatisfy { abs(result.training.inputs[$0]) < 1e-15 })
    #expect(abs(result.test.inputs[0] - 0.5) < 1e-15)
  }

  @Test func noneLeavesEverythingAsItIs() {
    let split = split([1, 2, 3, 4], [5, 6])
    #expect(split.normalized(.none) == split)
  }

  @Test func prefixTakesAtMostWhatThereIs() {
    #expect(Self.numbered.prefix(3).inputs == [0, 1, 2])
    #expect(Self.numbered.prefix(1_000) == Self.numbered)
  }
}
