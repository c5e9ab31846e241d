import GradientHealth

/// Units that are off, at their ends, or all alike.
enum UnitFaults {
  static var all: [Family] { sunk + quiet + shut + saturated + alike }

  /// Biases so far below zero that most or all units of a layer never fire.
  private static var sunk: [Family] {
    let places: [(Int, Int, Double)] = [
      (3, 2, 0.6), (3, 1, 0.8), (4, 3, 0.7), (5, 4, 1.0), (3, 2, 1.0), (8, 4, 0.8),
    ]
    let dense = places.map { depth, place, share -> Family in
      let name = "dense-\(depth)-relu-adam/sunk-\(share)-of-\(place)"
      var stack = Stack(depth: depth, width: 40)
      let twin = Setup(stack, .adam)
      stack.biases = { PartlySunk(share: $0 == place ? share : 0) }
      let fault = Fault(
        "dead-relu", layers: ["relu-\(place)"], aliases: share == 1 ? ["blocked-gradient"] : [],
        cause: "dead-units", twin: twin, effects: [.unitsDie(layer: "relu-\(place)")])
      return Family(name, Setup(stack, .adam), fault)
    }
    let convolutions = [(4, 2), (4, 3)].map { depth, place -> Family in
      let name = "convolution-\(depth)-relu-adam/sunk-0.75-of-\(place)"
      var stack = Stack(kind: .convolution, depth: depth)
      let twin = Setup(stack, task: Task(form: .images), .adam, times: 0.5)
      stack.biases = { PartlySunk(share: $0 == place ? 0.75 : 0) }
      let fault = Fault(
        "dead-relu", layers: ["relu-\(place)"], twin: twin,
        effects: [.unitsDie(layer: "relu-\(place)")])
      return Family(name, Setup(stack, task: Task(form: .images), .adam, times: 0.5), fault)
    }
    return dense + convolutions
  }

  /// Most units of a smooth activation so far below zero that they say next to nothing, though never quite nothing.
  private static var quiet: [Family] {
    [(3, 2, Activation.gelu, 0.8), (2, 1, .silu, 0.7), (4, 3, .mish, 0.75), (3, 1, .gelu, 0.7)].map
    {
      depth, place, activation, share -> Family in
      var stack = Stack(depth: depth, width: 40, activation: activation)
      let twin = Setup(stack, .momentum)
      stack.biases = { PartlySunk(share: $0 == place ? share : 0, bias: -25) }
      let layer = "\(activation.rawValue)-\(place)"
      return Family(
        "dense-\(depth)-\(activation.rawValue)-momentum/quiet-\(share)-of-\(place)",
        Setup(stack, .momentum),
        Fault(
          "dormant-units", layers: [layer], twin: twin, effects: [.unitsAreQuiet(layer: layer)]))
    }
  }

  /// A gate that stays shut: its factor is zero, and nothing trains it.
  private static var shut: [Family] {
    [
      (Activation.tanh, Rule.adam, 1), (.gelu, .momentum, 2), (.leakyReLU, .sgd, 3),
      (.silu, .adam, 1),
    ]
    .map {
      activation, rule, depth -> Family in
      var stack = Stack(depth: depth, activation: activation)
      stack.depth = depth
      let below = Array(stack.layers(outputs: 4).dropLast())
      let nodes =
        below.dropLast() + [
          activation.node.named("z"),
          Dense(24, initializer: .zeros).named("gate").from("input"),
          Multiply().from("z", "gate"), LayerNode(Dense(24)), activation.node,
          LayerNode(Dense(4)),
        ]
      return Family(
        "dense-\(depth + 1)-\(activation.rawValue)-\(rule.rawValue)/shut-above-\(depth)",
        Setup(Array(nodes), rule).changed {
          $0.groups = [ParameterGroup(layers: "gate", isFrozen: true)]
        },
        Fault(
          "blocked-gradient", layers: ["dense-\(depth)"],
          twin: Setup(Stack(depth: depth + 1, activation: activation), rule)))
    }
  }

  /// Weights, or inputs, that push sigmoids and tanhs to their flat ends.
  private static var saturated: [Family] {
    [(2, Activation.sigmoid, 10.0), (2, .tanh, 10), (3, .tanh, 6), (4, .sigmoid, 8)].map {
      depth, activation, deviation in
      Family(
        "dense-\(depth)-\(activation.rawValue)-sgd/weights-of-\(deviation)",
        Setup(
          Stack(
            depth: depth, activation: activation,
            weights: { $0 <= depth ? .normal(standardDeviation: deviation) : nil }), .sgd,
          times: 0.01),
        Fault(
          "saturated-activation", layers: Set((1...depth).map { "\(activation.rawValue)-\($0)" }),
          twin: Setup(Stack(depth: depth, activation: activation), .adam),
          effects: [.learnsLess]))
    }
  }

  /// Weights that all start alike: at zero, or at another value.
  private static var alike: [Family] {
    [Activation.relu, .tanh, .sigmoid, .gelu].flatMap { activation in
      [2, 4].flatMap { depth in
        let twin = Setup(Stack(depth: depth, activation: activation), .adam)
        let layers = Set((1...depth + 1).map { "dense-\($0)" })
        return [
          Family(
            "dense-\(depth)-\(activation.rawValue)-momentum/zeros",
            Setup(Stack(depth: depth, activation: activation, weights: { _ in .zeros })),
            Fault("zero-initialization", layers: layers, twin: twin)),
          Family(
            "dense-\(depth)-\(activation.rawValue)-adam/constant",
            Setup(
              Stack(depth: depth, activation: activation, weights: { _ in .constant(0.1) }), .adam),
            Fault("symmetric-initialization", layers: layers, twin: twin)),
        ]
      }
    }
  }
}
