import GradientHealth

/// Runs whose loss tells it: it swings, climbs, or falls as far as a constant answer takes it.
enum LossFaults {
  static var all: [Family] { swinging + climbing + unrelated + indistinct + underflowing }

  /// All examples at each step, and steps that land on the other side of the valley again and again.
  private static var swinging: [Family] {
    let rules: [(String, any Optimizer, Activation, Int)] = [
      ("lion-of-0.1", .lion(learningRate: 0.1), .tanh, 1),
      ("lion-of-0.3", .lion(learningRate: 0.3), .tanh, 2),
      ("lion-of-0.1", .lion(learningRate: 0.1), .gelu, 2),
      ("momentum-of-0.98", .sgd(learningRate: 0.3, momentum: 0.98), .tanh, 2),
      ("momentum-of-0.99", .sgd(learningRate: 0.2, momentum: 0.99), .tanh, 3),
    ]
    return rules.map { name, optimizer, activation, depth -> Family in
      let setup = Setup(
        Stack(depth: depth, activation: activation), task: Task(form: .functions)
      ).changed {
        $0.batch = 256
        $0.optimizer = optimizer
      }
      let twin = setup.changed { $0.optimizer = Rule.adam.optimizer(times: 3) }
      return Family(
        "dense-\(depth)-\(activation.rawValue)/swings-by-\(name)", setup,
        Fault(
          "oscillation",
          aliases: ["learning-rate-too-high", "exploding-gradient", "non-finite"],
          cause: "learning-rate", twin: twin, effects: [.stopsShort, .learnsLess]))
    }
  }

  /// A sign mixed up, so that each step makes it worse.
  private static var climbing: [Family] {
    [
      (Activation.relu, Rule.momentum, 2), (.tanh, .sgd, 2), (.gelu, .adam, 3), (.tanh, .adam, 1),
    ].map { activation, rule, depth in
      let twin = Setup(Stack(depth: depth, activation: activation), rule)
      return Family(
        "dense-\(depth)-\(activation.rawValue)-\(rule.rawValue)/climbs",
        twin.changed { $0.schedule = [Climbing()] },
        Fault(
          "loss-divergence",
          aliases: ["learning-rate-too-high", "exploding-gradient", "non-finite", "dead-relu"],
          cause: "learning-rate", twin: twin))
    }
  }

  /// Labels that have nothing to do with the inputs, and too many of them to be learned by heart.
  private static var unrelated: [Family] {
    [
      (Activation.relu, Rule.momentum), (.tanh, .adam), (.gelu, .sgd), (.sigmoid, .adam),
      (.relu, .adamW),
    ].map { activation, rule in
      let stack = Stack(depth: 2, activation: activation)
      return Family(
        "dense-2-\(activation.rawValue)-\(rule.rawValue)/random-labels",
        Setup(stack, task: Task(examples: 6400, strayLabels: 1), rule),
        Fault("not-learning", twin: Setup(stack, rule)))
    }
  }

  /// One and the same example over and over, whatever the class.
  private static var indistinct: [Family] {
    [
      (Activation.relu, Rule.momentum, 2), (.tanh, .adam, 1), (.gelu, .sgd, 3),
      (.sigmoid, .adam, 2),
      (.tanh, .momentum, 4),
    ].map { activation, rule, depth in
      let stack = Stack(depth: depth, activation: activation)
      return Family(
        "dense-\(depth)-\(activation.rawValue)-\(rule.rawValue)/one-example",
        Setup(stack, task: Task(form: .repeated, noise: 0), rule),
        Fault("collapsed-output", twin: Setup(stack, rule)))
    }
  }

  /// A loss so small that its δ has no digits left.
  private static var underflowing: [Family] {
    [
      (Activation.relu, Rule.momentum, 2, 1e-36), (.tanh, .sgd, 2, 1e-37), (.gelu, .adam, 2, 1e-36),
      (.tanh, .adam, 2, 1e-37), (.elu, .momentum, 2, 1e-36), (.tanh, .sgd, 3, 1e-36),
      (.relu, .adam, 2, 1e-37), (.gelu, .sgd, 3, 1e-37),
    ].map { activation, rule, depth, weight in
      let twin = Setup(Stack(depth: depth, activation: activation), rule)
      return Family(
        "dense-\(depth)-\(activation.rawValue)-\(rule.rawValue)/loss-times-\(weight)",
        twin.changed { $0.lossWeight = weight },
        Fault("subnormal-gradient", twin: twin))
    }
  }
}
