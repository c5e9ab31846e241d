import GradientHealth

/// Healthy runs that look ill to who looks at one figure alone: gradients that are zero by mathematics, tiny scales,
/// layers that rest on purpose.
enum OddFamilies {
  static var all: [Family] { scales + rests + zeros + rhythms }

  private static var usual: Setup { Setup(Stack(depth: 2)) }

  private static var scales: [Family] {
    let losses = [1e-6, 1e-3, 1e4].map { weight in
      Family(
        healthy: "dense-2-relu-momentum/loss-times-\(weight)",
        usual.changed {
          $0.lossWeight = weight
          $0.optimizer = Rule.momentum.optimizer(times: 1 / weight)
        })
    }
    let inputs = [0.05, 4].map { scale in
      Family(
        healthy: "dense-2-relu-adam/input-times-\(scale)",
        Setup(Stack(depth: 2), task: Task(scale: { _ in scale }), .adam))
    }
    return losses + inputs
  }

  private static var rests: [Family] {
    [
      Family(
        healthy: "dense-3-relu-momentum/first-frozen",
        Setup(Stack(depth: 3, width: 48)).changed {
          $0.groups = [ParameterGroup(layers: "dense-1", isFrozen: true)]
        }),
      Family(
        healthy: "dense-3-tanh-adam/last-frozen",
        Setup(Stack(depth: 3, activation: .tanh), .adam).changed {
          $0.groups = [ParameterGroup(layers: "dense-4", isFrozen: true)]
        }),
      Family(
        healthy: "dense-2-relu-momentum/adapter",
        Setup([
          Dense(32).named("trunk"), Dense(32).named("frozen").from("trunk"),
          Dense(2).named("down").from("trunk"), Dense(32, initializer: .zeros).named("up"),
          Add().from("frozen", "up"), LayerNode(ReLU()), LayerNode(Dense(4)),
        ]).changed { $0.groups = [ParameterGroup(layers: "frozen", isFrozen: true)] }),
      Family(
        healthy: "dense-2-relu-sgd/first-slow",
        Setup(Stack(depth: 2), .sgd).changed {
          $0.groups = [ParameterGroup(layers: "dense-1", learningRate: 0.01)]
        }),
    ]
  }

  private static var zeros: [Family] {
    [
      Family(
        healthy: "dense-2-relu-momentum/last-zero",
        Setup(Stack(depth: 2, weights: { $0 == 3 ? .zeros : nil }))),
      Family(
        healthy: "residual-8-relu-adam/branches-zero",
        Setup(
          Stack(kind: .residual, depth: 4, weights: { $0.isMultiple(of: 2) ? .zeros : nil }), .adam)
      ),
      Family(
        healthy: "dense-1-tanh-momentum/constant-below-random",
        Setup(
          Stack(depth: 1, activation: .tanh, weights: { $0 == 1 ? .constant(0.05) : nil }))),
      Family(
        healthy: "dense-2-relu-adam/sparse-biases",
        Setup(Stack(depth: 2, width: 48, biases: { _ in .constant(-0.3) }), .adam)),
      Family(
        healthy: "dense-3-relu-adam/dropout",
        Setup(
          [
            LayerNode(Dense(48)), LayerNode(ReLU()), LayerNode(Dropout(0.5)), LayerNode(Dense(48)),
            LayerNode(ReLU()), LayerNode(Dropout(0.3)), LayerNode(Dense(4)),
          ], .adam)),
      Family(
        healthy: "dense-3-relu-adam/narrow",
        Setup(
          [
            LayerNode(Dense(48)), LayerNode(ReLU()), LayerNode(Dense(3)), LayerNode(Tanh()),
            LayerNode(Dense(24)), LayerNode(ReLU()), LayerNode(Dense(4)),
          ], .adam)),
    ]
  }

  private static var rhythms: [Family] {
    let schedules: [(String, any Schedule)] = [
      ("warm-up", WarmupSchedule(steps: 80, startFactor: 0)), ("cosine", CosineSchedule()),
      ("one-cycle", OneCycleSchedule()), ("steps", StepSchedule(stepSize: 60)),
    ]
    let rates = schedules.map { name, schedule in
      Family(
        healthy: "dense-2-relu-momentum/\(name)", usual.changed { $0.schedule = [schedule] })
    }
    let batches = [(1, 0.1), (4, 0.3), (256, 2.0)].map { batch, factor in
      Family(
        healthy: "dense-2-tanh-sgd/batch-\(batch)",
        Setup(Stack(depth: 2, activation: .tanh), .sgd, times: factor).changed {
          $0.batch = batch
        })
    }
    return rates + batches + [
      Family(
        healthy: "dense-2-tanh-momentum/long-converged",
        Setup(Stack(depth: 2, activation: .tanh)).changed { $0.steps = 800 }),
      Family(
        healthy: "dense-2-relu-momentum/clipped-now-and-then",
        usual.changed { $0.clipping = .globalNorm(1) }),
      Family(
        healthy: "dense-2-relu-sgd/weight-decay",
        usual.changed { $0.optimizer = .sgd(learningRate: 0.1, weightDecay: 0.01) }),
      Family(
        healthy: "dense-2-relu-momentum/noisy", Setup(Stack(depth: 2), task: Task(noise: 2))),
      Family(healthy: "dense-2-relu-momentum/short", usual.changed { $0.steps = 60 }),
    ]
  }
}
