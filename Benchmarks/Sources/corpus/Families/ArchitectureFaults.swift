import GradientHealth

/// The same mistakes in convolutions, residual, normalized, recurrent and attention networks, and those networks healthy
/// on data that can't be told apart entirely.
enum ArchitectureFaults {
  static var all: [Family] { architectures.flatMap(families) }

  /// A healthy training, and the layer that is forgotten in a faulty one.
  private struct Architecture {
    let name: String
    let stack: Stack
    let task: Task
    let rule: Rule
    let layer: String
  }

  private static var architectures: [Architecture] {
    let points = Task(), images = Task(form: .images), sequences = Task(form: .sequences(8))
    return [
      Architecture(
        name: "convolution-3-relu-momentum", stack: Stack(kind: .convolution, depth: 3),
        task: images, rule: .momentum, layer: "convolution-2d-2"),
      Architecture(
        name: "convolution-3-tanh-sgd",
        stack: Stack(kind: .convolution, depth: 3, activation: .tanh), task: images, rule: .sgd,
        layer: "convolution-2d-1"),
      Architecture(
        name: "residual-6-gelu-sgd", stack: Stack(kind: .residual, depth: 3, activation: .gelu),
        task: points, rule: .sgd, layer: "branch-2"),
      Architecture(
        name: "batch-norm-5-relu-sgd", stack: Stack(kind: .batchNormalized, depth: 5),
        task: points, rule: .sgd, layer: "dense-3"),
      Architecture(
        name: "layer-norm-5-tanh-sgd",
        stack: Stack(kind: .layerNormalized, depth: 5, activation: .tanh), task: points,
        rule: .sgd, layer: "dense-2"),
      Architecture(
        name: "rnn-1-over-8-sgd", stack: Stack(kind: .rnn, depth: 1), task: sequences, rule: .sgd,
        layer: "rnn-1"),
      Architecture(
        name: "lstm-1-over-8-momentum", stack: Stack(kind: .lstm, depth: 1), task: sequences,
        rule: .momentum, layer: "lstm-1"),
      Architecture(
        name: "gru-1-over-8-momentum", stack: Stack(kind: .gru, depth: 1), task: sequences,
        rule: .momentum, layer: "gru-1"),
      Architecture(
        name: "attention-2-gelu-adam",
        stack: Stack(kind: .attention, depth: 2, width: 16, activation: .gelu), task: sequences,
        rule: .adam, layer: "attention-1"),
    ]
  }

  private static func families(_ architecture: Architecture) -> [Family] {
    let stack = architecture.stack, task = architecture.task, rule = architecture.rule
    let twin = Setup(stack, task: task, rule), name = architecture.name
    var noisy = task, missing = task
    noisy.noise = 2
    missing.missing = task.shape.count * 100 + 3
    return [
      Family(healthy: name, twin),
      Family(healthy: "\(name)/noisy", Setup(stack, task: noisy, rule)),
      Family(
        "\(name)/rate-times-1e-4", Setup(stack, task: task, rule, times: 1e-4),
        Fault("learning-rate-too-low", twin: twin)),
      Family(
        "\(name)/rate-times-1000", Setup(stack, task: task, rule, times: 1000),
        Fault(
          "learning-rate-too-high", aliases: ["dead-relu", "exploding-gradient", "non-finite"],
          cause: "learning-rate", twin: twin)),
      clipped(name, twin, rule),
      Family(
        "\(name)/forgets-\(architecture.layer)",
        twin.changed {
          $0.groups = [ParameterGroup(layers: architecture.layer, learningRate: 0)]
        },
        Fault(
          "untrained-layer", layers: [architecture.layer], twin: twin,
          effects: [.neverMoves(layer: architecture.layer)])),
      Family(
        "\(name)/missing-number", Setup(stack, task: missing, rule),
        Fault("non-finite", layers: ["input"], twin: twin, effects: [.nonFinite])),
    ]
  }

  /// A limit far below the gradient, which stops an optimizer whose steps follow it, and does nothing to Adam's.
  private static func clipped(_ name: String, _ twin: Setup, _ rule: Rule) -> Family {
    let setup = twin.changed { $0.clipping = .globalNorm(1e-6) }
    return rule == .adam
      ? Family(healthy: "\(name)/clipped-to-1e-6", setup)
      : Family("\(name)/clipped-to-1e-6", setup, Fault("clipping-always-on", twin: twin))
  }
}
