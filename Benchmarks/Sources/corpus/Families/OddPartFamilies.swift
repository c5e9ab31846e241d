import GradientHealth

/// Healthy runs in which a part of the network, or of the training, is left out, added later or held back on purpose.
enum OddPartFamilies {
  static var all: [Family] { frozen + adapted + gated + unused + heldBack + rescaled + resumed }

  private static var frozen: [Family] {
    [
      Family(
        healthy: "convolution-3-relu-adam/first-two-frozen",
        Setup(Stack(kind: .convolution, depth: 3), task: Task(form: .images), .adam).changed {
          $0.groups = [
            ParameterGroup(layers: "convolution-2d-1", "convolution-2d-2", isFrozen: true)
          ]
        }),
      Family(
        healthy: "residual-6-gelu-adam/half-frozen",
        Setup(Stack(kind: .residual, depth: 3, activation: .gelu), .adam).changed {
          $0.groups = [ParameterGroup(layers: "block-0", "dense-2", "branch-1", isFrozen: true)]
        }),
      Family(
        healthy: "lstm-1-over-8-adam/recurrent-frozen",
        Setup(Stack(kind: .lstm, depth: 1, width: 48), task: Task(form: .sequences(8)), .adam)
          .changed { $0.groups = [ParameterGroup(layers: "lstm-1", isFrozen: true)] }),
      Family(
        healthy: "dense-4-gelu-adam/middle-frozen",
        Setup(Stack(depth: 4, activation: .gelu), .adam).changed {
          $0.groups = [ParameterGroup(layers: "dense-2", "dense-3", isFrozen: true)]
        }),
    ]
  }

  /// Frozen layers, each with a product of two small ones beside it that starts at zero (Hu et al., 2022).
  private static var adapted: [Family] {
    [(Activation.tanh, Rule.adam, 2), (.gelu, .adamW, 1), (.relu, .sgd, 3)].map {
      activation, rule, rank -> Family in
      var nodes: [LayerNode] = []
      for layer in 1...2 {
        let below = layer == 1 ? "input" : "z-\(layer - 1)"
        nodes += [
          Dense(24).named("frozen-\(layer)").from(below),
          Dense(rank, bias: false).named("down-\(layer)").from(below),
          Dense(24, bias: false, initializer: .zeros).named("up-\(layer)").from("down-\(layer)"),
          Add().from("frozen-\(layer)", "up-\(layer)").named("a-\(layer)"),
          activation.node.from("a-\(layer)").named("z-\(layer)"),
        ]
      }
      return Family(
        healthy: "dense-2-\(activation.rawValue)-\(rule.rawValue)/adapters-of-\(rank)",
        Setup(nodes + [LayerNode(Dense(4))], rule, times: rule == .sgd ? 1 : 2).changed {
          $0.groups = [ParameterGroup(layers: "frozen-*", isFrozen: true)]
        })
    }
  }

  /// Branches that a gate lets in bit by bit, from nothing (Bachlechner et al., 2021).
  private static var gated: [Family] {
    [(Activation.relu, Rule.adam, 3), (.tanh, .momentum, 5), (.gelu, .sgd, 2)].map {
      activation, rule, blocks -> Family in
      var nodes = [Dense(24).named("block-0")]
      for block in 1...blocks {
        let input = "block-\(block - 1)"
        nodes += [
          Dense(24).named("dense-\(block)").from(input), activation.node.named("z-\(block)"),
          Dense(24, initializer: .zeros).named("gate-\(block)").from(input),
          Multiply().from("z-\(block)", "gate-\(block)").named("branch-\(block)"),
          Add().from(input, "branch-\(block)").named("block-\(block)"),
        ]
      }
      return Family(
        healthy: "residual-\(blocks)-\(activation.rawValue)-\(rule.rawValue)/gates-from-zero",
        Setup(nodes + [LayerNode(Dense(4))], rule, times: 0.5))
    }
  }

  /// Heads, and what lies before them, that no loss asks.
  private static var unused: [Family] {
    [(Activation.relu, Rule.momentum), (.tanh, .adam), (.gelu, .sgd)].map {
      activation, rule -> Family in
      let nodes = [
        Dense(24).named("trunk"), activation.node.named("z"), Dense(4).named("asked").from("z"),
        Dense(12).named("aside").from("z"), activation.node.from("aside").named("aside-z"),
        Dense(4).named("unasked").from("aside-z"),
      ]
      return Family(
        healthy: "dense-1-\(activation.rawValue)-\(rule.rawValue)/unused-head",
        Setup(nodes, rule).changed { $0.heads = ["asked", "unasked"] })
    }
  }

  private static var heldBack: [Family] {
    [
      Family(
        healthy: "attention-2-gelu-adam/warm-up-of-120",
        Setup(
          Stack(kind: .attention, depth: 2, width: 16, activation: .gelu),
          task: Task(form: .sequences(6)), .adam
        ).changed { $0.schedule = [WarmupSchedule(steps: 120, startFactor: 0)] }),
      Family(
        healthy: "dense-3-tanh-sgd/warm-up-of-150",
        Setup(Stack(depth: 3, activation: .tanh), .sgd).changed {
          $0.schedule = [WarmupSchedule(steps: 150, startFactor: 0)]
          $0.steps = 300
        }),
      Family(
        healthy: "batch-norm-4-relu-momentum/warm-up-then-cosine",
        Setup(Stack(kind: .batchNormalized, depth: 4)).changed {
          $0.schedule = [WarmupSchedule(steps: 60, startFactor: 0.01), CosineSchedule()]
        }),
      Family(
        healthy: "dense-2-gelu-adam/cosine-to-nothing",
        Setup(Stack(depth: 2, activation: .gelu), .adam).changed {
          $0.schedule = [CosineSchedule()]
          $0.steps = 400
        }),
    ]
  }

  private static var rescaled: [Family] {
    let adam = [1e-4, 1e3].map { weight in
      Family(
        healthy: "convolution-3-relu-adam/loss-times-\(weight)",
        Setup(Stack(kind: .convolution, depth: 3), task: Task(form: .images), .adam).changed {
          $0.lossWeight = weight
        })
    }
    let sgd = [1e-5, 1e5].map { weight in
      Family(
        healthy: "gru-1-over-8-sgd/loss-times-\(weight)",
        Setup(Stack(kind: .gru, depth: 1), task: Task(form: .sequences(8)), .sgd, times: 5 / weight)
          .changed { $0.lossWeight = weight })
    }
    let small = [(Stack.Kind.layerNormalized, 4), (.batchNormalized, 6)].map { kind, depth in
      Family(
        healthy: "\(kind.rawValue)-\(depth)-tanh-adam/starts-at-0.05",
        Setup(
          Stack(
            kind: kind, depth: depth, activation: .tanh,
            weights: { _ in Scaled(base: .glorotUniform, factor: 0.05) }), .adam))
    }
    return adam + sgd + small
  }

  /// Trainings that had learned all there is before the trace begins.
  private static var resumed: [Family] {
    [(Activation.relu, Rule.momentum), (.tanh, .adam), (.gelu, .sgd)].map { activation, rule in
      Family(
        healthy: "dense-2-\(activation.rawValue)-\(rule.rawValue)/resumed",
        Setup(Stack(depth: 2, activation: activation), rule).changed { $0.earlierSteps = 600 })
    } + [
      Family(
        healthy: "convolution-3-relu-adam/resumed",
        Setup(Stack(kind: .convolution, depth: 3), task: Task(form: .images), .adam, times: 0.5)
          .changed { $0.earlierSteps = 300 })
    ]
  }
}
