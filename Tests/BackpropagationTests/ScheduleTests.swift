import Foundation
import Testing

@testable import Backpropagation

// The expected rates are those of torch 2.13.0, such as
//   o = torch.optim.SGD([torch.zeros(1)], lr=0.5)
//   s = torch.optim.lr_scheduler.OneCycleLR(o, max_lr=0.5, total_steps=10, cycle_momentum=False)
//   for step in range(10): print(o.param_groups[0]['lr']); o.step(); s.step()
struct ScheduleTests {
  private func rates(_ schedule: any Schedule, steps: Int = 10) -> [Double] {
    let sequence = ScheduleSequence([schedule], steps: steps)
    return (0..<steps).map { sequence.learningRate(0.5, at: $0) }
  }

  private func expect(_ rates: [Double], _ expected: [Double]) {
    #expect(rates.count == expected.count)
    for (rate, expected) in zip(rates, expected) {
      #expect(abs(rate - expected) < 1e-12, "\(rate), expected \(expected)")
    }
  }

  @Test func theClosedForms() {
    expect(rates(ConstantSchedule(), steps: 3), [0.5, 0.5, 0.5])
    expect(rates(StepSchedule(stepSize: 2), steps: 5), [0.5, 0.5, 0.05, 0.05, 0.005])
    expect(rates(ExponentialSchedule(gamma: 0.5), steps: 4), [0.5, 0.25, 0.125, 0.0625])
    expect(
      rates(CosineSchedule(minimum: 0.1), steps: 4),
      [0.5, 0.1 + 0.2 * (1 + 0.5.squareRoot()), 0.3, 0.1 + 0.2 * (1 - 0.5.squareRoot())])
    expect(
      rates(WarmupSchedule(steps: 4, startFactor: 0.2), steps: 6),
      [0.1, 0.2, 0.3, 0.4, 0.5, 0.5])
  }

  @Test func oneCycleIsThatOfPyTorch() {
    expect(rates(OneCycleSchedule()), Self.oneCycle)
    // With a single step there is no time to rise.
    let single = rates(OneCycleSchedule(), steps: 1)[0]
    #expect(single.isFinite && single > 0)
  }

  @Test func schedulesRunInTurn() {
    let sequence = ScheduleSequence(
      [WarmupSchedule(steps: 2, startFactor: 0.5), CosineSchedule()], steps: 6)
    let cosine = (0..<4).map { (1 + cos(.pi * Double($0) / 4)) / 2 }
    expect((0..<6).map { sequence.learningRate(1, at: $0) }, [0.5, 0.75] + cosine)
    #expect(ScheduleSequence([], steps: 5).learningRate(0.3, at: 2) == 0.3)
    let short = ScheduleSequence([ExponentialSchedule(gamma: 0.5, steps: 2)], steps: 5)
    expect((0..<5).map { short.learningRate(1, at: $0) }, [1, 0.5, 0.25, 0.25, 0.25])
  }

  @Test func aPlateauLowersTheRate() {
    var sequence = ScheduleSequence(
      [PlateauSchedule(factor: 0.1, patience: 1, cooldown: 1, minimum: 0.004)], steps: 100)
    var rates: [Double] = []
    for (epoch, loss) in [1, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.1, 0.2].enumerated() {
      sequence.epochEnded(loss: loss, at: epoch)
      rates.append(sequence.learningRate(0.5, at: epoch))
    }
    expect(rates, Self.plateau)
    // What it has taken in can be kept and given to another.
    var other = ScheduleSequence(
      [PlateauSchedule(factor: 0.1, patience: 1, cooldown: 1, minimum: 0.004)], steps: 100)
    other.memory = sequence.memory
    #expect(other.learningRate(0.5, at: 20) == sequence.learningRate(0.5, at: 20))
    #expect(other.memory == sequence.memory)
  }

  @Test func argumentsOutOfRangeAreRefused() {
    func message(_ id: String, _ arguments: [String: ArgumentValue]) -> String? {
      #expect(throws: ArgumentError.self) { try ScheduleCatalog.all.make(id, arguments) }?.message
    }
    #expect(message("step", [:]) == "step needs \"step-size\", a whole number from 1 to 1000000000")
    #expect(message("exponential", [:]) == "exponential needs \"gamma\", a positive number")
    #expect(
      message("warmup", ["steps": .integer(0)])
        == "steps of warmup is 0, expected a whole number from 1 to 1000000000")
    #expect(
      message("one-cycle", ["pct-start": .integer(1)])
        == "pct-start of one-cycle is 1, expected a share between 0 and 1")
    #expect(
      message("plateau", ["factor": .integer(1)])
        == "factor of plateau is 1, expected above 0 and below 1")
    #expect(message("sine", [:]) == "unknown schedule \"sine\"; did you mean \"cosine\"?")
  }

  private static let oneCycle: [Double] = [
    0.020000000000000018, 0.26, 0.5, 0.47524231600673683, 0.40587282697488153, 0.30563101096814466,
    0.19437098903185537, 0.09412917302511849, 0.024759683993263143, 2e-06,
  ]
  private static let plateau: [Double] = [
    0.5, 0.5, 0.5, 0.05, 0.05, 0.05, 0.005000000000000001, 0.005000000000000001,
    0.005000000000000001, 0.005000000000000001, 0.005000000000000001,
  ]
}
