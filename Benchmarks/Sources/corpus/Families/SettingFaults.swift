import GradientHealth

/// Mistakes in the learning rate, the data and what the optimizer is given.
enum SettingFaults {
  static var all: [Family] {
    tooHigh + unsettled + leaping + tooLow + inputs + forgotten + clipped + memorized + missing
  }

  private static var tooHigh: [Family] {
    [
      (Activation.tanh, Rule.momentum, 1000.0), (.tanh, .sgd, 1000), (.relu, .sgd, 300),
      (.relu, .momentum, 300), (.sigmoid, .momentum, 1000),
    ].map { activation, rule, factor in
      Family(
        "dense-2-\(activation.rawValue)-\(rule.rawValue)/rate-times-\(factor)",
        Setup(Stack(depth: 2, activation: activation), rule, times: factor),
        Fault(
          "learning-rate-too-high", aliases: tellingOfTheRate,
          cause: "learning-rate", twin: Setup(Stack(depth: 2, activation: activation), rule)))
    }
  }

  /// Functions that have to be met, not only told apart: a rate at which they never are.
  private static var unsettled: [Family] {
    [(Activation.tanh, Rule.adam, 3000.0), (.gelu, .adam, 300), (.elu, .rmsprop, 1000)].map {
      activation, rule, factor -> Family in
      let stack = Stack(depth: 2, activation: activation), task = Task(form: .functions)
      let fault = Fault(
        "learning-rate-too-high", aliases: tellingOfTheRate, cause: "learning-rate",
        twin: Setup(stack, task: task, .adam))
      return Family(
        "dense-2-\(activation.rawValue)-\(rule.rawValue)/functions-rate-times-\(factor)",
        Setup(stack, task: task, rule, times: factor), fault)
    }
  }

  /// A rate that leaps for a few steps in the middle of a run.
  private static var leaping: [Family] {
    [(Activation.relu, 60, 300.0), (.relu, 110, 100), (.tanh, 80, 1000)].map {
      activation, first, factor -> Family in
      let twin = Setup(Stack(depth: 3, activation: activation), .sgd).changed { $0.steps = 300 }
      let fault = Fault(
        "learning-rate-too-high", aliases: tellingOfTheRate, cause: "learning-rate", begins: first,
        twin: twin)
      return Family(
        "dense-3-\(activation.rawValue)-sgd/leap-at-\(first)",
        twin.changed { $0.schedule = [RateSpike(first: first, length: 3, factor: factor)] }, fault)
    }
  }

  /// The symptoms that tell of a learning rate themselves, where it brought them about.
  private static let tellingOfTheRate: Set<String> = [
    "dead-relu", "exploding-gradient", "non-finite",
  ]

  private static var tooLow: [Family] {
    [(Activation.relu, Rule.sgd), (.tanh, .momentum), (.relu, .adam), (.gelu, .adamW)].map {
      activation, rule in
      Family(
        "dense-2-\(activation.rawValue)-\(rule.rawValue)/rate-times-1e-4",
        Setup(Stack(depth: 2, activation: activation), rule, times: 1e-4),
        Fault(
          "learning-rate-too-low", twin: Setup(Stack(depth: 2, activation: activation), rule)))
    }
  }

  private static var inputs: [Family] {
    [Activation.relu, .tanh].flatMap { activation in
      let twin = Setup(Stack(depth: 2, activation: activation))
      let stack = Stack(depth: 2, activation: activation)
      return [
        Family(
          "dense-2-\(activation.rawValue)-momentum/unequal-features",
          Setup(stack, task: Task(scale: { $0 == 0 ? 5000 : $0 == 1 ? 100 : 1 })),
          Fault("unnormalized-input", layers: ["input"], twin: twin)),
        Family(
          "dense-2-\(activation.rawValue)-momentum/pixels-to-255",
          Setup(stack, task: Task(scale: { _ in 40 }, offset: 3)),
          Fault("unnormalized-input", layers: ["input"], twin: twin)),
      ]
    }
  }

  /// Layers that the optimizer was not given.
  private static var forgotten: [Family] {
    [(3, 1), (4, 2), (6, 3)].map { depth, place in
      Family(
        "dense-\(depth)-relu-momentum/forgets-\(place)",
        Setup(Stack(depth: depth)).changed {
          $0.groups = [ParameterGroup(layers: "dense-\(place)", learningRate: 0)]
        },
        Fault(
          "untrained-layer", layers: ["dense-\(place)"], twin: Setup(Stack(depth: depth)),
          effects: [.neverMoves(layer: "dense-\(place)")]))
    }
  }

  private static var clipped: [Family] {
    [(Activation.relu, 1e-6), (.tanh, 1e-5)].map { activation, limit in
      Family(
        "dense-2-\(activation.rawValue)-momentum/clipped-to-\(limit)",
        Setup(Stack(depth: 2, activation: activation)).changed { $0.clipping = .globalNorm(limit) },
        Fault(
          "clipping-always-on", twin: Setup(Stack(depth: 2, activation: activation))))
    }
  }

  /// Far too few examples, seen far too often.
  private static var memorized: [Family] {
    [
      (1, Activation.relu, 24, 5.0), (1, .relu, 40, 5), (2, .tanh, 32, 4), (2, .gelu, 48, 4),
      (3, .relu, 64, 5), (1, .tanh, 20, 6), (2, .relu, 32, 6), (2, .silu, 40, 5),
    ].map { depth, activation, examples, noise in
      let few = Setup(
        Stack(depth: depth, width: 64, activation: activation),
        task: Task(examples: examples, noise: noise), .adam, times: 3
      ).changed { $0.steps = 400 }
      return Family(
        "dense-\(depth)-\(activation.rawValue)-adam/\(examples)-examples", few,
        Fault(
          "overfitting", twin: few.changed { $0.task = Task(examples: 512) },
          effects: [.answersStrangersWorse]))
    }
  }

  /// A number that is none among the inputs.
  private static var missing: [Family] {
    [Activation.relu, .tanh].map { activation in
      Family(
        "dense-2-\(activation.rawValue)-momentum/missing-number",
        Setup(Stack(depth: 2, activation: activation), task: Task(missing: 803)),
        Fault(
          "non-finite", layers: ["input"],
          twin: Setup(Stack(depth: 2, activation: activation)), effects: [.nonFinite]))
    }
  }
}
