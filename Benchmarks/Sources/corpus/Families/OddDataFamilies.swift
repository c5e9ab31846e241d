import GradientHealth

/// Healthy runs on data that few networks are shown: sparse, scarce, noisy, mislabelled, tiny.
enum OddDataFamilies {
  static var all: [Family] { sparse + scarce + batches + scales + mislabelled }

  private static var sparse: [Family] {
    [(Activation.relu, Rule.adam, 0.8), (.tanh, .momentum, 0.6), (.gelu, .adagrad, 0.7)].map {
      activation, rule, share -> Family in
      let stack = Stack(depth: 2, width: 48, activation: activation)
      return Family(
        healthy: "dense-2-\(activation.rawValue)-\(rule.rawValue)/sparse-\(share)",
        Setup(stack, task: Task(form: .images, noise: 0.5, sparsity: share), rule)
          .changed { $0.layers.insert(LayerNode(Flatten()), at: 0) })
    }
  }

  /// Few examples with noise, and what one does about it.
  private static var scarce: [Family] {
    [
      Family(
        healthy: "dense-1-tanh-sgd/64-noisy-examples",
        Setup(
          Stack(depth: 1, width: 8, activation: .tanh), task: Task(examples: 64, noise: 2), .sgd
        )
        .changed { $0.steps = 120 }),
      Family(
        healthy: "dense-1-relu-adamw/48-noisy-examples",
        Setup(Stack(depth: 1, width: 12), task: Task(examples: 48, noise: 1.5), .adamW)
          .changed { $0.steps = 150 }),
      Family(
        healthy: "dense-2-relu-momentum/96-noisy-examples-decayed",
        Setup(Stack(depth: 2), task: Task(examples: 96, noise: 2)).changed {
          $0.optimizer = .sgd(learningRate: 0.02, momentum: 0.9, weightDecay: 0.02)
        }),
      Family(
        healthy: "dense-2-tanh-adam/80-examples-for-long",
        Setup(Stack(depth: 2, activation: .tanh), task: Task(examples: 80), .adam)
          .changed { $0.steps = 500 }),
    ]
  }

  private static var batches: [Family] {
    [
      (Activation.relu, Rule.adam, 1, 0.3), (.tanh, .momentum, 1, 0.1), (.gelu, .adam, 2, 0.3),
      (.relu, .momentum, 2, 0.1), (.sigmoid, .rmsprop, 4, 0.5),
    ].map { activation, rule, batch, factor in
      Family(
        healthy: "dense-2-\(activation.rawValue)-\(rule.rawValue)/batch-\(batch)",
        Setup(Stack(depth: 2, activation: activation), rule, times: factor).changed {
          $0.batch = batch
          $0.steps = 400
        })
    } + [
      Family(
        healthy: "batch-norm-3-relu-sgd/batch-8",
        Setup(Stack(kind: .batchNormalized, depth: 3), .sgd, times: 0.3).changed { $0.batch = 8 })
    ]
  }

  private static var scales: [Family] {
    [(0.03, 1.0, 300), (100, 10, 600)].map { scale, factor, steps -> Family in
      // What answers so small start from has to be as small.
      let stack = Stack(
        depth: 2, activation: .tanh, weights: { $0 == 3 && scale < 1 ? .zeros : nil })
      return Family(
        healthy: "dense-2-tanh-adam/answers-times-\(scale)",
        Setup(stack, task: Task(form: .functions, answerScale: scale), .adam, times: factor)
          .changed {
            $0.steps = steps
            $0.schedule = [CosineSchedule()]
          })
    }
      + [1e-3, 1e3].map { scale in
        Family(
          healthy: "batch-norm-2-relu-momentum/input-times-\(scale)",
          Setup(
            [LayerNode(BatchNorm())] + Stack(kind: .batchNormalized, depth: 2).layers(outputs: 4),
            task: Task(scale: { _ in scale })))
      }
  }

  private static var mislabelled: [Family] {
    [(Activation.relu, Rule.momentum, 0.2), (.tanh, .adam, 0.3), (.silu, .sgd, 0.1)].map {
      activation, rule, share in
      Family(
        healthy: "dense-2-\(activation.rawValue)-\(rule.rawValue)/stray-labels-\(share)",
        Setup(
          Stack(depth: 2, activation: activation), task: Task(examples: 1024, strayLabels: share),
          rule))
    }
  }
}
