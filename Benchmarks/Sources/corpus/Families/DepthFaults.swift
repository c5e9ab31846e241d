import GradientHealth

/// δ that fades or grows over depth, or is cut off.
enum DepthFaults {
  static var all: [Family] { vanishing + shrinking + exploding + bottlenecks }

  /// Sigmoids, each of which takes at least a factor of four.
  private static var vanishing: [Family] {
    let dense = [6, 8, 12, 20, 35, 50].flatMap { depth in
      [Rule.sgd, .momentum].map { rule in
        Family(
          "dense-\(depth)-sigmoid-\(rule.rawValue)/vanishing",
          Setup(Stack(depth: depth, activation: .sigmoid), rule),
          Fault(
            "vanishing-gradient", layers: firstThird(of: depth, "dense"),
            twin: Setup(Stack(kind: .layerNormalized, depth: min(depth, 12)), .momentum),
            effects: [.learnsLess, .firstLayerRests]))
      }
    }
    let convolutions = [6, 10].map { depth in
      Family(
        "convolution-\(depth)-sigmoid-momentum/vanishing",
        Setup(
          Stack(kind: .convolution, depth: depth, activation: .sigmoid), task: Task(form: .images)),
        Fault(
          "vanishing-gradient", layers: firstThird(of: depth, "convolution-2d"),
          twin: Setup(
            Stack(kind: .convolution, depth: min(depth, 8)), task: Task(form: .images), .adam,
            times: 0.5), effects: [.learnsLess, .firstLayerRests]))
    }
    return dense + convolutions
  }

  /// Weights that start too small.
  private static var shrinking: [Family] {
    [
      (10, Activation.tanh, 0.4), (20, .tanh, 0.5), (10, .relu, 0.4), (16, .relu, 0.5),
      (30, .relu, 0.6), (12, .gelu, 0.4),
    ].map { depth, activation, factor in
      let base: any Initializer = activation == .tanh ? .glorotUniform : .heUniform
      return Family(
        "dense-\(depth)-\(activation.rawValue)-momentum/starts-at-\(factor)",
        Setup(
          Stack(
            depth: depth, activation: activation,
            weights: { _ in Scaled(base: base, factor: factor) })),
        Fault(
          "vanishing-gradient", layers: firstThird(of: depth, "dense"),
          twin: Setup(
            Stack(depth: min(depth, 12), width: 48, activation: activation), .adam, times: 0.3),
          effects: [.learnsLess, .firstLayerRests]))
    }
  }

  /// Weights that start too large.
  private static var exploding: [Family] {
    [
      (8, Activation.relu, Rule.sgd, 3.0), (12, .relu, .sgd, 3), (12, .leakyReLU, .sgd, 2.5),
      (20, .relu, .sgd, 2.5), (30, .relu, .sgd, 2), (10, .elu, .sgd, 3), (16, .gelu, .sgd, 2.5),
      (24, .silu, .sgd, 2.5), (10, .relu, .momentum, 3), (14, .relu, .momentum, 2.5),
      (25, .leakyReLU, .momentum, 2), (8, .mish, .sgd, 3),
    ].map { depth, activation, rule, factor in
      Family(
        "dense-\(depth)-\(activation.rawValue)-\(rule.rawValue)/starts-at-\(factor)",
        Setup(
          Stack(
            depth: depth, activation: activation,
            weights: { _ in Scaled(base: .heUniform, factor: factor) }), rule),
        Fault(
          "exploding-gradient", twin: Setup(Stack(kind: .layerNormalized, depth: 8), .momentum),
          effects: [.learnsLess, .nonFinite]))
    }
  }

  /// One layer whose weights start at next to nothing and hardly move, in a healthy stack.
  private static var bottlenecks: [Family] {
    [(6, 3), (8, 5), (10, 6)].map { depth, place -> Family in
      var stack = Stack(depth: depth, activation: .tanh)
      let twin = Setup(stack, .sgd)
      stack.weights = { Scaled(base: .glorotUniform, factor: $0 == place ? 1e-3 : 1) }
      let setup = Setup(stack, .sgd).changed {
        $0.groups = [ParameterGroup(layers: "dense-\(place)", learningRate: 1e-5)]
      }
      let fault = Fault(
        "local-bottleneck", layers: ["dense-\(place)", "dense-\(place - 1)"], twin: twin,
        effects: [.learnsLess, .firstLayerRests])
      return Family("dense-\(depth)-tanh-sgd/thin-at-\(place)", setup, fault)
    }
  }

  /// The layers of which the first is to be looked at: the lowest third of the stack.
  private static func firstThird(of depth: Int, _ kind: String) -> Set<String> {
    Set((1...max(depth / 3, 1)).map { "\(kind)-\($0)" })
  }
}
