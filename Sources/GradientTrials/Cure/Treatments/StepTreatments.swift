import Backpropagation
import Foundation
import GradientDiagnosis
import GradientModelFiles
import GzipIO

/// The size of the steps: learning rate, optimizer, clipping, schedule, and which layers take them.
enum StepTreatments {
  static let all = [
    rate("lower-learning-rate", factors: [0.1, 0.01, 0.001]),
    rate("higher-learning-rate", factors: [10, 100, 1000, 10_000]),
    constantRate, warmup, clipping, higherClipping, adaptiveOptimizer, lowerMomentum, weightDecay,
    trainLayer,
    largerBatch, stopEarly,
  ]

  private static func rate(_ id: String, factors: [Double]) -> Treatment {
    Treatment(id) { recipe, _ throws(Inapplicable) in
      let rate = recipe.trainer.rule.optimizer.learningRate
      var doses: [Dose] = []
      for factor in factors {
        doses.append(
          try recipe.dose("learning rate \(written(rate)) → \(written(rate * factor))") {
            recipe throws(Inapplicable) in try recipe.multiplyRates(by: factor)
          })
      }
      return doses
    }
  }

  private static let constantRate = Treatment("constant-learning-rate") {
    recipe, _ throws(Inapplicable) in
    guard !recipe.trainer.schedule.isEmpty else {
      throw Inapplicable("the learning rate is constant")
    }
    return [
      try recipe.dose("without a schedule") { recipe throws(Inapplicable) in
        try recipe.apply(.removeSchedule)
      }
    ]
  }

  private static let warmup = Treatment("warmup") { recipe, _ throws(Inapplicable) in
    guard !recipe.trainer.schedule.contains(where: { $0 is WarmupSchedule }) else {
      throw Inapplicable("the learning rate is warmed up already")
    }
    return [
      try recipe.dose("warm-up over 100 steps") { recipe throws(Inapplicable) in
        try recipe.apply(.warmUp(steps: 100))
      }
    ]
  }

  private static let clipping = Treatment("gradient-clipping") { recipe, _ throws(Inapplicable) in
    var doses: [Dose] = []
    for limit in [1, 0.1] where recipe.trainer.rule.clipping.map({ $0.limit > limit }) ?? true {
      doses.append(
        try recipe.dose("clipped to a global norm of \(written(limit))") {
          recipe throws(Inapplicable) in try recipe.apply(.setClipping(.globalNorm(limit)))
        })
    }
    guard !doses.isEmpty else { throw Inapplicable("gradients are clipped already") }
    return doses
  }

  /// The limit at which the usual gradient is left alone, by the finding's own figure; then none at all.
  private static let higherClipping = Treatment("higher-clipping-limit") {
    recipe, finding throws(Inapplicable) in
    guard let clipping = recipe.trainer.rule.clipping else {
      throw Inapplicable("gradients are not clipped")
    }
    var doses: [Dose] = []
    if finding.statistic == "clip-factor", finding.value > 0 {
      let limit = rounded(3 * clipping.limit / finding.value)
      doses.append(
        try recipe.dose("clipping limit \(written(clipping.limit)) → \(written(limit))") {
          recipe throws(Inapplicable) in
          try recipe.apply(.setClipping(clipping.with(limit: limit)))
        })
    }
    doses.append(
      try recipe.dose("without clipping") { recipe throws(Inapplicable) in
        try recipe.apply(.setClipping(nil))
      })
    return doses
  }

  private static let adaptiveOptimizer = Treatment("adaptive-optimizer") {
    recipe, _ throws(Inapplicable) in
    guard let sgd = recipe.trainer.rule.optimizer as? SGD else {
      throw Inapplicable("\(recipe.trainer.rule.optimizer.id) is adaptive")
    }
    let id = sgd.weightDecay > 0 ? "adamw" : "adam"
    var arguments = [WrittenMember.Argument("learning-rate", .number(0.001))]
    if sgd.weightDecay > 0 { arguments.append(.init("weight-decay", .number(sgd.weightDecay))) }
    return [
      try recipe.dose("sgd → \(id) at 0.001") { recipe throws(Inapplicable) in
        try recipe.apply(.setOptimizer(WrittenMember(id, arguments)))
      }
    ]
  }

  private static let lowerMomentum = Treatment("lower-momentum") { recipe, _ throws(Inapplicable) in
    guard let sgd = recipe.trainer.rule.optimizer as? SGD, sgd.momentum > 0 else {
      throw Inapplicable("the optimizer has no momentum")
    }
    var doses: [Dose] = []
    for momentum in [0.9, 0.5] where momentum < sgd.momentum {
      doses.append(
        try recipe.dose("momentum \(written(sgd.momentum)) → \(written(momentum))") {
          recipe throws(Inapplicable) in try recipe.apply(.setMomentum(momentum))
        })
    }
    guard !doses.isEmpty else { throw Inapplicable("the momentum is low") }
    return doses
  }

  private static let weightDecay = Treatment("weight-decay") { recipe, _ throws(Inapplicable) in
    let now = recipe.trainer.rule.optimizer.weightDecay
    var doses: [Dose] = []
    for decay in [0.001, 0.01, 0.1] where decay > now {
      doses.append(
        try recipe.dose("weight decay \(written(now)) → \(written(decay))") {
          recipe throws(Inapplicable) in try recipe.apply(.setWeightDecay(decay))
        })
    }
    guard !doses.isEmpty else { throw Inapplicable("the weight decay is high") }
    return doses
  }

  /// The layers that the finding names go back to what the optimizer does with all.
  private static let trainLayer = Treatment("train-layer") { recipe, finding throws(Inapplicable) in
    let names = finding.layers + [finding.layer].compactMap(\.self)
    let groups = recipe.trainer.rule.groups
    let places = groups.indices.filter { place in
      groups[place].patterns.contains { pattern in names.contains(where: pattern.matches) }
    }
    guard !places.isEmpty else { throw Inapplicable("no group of training.groups names the layer") }
    return [
      try recipe.dose("without \(places.count.counted("group")) of its own") {
        recipe throws(Inapplicable) in
        for place in places.sorted(by: >) { try recipe.apply(.removeGroup(place)) }
      }
    ]
  }

  private static let largerBatch = Treatment("larger-batch") { recipe, _ throws(Inapplicable) in
    let batch = recipe.trainer.batch
    guard batch <= 4096 else { throw Inapplicable("the batch is large") }
    return [
      try recipe.dose("batch \(batch) → \(4 * batch)") { recipe throws(Inapplicable) in
        try recipe.apply(.setBatch(4 * batch))
      }
    ]
  }

  private static let stopEarly = Treatment("stop-early") { recipe, _ throws(Inapplicable) in
    guard recipe.trainer.stopping.patience == nil else {
      throw Inapplicable("training has a patience")
    }
    return [
      try recipe.dose("a patience of 5 epochs") { recipe throws(Inapplicable) in
        try recipe.apply(.setPatience(epochs: 5))
      }
    ]
  }

  private static func written(_ number: Double) -> String { Wording.short(rounded(number)) }
}

/// A number without the digits that multiplying leaves.
private func rounded(_ number: Double) -> Double {
  Double(String(format: "%.6g", number)) ?? number
}

extension Recipe {
  /// Multiplies the optimizer's learning rate, and those of groups that have one of their own.
  fileprivate mutating func multiplyRates(by factor: Double) throws(Inapplicable) {
    try apply(.setLearningRate(rounded(trainer.rule.optimizer.learningRate * factor)))
    for (place, group) in trainer.rule.groups.enumerated() {
      guard let rate = group.learningRate, rate > 0 else { continue }
      try apply(.setGroupRate(group: place, rounded(rate * factor)))
    }
  }
}
