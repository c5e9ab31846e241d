import Testing

@testable import Backpropagation

/// Examples that are read batch by batch train a network exactly as those in memory do.
struct StreamedSplitTests {
  /// A store that counts what is asked for, and can fail.
  final class Store: ExampleStore, @unchecked Sendable {
    struct Failure: Error, Equatable { var read: Int }

    let data: Dataset
    var failsAt = Int.max
    private(set) var reads = 0
    private(set) var largestRead = 0
    private(set) var announced: [Int] = []

    init(_ data: Dataset) { self.data = data }

    var count: Int { data.count }

    func examples(_ indices: [Int]) throws -> Dataset {
      reads += 1
      largestRead = max(largestRead, indices.count)
      if reads == failsAt { throw Failure(read: reads) }
      return data.selecting(indices)
    }

    func readAhead(_ indices: [Int]) { announced += indices }
  }

  static let clouds: Dataset = {
    var source = RandomSource(seed: 2, stream: "clouds")
    let classes = (0..<150).map { $0 % 3 }
    return Dataset(
      inputShape: [2], inputs: classes.flatMap { [source.normal() + Double($0), source.normal()] },
      targets: .classes(classes, names: []))
  }()

  static func parts() -> SplitIndices {
    SplitIndices(
      of: 150, groups: (0..<150).map { Int32($0 % 3) }, train: 0.7, validation: 0.1, test: 0.2,
      seed: 4)
  }

  static func trainer(accumulate: Int = 1, precision: Trainer.Precision = .float) throws -> Trainer
  {
    Trainer(
      try NeuralNetwork(input: [2], loss: .softmaxCrossEntropy) {
        Dense(8)
        ReLU()
        Dropout(0.2)
        Dense(3)
      }, optimizer: .adam(learningRate: 0.05), batch: 16, accumulate: accumulate, seed: 3,
      precision: precision)
  }

  @Test func thePartsAreThoseOfASplitInMemory() throws {
    let split = Self.clouds.split(train: 0.7, validation: 0.1, test: 0.2, seed: 4)
    let streamed = StreamedSplit(Store(Self.clouds), Self.parts())
    for part in DataPart.allCases {
      #expect(streamed.count(of: part) == split[part].count)
    }
    #expect(try streamed.probe(20) == split.training.prefix(20))
    let network = try Self.trainer().network
    #expect(try streamed.constantLoss(of: network) == split.constantLoss(of: network))
  }

  @Test(arguments: [1, 2], Trainer.Precision.allCases)
  func trainingIsTheSameBitForBit(accumulate: Int, precision: Trainer.Precision) throws {
    let trainer = try Self.trainer(accumulate: accumulate, precision: precision)
    func run(
      _ data: any TrainingData, _ epochs: Int = 3, from state: TrainingState? = nil
    ) throws -> (result: TrainingResult, state: TrainingState) {
      var last: TrainingState?
      let result = try trainer.train(
        on: data, for: .epochs(epochs), observer: nil, resumingFrom: state
      ) { last = $0.state() }
      return (result, try #require(last))
    }
    let inMemory = try run(Self.clouds.split(train: 0.7, validation: 0.1, test: 0.2, seed: 4))
    let store = Store(Self.clouds)
    let streamed = try run(StreamedSplit(store, Self.parts()))
    #expect(streamed.result == inMemory.result)
    #expect(streamed.state == inMemory.state)
    // Never more at once than a measured part is read by, but for the probe.
    #expect(store.largestRead <= TrainingRun.probeSize)
    #expect(store.announced.count > 3 * 80)
    // A run of one epoch, continued from disk.
    let half = try run(StreamedSplit(store, Self.parts()), 1)
    #expect(try run(StreamedSplit(store, Self.parts()), from: half.state).state == inMemory.state)
  }

  @Test func whatCannotBeReadEndsTheTraining() throws {
    let store = Store(Self.clouds)
    store.failsAt = 12
    let error = #expect(throws: Store.Failure.self) {
      try Self.trainer().train(
        on: StreamedSplit(store, Self.parts()), for: .epochs(3), observer: nil, resumingFrom: nil,
        save: nil)
    }
    #expect(error == Store.Failure(read: 12))
  }

  @Test func aPartWithoutExamplesIsRefused() throws {
    let none = SplitIndices(of: 0, groups: nil, train: 1, validation: 0, test: 0, seed: 1)
    let error = #expect(throws: NetworkError.self) {
      try Self.trainer().train(
        on: StreamedSplit(Store(Self.clouds), none), for: .steps(1), observer: nil,
        resumingFrom: nil, save: nil)
    }
    #expect(error?.message == "the training part has no examples")
  }
}
