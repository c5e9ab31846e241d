import GradientHealth

/// Networks as one would build them, over architecture, depth, activation and optimizer.
enum HealthyFamilies {
  static var all: [Family] { dense + deep + convolutional + sequential + tasks }

  private static var dense: [Family] {
    let activations = Activation.allCases.map { activation in
      Family(
        healthy: "dense-2-\(activation.rawValue)-momentum",
        Setup(Stack(depth: 2, activation: activation)))
    }
    let rules = Rule.allCases.flatMap { rule in
      [Activation.relu, .tanh].map { activation in
        Family(
          healthy: "dense-3-\(activation.rawValue)-\(rule.rawValue)",
          Setup(Stack(depth: 3, width: 32, activation: activation), rule))
      }
    }
    return activations + rules + [
      Family(healthy: "dense-1-relu-sgd", Setup(Stack(depth: 1), .sgd)),
      Family(healthy: "dense-1-sigmoid-adam", Setup(Stack(depth: 1, activation: .sigmoid), .adam)),
    ]
  }

  private static var deep: [Family] {
    let plain = [5, 8, 12, 20].flatMap { depth in
      [Activation.relu, .tanh].map { activation in
        Family(
          healthy: "dense-\(depth)-\(activation.rawValue)-adam",
          Setup(Stack(depth: depth, width: 48, activation: activation), .adam, times: 0.3))
      }
    }
    let bypassed = [2, 5, 12, 25].map { blocks in
      Family(
        healthy: "residual-\(2 * blocks)-relu-adam",
        Setup(Stack(kind: .residual, depth: blocks), .adam, times: 0.3))
    }
    let normalized = [4, 8, 16].flatMap { depth in
      [Stack.Kind.batchNormalized, .layerNormalized].map { kind in
        Family(
          healthy: "\(kind.rawValue)-\(depth)-relu-momentum",
          Setup(Stack(kind: kind, depth: depth), .momentum))
      }
    }
    return plain + bypassed + normalized
  }

  private static var convolutional: [Family] {
    [2, 4, 8].flatMap { depth in
      [Activation.relu, .tanh, .gelu].map { activation in
        Family(
          healthy: "convolution-\(depth)-\(activation.rawValue)-adam",
          Setup(
            Stack(kind: .convolution, depth: depth, activation: activation),
            task: Task(form: .images), .adam, times: 0.5))
      }
    }
  }

  private static var sequential: [Family] {
    let recurrent = [Stack.Kind.rnn, .lstm, .gru].flatMap { kind in
      [5, 12].map { length in
        Family(
          healthy: "\(kind.rawValue)-1-over-\(length)-adam",
          Setup(Stack(kind: kind, depth: 1), task: Task(form: .sequences(length)), .adam))
      }
    }
    return recurrent
      + [1, 3, 4].map { blocks in
        Family(
          healthy: "attention-\(blocks)-gelu-adam",
          Setup(
            Stack(kind: .attention, depth: blocks, width: 16, activation: .gelu),
            task: Task(form: .sequences(6)), .adam))
      }
  }

  private static var tasks: [Family] {
    let losses: [(String, any Loss)] = [
      ("mean-squared-error", .meanSquaredError), ("half-squared-error", .halfSquaredError),
      ("huber", .huber()), ("mean-absolute-error", .meanAbsoluteError),
    ]
    let values = losses.map { name, loss in
      Family(
        healthy: "dense-2-tanh-adam/\(name)",
        Setup(Stack(depth: 2, activation: .tanh), task: Task(form: .functions), .adam)
          .changed { $0.loss = loss })
    }
    return values + [
      Family(
        healthy: "dense-2-relu-momentum/binary-cross-entropy",
        Setup(Stack(depth: 2), task: Task(form: .halves)))
    ]
  }
}
