import GradientHealth

/// δ that fades or grows on its way back through a sequence.
enum TimeFaults {
  static var all: [Family] { openings + shrinking + growing }

  private static func twin(_ task: Task) -> Setup {
    Setup(Stack(kind: .rnn, depth: 1, width: 16), task: task, .adam)
  }

  /// A plain recurrent layer that would have to remember what it saw first.
  private static var openings: [Family] {
    [
      (40, Rule.momentum), (60, .momentum), (80, .momentum), (30, .momentum), (50, .momentum),
      (40, .sgd), (60, .sgd), (50, .adam),
    ].map { length, rule in
      Family(
        "rnn-1-over-\(length)-\(rule.rawValue)/opening",
        Setup(
          Stack(kind: .rnn, depth: 1, width: 16), task: Task(form: .openings(length), noise: 0.3),
          rule),
        Fault(
          "vanishing-through-time", layers: ["rnn-1"],
          twin: twin(Task(form: .openings(4), noise: 0.3))))
    }
  }

  /// A recurrent layer whose weights start as `factor` times Glorot's.
  private static func recurrent(_ activation: RNN.Activation, _ factor: Double) -> [LayerNode] {
    [
      LayerNode(
        RNN(
          16, activation: activation,
          recurrentInitializer: Scaled(base: .glorotUniform, factor: factor))),
      LayerNode(Dense(4)),
    ]
  }

  /// Recurrent weights that start too small for what the first step tells to arrive.
  private static var shrinking: [Family] {
    [(16, Rule.momentum, 0.3), (24, .sgd, 0.4), (20, .momentum, 0.2), (30, .sgd, 0.5)].map {
      length, rule, factor in
      let task = Task(form: .openings(length), noise: 0.3)
      return Family(
        "rnn-1-over-\(length)-\(rule.rawValue)/recurrent-times-\(factor)",
        Setup(recurrent(.tanh, factor), task: task, rule),
        Fault(
          "vanishing-through-time", layers: ["rnn-1"],
          twin: twin(Task(form: .openings(4), noise: 0.3))))
    }
  }

  /// Recurrent weights that start too large, with nothing that bounds what they make.
  private static var growing: [Family] {
    [(12, Rule.sgd, 4.0), (20, .sgd, 3), (20, .momentum, 4), (30, .sgd, 2.5), (40, .momentum, 2.5)]
      .map { length, rule, factor in
        let task = Task(form: .sequences(length))
        return Family(
          "rnn-1-over-\(length)-\(rule.rawValue)/recurrent-times-\(factor)",
          Setup(recurrent(.relu, factor), task: task, rule),
          Fault(
            "exploding-through-time", layers: ["rnn-1"], twin: twin(Task(form: .sequences(length))),
            effects: [.learnsLess, .nonFinite]))
      }
  }
}
