import Backpropagation
import GradientRecording
import GradientTrace
import Testing

@Suite struct RunRecordingTests {
  @Test func deltasArePerExampleWhateverTheBatch() throws {
    // The same example again and again: its delta must not depend on how many of it share a batch.
    let one = try record(Self.examples(copies: 1), steps: 1).steps[0]
    let eight = try record(Self.examples(copies: 8), steps: 1).steps[0]
    for (alone, together) in zip(one.layers, eight.layers) {
      guard let alone = alone?.delta?.rms, let together = together?.delta?.rms else { continue }
      #expect(abs(alone - together) < 1e-6 * alone)
    }
    #expect(one.layers.compactMap { $0?.delta?.rms }.count == 3)
  }

  @Test func headerDescribesTheNetwork() throws {
    let header = try record(Self.examples(copies: 4), steps: 1).header
    #expect(header.layers.map(\.name) == ["input", "dense-1", "relu-1", "dense-2"])
    #expect(header.layers.map(\.kind) == ["input", "dense", "relu", "dense"])
    #expect(header.layers[2].inputs == ["dense-1"])
    #expect(header.layers[1].units == 6)
    #expect(header.layers[1].parameters.map(\.name) == ["weight", "bias"])
    #expect(header.layers[1].parameters[0].shape == [6, 3])
    #expect(header.run.plannedSteps == 1)
    #expect(header.run.examplesPerEpoch == 4)
  }

  @Test func featuresAreMeasuredBeforeTheFirstStep() throws {
    let data = Dataset(
      inputShape: [3], inputs: [1, 5, -2, 3, 5, 2], targets: .classes([0, 1], names: []))
    let steps = try record(data, steps: 60).steps
    #expect(steps[0].layers[0]?.unitMeans == [2, 5, 0])
    #expect(steps[0].layers[0]?.unitDeviations == [1, 0, 2])
    #expect(steps[1...].allSatisfy { $0.layers[0]?.unitMeans == nil })
  }

  @Test func unitsAreMeasuredAtTheEndOfAWindow() throws {
    let steps = try record(Self.examples(copies: 5), steps: 60).steps
    let measured = steps.filter { $0.layers[3]?.unitMeans != nil }
    #expect(measured.map(\.step) == [49, 59])
    let output = try #require(steps[49].layers[3])
    // One example again and again: no unit differs, and the means make up the output's RMS.
    #expect(output.unitDeviations?.allSatisfy { $0 < 1e-6 } == true)
    let means = try #require(output.unitMeans)
    let rms = (means.reduce(0) { $0 + $1 * $1 } / Double(means.count)).squareRoot()
    #expect(abs(rms - (output.activation?.rms ?? 0)) < 1e-6 * rms)
    #expect(steps[49].layers[2]?.unitMeans?.count == 6)
    #expect(steps[49].layers[1]?.unitMeans == nil)
  }

  @Test func magnitudesOfOutputsAreCountedAtTheEndOfAWindow() throws {
    let steps = try record(Self.examples(copies: 5), steps: 60).steps
    let counted = steps.filter { $0.layers[2]?.activation?.histogram != nil }
    #expect(counted.map(\.step) == [49, 59])
    // What is neither zero nor counted is nowhere: 5 examples of 3 features, 6 units, 2 outputs.
    for (layer, count) in [(0, 15), (1, 30), (2, 30), (3, 10)] {
      let activation = try #require(steps[49].layers[layer]?.activation)
      let histogram = try #require(activation.histogram)
      #expect(Int(histogram.counts.reduce(0, +)) + (activation.zeros ?? 0) == count)
    }
    // Features of 0.5, 1 and 2: one each, five times.
    #expect(steps[49].layers[0]?.activation?.histogram?.counts[47...49] == [5, 5, 5])
  }

  @Test func theMeanOfEachUnitsDeltaKeepsItsSign() throws {
    let one = try record(Self.examples(copies: 1), steps: 50).steps[49]
    let five = try record(Self.examples(copies: 5), steps: 50).steps[49]
    let deltas = try #require(five.layers[3]?.unitDeltas)
    // Of two classes what raises the one lowers the other, and the second is always right.
    #expect(deltas.count == 2 && deltas[0] > 0 && abs(deltas[0] + deltas[1]) < 1e-6 * deltas[0])
    #expect(five.layers[2]?.unitDeltas?.count == 6)
    #expect(five.layers[1]?.unitDeltas == nil)
    // Deltas are per example, however many share a batch.
    for (alone, together) in zip(try #require(one.layers[2]?.unitDeltas), deltasOfReLU(five)) {
      #expect(abs(alone - together) < 1e-5 * abs(alone))
    }
  }

  private func deltasOfReLU(_ step: StepRecord) -> [Double] { step.layers[2]?.unitDeltas ?? [] }

  @Test func distinctRowsAreCounted() throws {
    func rows(_ initializer: any Initializer) throws -> [Int?] {
      let network = try NeuralNetwork(input: [3], loss: .softmaxCrossEntropy) {
        Dense(6, initializer: initializer)
        Tanh()
        Dense(2, initializer: .constant(0.3))
      }
      let memory = RunMemory()
      try Trainer(network, optimizer: .sgd(learningRate: 0.01), batch: 64).train(
        on: Self.split(Self.examples(copies: 4)), for: .steps(60), observer: memory.recording())
      return memory.steps.map { $0.layers[1]?.parameters[0]?.distinctRows }
    }
    let alike = try rows(.constant(0.2)), drawn = try rows(.glorotUniform)
    #expect(alike.indices.filter { alike[$0] != nil } == [0, 49, 59])
    #expect(alike.compactMap(\.self) == [1, 1, 1])
    #expect(drawn.compactMap(\.self) == [6, 6, 6])
  }

  @Test func unitsAreCountedOverWindows() throws {
    let steps = try record(Self.examples(copies: 5), steps: 120).steps
    let windows = steps.compactMap { $0.layers[2]?.unitWindow }
    #expect(windows.map(\.steps) == [50, 50, 20])
    #expect(windows.allSatisfy { $0.activeCounts.count == 6 })
    // With one example, a unit is active for all or none of a batch.
    #expect(windows[0].activeCounts.allSatisfy { $0 % 5 == 0 && $0 <= 250 })
    #expect(steps[49].layers[1]?.delta?.histogram != nil)
    #expect(steps[48].layers[1]?.delta?.histogram == nil)
  }

  @Test func lastActiveStepOfAUnitThatNeverFiresIsUnknown() throws {
    let recorded = try record(
      Self.examples(copies: 2), steps: 50, biasInitializer: .constant(-100))
    let window = try #require(recorded.steps[49].layers[2]?.unitWindow)
    #expect(window.activeCounts == [0, 0, 0, 0, 0, 0])
    #expect(window.lastActive == [Int?](repeating: nil, count: 6))
    #expect(recorded.steps[10].layers[2]?.silentUnits == 6)
  }

  @Test func halfOfAllDirectionsMissOneExample() throws {
    let window = try #require(
      try record(Self.examples(copies: 3), steps: 50).steps[49].layers[2]?.unitWindow)
    let chance = try #require(window.chanceSilent)
    #expect(abs(chance - 0.5) < 0.12)
  }

  @Test func noDirectionMissesOppositeExamples() throws {
    let data = Dataset(
      inputShape: [3], inputs: [1, 2, 3, -1, -2, -3], targets: .classes([0, 1], names: []))
    let window = try #require(try record(data, steps: 50).steps[49].layers[2]?.unitWindow)
    #expect(window.chanceSilent == 0)
  }

  /// Of two examples of three and of one step, the second and third step have the first alone.
  @Test func deltasByTimeStepLeaveOutPadding() throws {
    func byTime(_ lengths: [Int]) throws -> [Double] {
      let network = try NeuralNetwork(input: [3, 1], loss: .softmaxCrossEntropy) {
        RNN(2)
        Dense(2)
      }
      let values = lengths.flatMap { length in (0..<3).map { $0 < length ? 1.0 : .nan } }
      let data = Dataset(
        features: [.init(shape: [3, 1], values: values)],
        targetSets: [.classes(lengths.map { _ in 1 }, names: [])], lengths: lengths)
      let memory = RunMemory()
      try Trainer(network, optimizer: .sgd(learningRate: 0.1), batch: 64).train(
        on: Self.split(data), for: .steps(2), observer: memory.recording())
      let steps = memory.steps
      #expect(steps[1].layers[1]?.deltaRMSByTime != steps[0].layers[1]?.deltaRMSByTime)
      return try #require(steps[0].layers[1]?.deltaRMSByTime)
    }
    let long = try byTime([3]), short = try byTime([1]), both = try byTime([3, 1])
    #expect(long.count == 3 && long.allSatisfy { $0 > 0 })
    #expect(short[0] > 0 && short[1...] == [0, 0])
    // Deltas are per example, however many share a batch.
    let first = ((long[0] * long[0] + short[0] * short[0]) / 2).squareRoot()
    for (found, expected) in zip(both, [first, long[1], long[2]]) {
      #expect(abs(found - expected) < 1e-6 * expected)
    }
  }

  /// Stopped in the middle of a window and resumed, the records are those of the unbroken run, unit windows included.
  @Test func aResumedRunRecordsWhatTheUnbrokenOneDoes() throws {
    func run(
      stopAfter: Int = .max, from state: TrainingState? = nil
    ) throws -> (header: TraceHeader?, steps: [StepRecord], state: TrainingState?) {
      let memory = RunMemory()
      var last: TrainingState?
      try Self.trainer().train(
        on: Self.split(Self.examples(copies: 5)), for: .steps(120),
        observer: memory.recording { _ in memory.steps.count >= stopAfter ? .stop : .goOn },
        resumingFrom: state
      ) { if $0.isLast { last = $0.state() } }
      return (memory.header, memory.steps, last)
    }
    let unbroken = try run(), first = try run(stopAfter: 73)
    let second = try run(from: first.state)
    #expect(first.steps + second.steps == unbroken.steps)
    #expect(second.steps.first?.step == 73 && second.header == unbroken.header)
    #expect(second.state == unbroken.state)
  }

  @Test func frozenLayersAreCalledSo() throws {
    var trainer = try Self.trainer()
    trainer.rule.groups = [ParameterGroup(layers: "dense-1", isFrozen: true)]
    let memory = RunMemory()
    try trainer.train(
      on: Self.split(Self.examples(copies: 5)), for: .steps(2), observer: memory.recording())
    let header = memory.header
    #expect(header?.layers[1].parameters.map(\.frozen) == [true, true])
    #expect(header?.layers[3].parameters.map(\.frozen) == [false, false])
    let weight = memory.steps.last?.layers[1]?.parameters[0]
    #expect(weight?.frozen == true && weight?.updateRMS == 0 && weight?.gradientRMS == nil)
    #expect(weight?.rms == header?.layers[1].parameters[0].initialRMS)
  }

  @Test func observerStopsTraining() throws {
    var seen = 0
    let recording = RunRecording(
      begin: { _ in },
      record: { step in
        seen += 1
        return step.head.step == 2 ? .stop : .goOn
      })
    let result = try Self.trainer().train(
      on: Self.split(Self.examples(copies: 4)), for: .steps(100), observer: recording)
    #expect(seen == 3)
    #expect(result.wasStopped)
    #expect(result.steps == 3)
  }

  @Test func layersAreTimedAtTheEndOfAWindow() throws {
    func times(_ steps: Int, _ mode: RecordingMode = .everyStep) throws -> [LayerTiming] {
      var times: [LayerTiming] = []
      var trainer = try Self.trainer()
      trainer.recording = mode
      try trainer.train(
        on: Self.split(Self.examples(copies: 4)), for: .steps(steps),
        observer: RunRecording(
          begin: { _ in }, record: { $0.head.step == 98 ? .stop : .goOn }, timed: { times = $0 }))
      return times
    }
    let layers = try times(120)
    #expect(layers.map(\.layer) == ["dense-1", "relu-1", "dense-2"])
    for layer in layers {
      #expect(try #require(layer.forward) > 0)
      #expect(try #require(layer.backward) > 0)
    }
    #expect(try times(120, .off).isEmpty)
  }

  /// Of a network that is frozen as far as a layer, that layer has no backward pass.
  @Test func aPassThatNobodyAsksForIsNotTimed() throws {
    var trainer = try Self.trainer()
    trainer.rule.groups = [ParameterGroup(layers: "dense-1", isFrozen: true)]
    var times: [LayerTiming] = []
    try trainer.train(
      on: Self.split(Self.examples(copies: 4)), for: .steps(2),
      observer: RunRecording(begin: { _ in }, record: { _ in .goOn }, timed: { times = $0 }))
    #expect(times.map { $0.backward == nil } == [true, true, false])
  }

  private static func examples(copies: Int) -> Dataset {
    Dataset(
      inputShape: [3], inputs: (0..<copies).flatMap { _ in [0.5, -1, 2] },
      targets: .classes([Int](repeating: 1, count: copies), names: []))
  }

  private static func split(_ data: Dataset) -> DataSplit {
    DataSplit(training: data, validation: data.prefix(0), test: data.prefix(0))
  }

  private static func trainer(
    biasInitializer: any Initializer = .zeros
  ) throws -> Trainer {
    let network = try NeuralNetwork(input: [3], loss: .softmaxCrossEntropy) {
      Dense(6, biasInitializer: biasInitializer)
      ReLU()
      Dense(2)
    }
    return Trainer(network, optimizer: .sgd(learningRate: 0.01), batch: 64)
  }

  private func record(
    _ data: Dataset, steps: Int, biasInitializer: any Initializer = .zeros
  ) throws -> (header: TraceHeader, steps: [StepRecord]) {
    let memory = RunMemory()
    try Self.trainer(biasInitializer: biasInitializer).train(
      on: Self.split(data), for: .steps(steps), observer: memory.recording())
    return (try #require(memory.header), memory.steps)
  }
}
