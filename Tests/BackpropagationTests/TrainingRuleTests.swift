import Foundation
import Testing

@testable import Backpropagation

/// What a trainer does beyond an optimizer's plain steps.
struct TrainingRuleTests {
  /// The steps of a training, in Double unless asked otherwise.
  private func steps(
    _ length: Trainer.Length = .steps(6), on data: DataSplit = TrainerTests.clouds,
    _ change: (inout Trainer) -> Void = { _ in }
  ) throws -> (steps: [StepSummary], result: TrainingResult) {
    var trainer = Trainer(
      try TrainerTests.network(), optimizer: .sgd(learningRate: 0.1), batch: 32,
      precision: .double)
    change(&trainer)
    let log = StepLog()
    let result = try trainer.train(on: data, for: length, observer: log)
    return (log.steps, result)
  }

  /// 140 examples: four steps of 32 and one of 12, in one batch or in batches of 8.
  @Test func accumulatedBatchesAreOne() throws {
    let whole = try steps(.epochs(2)),
      parts = try steps(.epochs(2)) {
        $0.batch = 8
        $0.accumulate = 4
      }
    #expect(parts.steps.map(\.examples) == [32, 32, 32, 32, 12, 32, 32, 32, 32, 12])
    for (one, many) in zip(whole.steps, parts.steps) {
      #expect(one.lossDivisor == many.lossDivisor && one.examples == many.examples)
      #expect(abs(one.loss - many.loss) < 1e-13)
      for (layer, merged) in zip(one.layers, many.layers) {
        #expect(layer.activation.count == merged.activation.count)
        #expect(layer.delta.count == merged.delta.count)
        #expect(abs(layer.activation.rms - merged.activation.rms) < 1e-13)
        #expect(abs(layer.delta.rms - merged.delta.rms) < 1e-13)
        #expect(abs(layer.delta.maxMagnitude - merged.delta.maxMagnitude) < 1e-13)
        #expect(layer.activeCounts == merged.activeCounts)
      }
      for (parameter, merged) in zip(one.parameters, many.parameters) {
        #expect(abs(parameter.update.gradient.rms - merged.update.gradient.rms) < 1e-13)
        #expect(abs(parameter.update.weightRMS - merged.update.weightRMS) < 1e-13)
      }
    }
  }

  @Test func frozenLayersStayAndOthersHaveRatesOfTheirOwn() throws {
    let plain = try steps(.steps(1)).steps[0]
    let grouped = try steps(.steps(1)) {
      $0.rule.groups = [
        ParameterGroup(layers: "dense-*", learningRate: 0.2),
        ParameterGroup(layers: "dense-1", isFrozen: true),
      ]
    }.steps[0]
    #expect(grouped.parameters.map(\.isFrozen) == [true, true, false, false])
    #expect(grouped.parameters[0].update.updateRMS == 0)
    #expect(grouped.parameters[0].update.gradient.count == 0)
    let double = 2 * plain.parameters[2].update.updateRMS
    #expect(abs(grouped.parameters[2].update.updateRMS - double) < 1e-14)
    // Below what is frozen nothing asks for δ.
    #expect(grouped.layers[1].delta.count == 0 && grouped.layers[3].delta.count > 0)
  }

  @Test func aPatternThatFitsNothingIsAnError() throws {
    let error = #expect(throws: NetworkError.self) {
      try steps { $0.rule.groups = [ParameterGroup(layers: "dense-9", isFrozen: true)] }
    }
    #expect(error?.message == "\"dense-9\" in groups fits no layer that has parameters")
  }

  private func norm(_ summary: ParameterSummary, _ rms: (UpdateSummary) -> Double) -> Double {
    rms(summary.update) * Double(summary.update.gradient.count).squareRoot()
  }

  @Test func theGlobalNormIsCutByOneFactor() throws {
    let step = try steps(.steps(1)) {
      $0.rule.clipping = .globalNorm(0.01)
      $0.rule.optimizer.learningRate = 1
    }.steps[0]
    let gradient = step.parameters.reduce(0) { $0 + pow(norm($1) { $0.gradient.rms }, 2) }
    let update = step.parameters.reduce(0) { $0 + pow(norm($1) { $0.updateRMS }, 2) }
    let factor = try #require(step.clipFactor)
    #expect(abs(factor - 0.01 / (gradient.squareRoot() + 1e-6)) < 1e-15)
    #expect(abs(update.squareRoot() - factor * gradient.squareRoot()) < 1e-12)
    #expect(factor < 0.5)
    let loose = try steps(.steps(1)) { $0.rule.clipping = .globalNorm(1e6) }.steps[0]
    #expect(loose.clipFactor == 1)
    #expect(try steps(.steps(1)).steps[0].clipFactor == nil)
  }

  @Test func eachNormOrEachValueIsCutByItself() throws {
    let norms = try steps(.steps(1)) {
      $0.rule.clipping = .norm(0.01)
      $0.rule.optimizer.learningRate = 1
    }.steps[0]
    for parameter in norms.parameters {
      let before = norm(parameter) { $0.gradient.rms }, after = norm(parameter) { $0.updateRMS }
      #expect(abs(after - min(before, 0.01 * before / (before + 1e-6))) < 1e-12)
    }
    let values = try steps(.steps(1)) { $0.rule.clipping = .value(0.001) }.steps[0]
    let largest = values.parameters.map(\.update.gradient.maxMagnitude).max() ?? 0
    #expect(values.clipFactor == 0.001 / largest)
  }

  @Test func theRegularizerIsToldApart() throws {
    let plain = try steps(.steps(1)).steps[0]
    let step = try steps(.steps(1)) {
      $0.rule.regularization = Regularization(l1: 0.01, l2: 0.1)
    }.steps[0]
    #expect(step.loss == plain.loss && plain.regularization == nil)
    let weights = ParameterStore<Double>(try TrainerTests.network(), seed: 1).views
    var expected = 0.0
    for view in [weights[0], weights[2]] {
      for value in view.elements { expected += 0.01 * abs(value) + 0.05 * value * value }
    }
    #expect(abs((step.regularization ?? 0) - expected) < 1e-14)
    #expect(step.parameters[0].update.gradient != plain.parameters[0].update.gradient)
    // Biases are left alone.
    #expect(step.parameters[1].update == plain.parameters[1].update)
  }

  @Test func theScheduledRateIsRecordedAndUsed() throws {
    let log = try steps(.steps(4)) {
      $0.schedule = [ExponentialSchedule(gamma: 0.5)]
    }.steps
    #expect(log.map(\.learningRate) == [0.1, 0.05, 0.025, 0.0125])
    let ratio = log.map { $0.parameters[3].update.updateRMS / $0.parameters[3].update.gradient.rms }
    for (ratio, rate) in zip(ratio, log.map(\.learningRate)) { #expect(abs(ratio - rate) < 1e-12) }
  }

  @Test func aPlateauGoesByTheEpochsLoss() throws {
    let log = try steps(.epochs(4)) {
      $0.schedule = [PlateauSchedule(factor: 0.5, patience: 0, threshold: 0.99)]
    }.steps
    // No epoch is a hundred times better than the first one.
    #expect(
      log.map(\.learningRate) == [0.1, 0.1, 0.05, 0.025].flatMap { Array(repeating: $0, count: 5) })
  }

  @Test func trainingStopsForEachReason() throws {
    func stop(_ criteria: StoppingCriteria) throws -> TrainingResult {
      try steps(.epochs(50)) { $0.stopping = criteria }.result
    }
    let patient = try stop(StoppingCriteria(patience: 2, minimumDelta: 100))
    #expect(patient.stopReason == .patience && patient.steps == 3 * 5)
    let low = try stop(StoppingCriteria(loss: 0.3))
    #expect(low.stopReason == .loss && low.steps % 5 == 0 && low.steps < 250)
    let brief = try stop(StoppingCriteria(seconds: 1e-9))
    #expect(brief.stopReason == .seconds && brief.steps == 1)
    let free = try stop(StoppingCriteria(patience: 1000, loss: -1, seconds: 1e6, nonFinite: true))
    #expect(free.stopReason == nil && free.steps == 250)
  }

  @Test func whatIsNotFiniteStopsBeforeTheWeightsAreLost() throws {
    func train(stopping: StoppingCriteria) throws -> (steps: [StepSummary], result: TrainingResult)
    {
      try steps(.steps(40)) {
        $0.stopping = stopping
        $0.rule.optimizer.learningRate = 1e200
      }
    }
    let (log, result) = try train(stopping: StoppingCriteria(nonFinite: true))
    #expect(result.stopReason == .nonFinite && result.steps < 40)
    let last = try #require(log.last)
    #expect(last.wasRefused)
    #expect(
      last.parameters.allSatisfy { $0.update.updateRMS == 0 && $0.update.weightNonFinite == 0 })
    #expect(!log.dropLast().contains { $0.wasRefused })
    let lost = try train(stopping: StoppingCriteria())
    #expect(lost.result.steps == 40)
    #expect(lost.steps.last?.parameters.contains { $0.update.weightNonFinite > 0 } == true)
  }

  /// Unbroken, and stopped in the middle and resumed: bit for bit the same.
  @Test(arguments: [3, 5, 7], Trainer.Precision.allCases)
  func aResumedRunIsTheUnbrokenOne(_ stop: Int, _ precision: Trainer.Precision) throws {
    var trainer = Trainer(
      try NeuralNetwork(input: [2], loss: .softmaxCrossEntropy) {
        Dense(8)
        ReLU()
        Dropout(0.3)
        Dense(2)
      }, optimizer: .adam(learningRate: 0.05),
      schedule: [
        WarmupSchedule(steps: 4), PlateauSchedule(factor: 0.5, patience: 0, threshold: 0.5),
      ], batch: 16, accumulate: 2, seed: 3, precision: precision)
    trainer.stopping = StoppingCriteria(patience: 30)
    func run(
      stopAfter: Int = .max, from state: TrainingState? = nil
    ) throws -> (losses: [Double], rates: [Double], state: TrainingState) {
      let log = StepLog(stopAfter: stopAfter)
      var last: TrainingState?
      try trainer.train(
        on: TrainerTests.clouds, for: .epochs(4), observer: log, resumingFrom: state
      ) { if $0.isLast { last = $0.state() } }
      return (log.steps.map(\.loss), log.steps.map(\.learningRate), try #require(last))
    }
    let unbroken = try run()
    let first = try run(stopAfter: stop)
    #expect(first.state.steps == stop)
    let second = try run(from: first.state)
    #expect(first.losses + second.losses == unbroken.losses)
    #expect(first.rates + second.rates == unbroken.rates)
    #expect(second.state == unbroken.state)
    // A state without its optimizer's part is another one.
    var broken = first.state
    broken.optimizer.removeLast()
    let error = #expect(throws: NetworkError.self) { try run(from: broken) }
    #expect(error?.message == "the checkpoint has no tensor \"1/dense-2/bias\"")
  }
}

/// Keeps the summaries of steps, and may stop.
private final class StepLog: TrainingObserver {
  var steps: [StepSummary] = []
  private let stopAfter: Int

  init(stopAfter: Int = .max) { self.stopAfter = stopAfter }

  func trainingBegins(_ run: TrainingRun) {}
  func stepEnded(_ step: StepSummary) -> TrainingDecision {
    steps.append(step)
    return steps.count >= stopAfter ? .stop : .goOn
  }
  func trainingEnded(_ result: TrainingResult) {}
}
