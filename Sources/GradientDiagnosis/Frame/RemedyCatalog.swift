/// The remedies that findings offer, in words that fit any run; findings put the run's own figures in where they can.
extension Remedy {
  package static let useReLU = Remedy(
    id: "use-relu",
    text: "Use relu with He initialization in place of the saturating activations.")
  package static let batchNormalization = Remedy(
    id: "batch-normalization",
    text: "Put a batch-norm or layer-norm before each activation, which keeps δ at one scale.")
  package static let residuals = Remedy(
    id: "residual-connections",
    text: "Add residual connections, which carry δ past the layers.")
  package static let heInitialization = Remedy(
    id: "he-initialization",
    text: "Use He initialization: weights of standard deviation √(2/inputs) before a ReLU.")
  package static let xavierInitialization = Remedy(
    id: "xavier-initialization",
    text: "Use Xavier initialization: weights of standard deviation √(2/(inputs + outputs)).")
  package static let fewerLayers = Remedy(
    id: "fewer-layers", text: "Use fewer layers.")
  static let clipping = Remedy(
    id: "gradient-clipping", text: "Clip the gradient by its global norm, say at 1.")
  static let warmup = Remedy(
    id: "warmup",
    text: "Let the learning rate rise from near zero over the first 100 steps or more.")
  package static let constantRate = Remedy(
    id: "constant-learning-rate",
    text: "Train at a constant learning rate first, without a schedule.")
  static let leakyReLU = Remedy(
    id: "use-leaky-relu",
    text: "Use leaky-relu, whose units keep a slope where they are off and can come back.")
  static let normalizeInput = Remedy(
    id: "normalize-input",
    text: "Normalize the input: mean 0 and standard deviation 1 for each feature.")
  package static let randomInitialization = Remedy(
    id: "random-initialization",
    text:
      "Draw the initial weights at random, by He's scale before a ReLU and by Xavier's elsewhere; "
      + "only a last layer may start at zero.")
  static let adaptiveOptimizer = Remedy(
    id: "adaptive-optimizer",
    text: "Use adam, whose steps do not follow the gradient's size.")
  static let trainLayer = Remedy(
    id: "train-layer",
    text:
      "Hand the layer's parameters to the optimizer, with a learning rate above zero. If they are "
      + "to rest, say so: ‘frozen: true’ in a model file, ‘requires_grad_(False)’ in PyTorch.")
  static let weightDecay = Remedy(
    id: "weight-decay", text: "Add weight decay, 0.01 at first, which keeps the weights small.")
  static let dropout = Remedy(
    id: "dropout", text: "Add dropout before the last layers, at a rate of 0.2 to 0.5.")
  static let moreData = Remedy(
    id: "more-data", text: "Train on more examples, or on varied copies of those there are.")
  static let lowerMomentum = Remedy(
    id: "lower-momentum", text: "Lower the momentum, to 0.9 or less.")
  static let largerBatch = Remedy(
    id: "larger-batch", text: "Use larger batches, whose gradients are less noisy.")
  static let scaleLoss = Remedy(
    id: "scale-loss",
    text: "Give the loss a weight near 1, or multiply it by a constant and divide the gradients by "
      + "that before the update.")
  static let gatedRecurrence = Remedy(
    id: "use-lstm", text: "Use lstm or gru, whose gates carry δ over many steps.")
  static let longerMemory = Remedy(
    id: "longer-memory",
    text:
      "Start with gates that hold for as long as the sequence: forget biases of log(length − 1).")
  static let orthogonalInitialization = Remedy(
    id: "orthogonal-initialization",
    text: "Use orthogonal initialization for the recurrent weights, which keeps δ at one size.")
  static let shorterSequences = Remedy(
    id: "shorter-sequences", text: "Cut the sequences into shorter pieces.")
  static let labelSmoothing = Remedy(
    id: "label-smoothing",
    text: "Ask the discriminator for 0.9 instead of 1, so that it is never quite sure.")
  static let zeroBias = Remedy(
    id: "zero-bias", text: "Start the biases at zero.")
  package static let checkData = Remedy(
    id: "check-data", text: "Look for missing or infinite values in the data.")
  package static let fitOutput = Remedy(
    id: "fit-output",
    text: "Let the last layer give what the loss takes: no softmax, sigmoid or ReLU before a loss "
      + "that takes logits.")
  static let checkColumns = Remedy(
    id: "check-columns",
    text: "Check which columns of the data the network is given, and that they vary.")
  static let checkSign = Remedy(
    id: "check-sign",
    text: "Check the sign of the update and of the loss: a step must go against the gradient.")
  package static let checkTargets = Remedy(
    id: "check-targets", text: "Check that the targets belong to the inputs and fit the loss.")
  static let guardOperations = Remedy(
    id: "guard-operations",
    text: "Look for a logarithm or a division of zero in the layer; use a loss that takes logits.")
  package static let checkGraph = Remedy(
    id: "check-graph",
    text: "Check that the layer is connected: nothing may detach it, multiply it by zero or round.")

  /// Weights of one layer that start on another scale: He's, or Xavier's where no ReLU follows what feeds it.
  static func rescaling(of layer: String, from old: Double, to new: Double, he: Bool) -> Remedy {
    Remedy(
      id: he ? heInitialization.id : xavierInitialization.id,
      text: "Start the weights of \(layer) with a standard deviation of \(Wording.short(new)) "
        + "instead of \(Wording.short(old)): \(he ? "He" : "Xavier") initialization for its inputs."
    )
  }

  /// What lets a recurrent layer of this kind learn from what lies far back: one with gates can hold for longer; one without,
  /// or of a kind that doesn't tell, can get some.
  static func memory(of kind: String) -> [Remedy] {
    switch kind {
    case "lstm", "gru": [.longerMemory]
    case "rnn": [.gatedRecurrence]
    default: [.gatedRecurrence, .longerMemory]
    }
  }

  /// Stopping early; at the step that was best, where it is known.
  static func stopEarly(at step: Int? = nil) -> Remedy {
    Remedy(
      id: "stop-early",
      text: step.map {
        "Stop at step \($0), or stop early: end training once the validation loss has not fallen for "
          + "5 epochs, say."
      } ?? "Stop early: end training once the validation loss has not fallen for 5 epochs, say.")
  }

  /// Two networks that learn at one pace again; with their names where they are known.
  static func balancePlayers(
    winner: String = "the winner", loser: String = "the loser"
  ) -> Remedy {
    Remedy(
      id: "balance-players",
      text:
        "Lower the learning rate of \(winner), or let \(loser) take several steps for each of its.")
  }

  /// A higher limit of clipping: `factor` times the present one where that is known, in figures where the limit is too.
  static func higherClipping(by factor: Double? = nil, from limit: Double? = nil) -> Remedy {
    let text =
      factor.map { factor in
        let times = "\(Wording.short(factor)) times"
        return limit.map {
          "Raise the clipping limit from \(Wording.short($0)) to \(Wording.short($0 * factor)), \(times) "
            + "as much: the gradient's usual norm."
        } ?? "Raise the clipping limit to \(times) this run's, which is the gradient's usual norm."
      } ?? "Raise the clipping limit to a few times the gradient's usual norm."
    return Remedy(id: "higher-clipping-limit", text: text)
  }

  /// A lower learning rate, with the run's own where it is known; one above zero where that is below.
  static func lowerLearningRate(than rate: Double? = nil) -> Remedy {
    if let rate, rate < 0 {
      return Remedy(
        id: Remedy.constantRate.id,
        text: "Train at a constant learning rate above zero, without the schedule that makes it "
          + "\(Wording.short(rate)).")
    }
    let text =
      rate.map {
        "Lower the learning rate to \(Wording.short($0 / 10)) or less, a tenth of this run's "
          + "\(Wording.short($0))."
      } ?? "Lower the learning rate, to a tenth at first."
    return Remedy(id: "lower-learning-rate", text: text)
  }

  /// A higher learning rate; with the run's own where it is known.
  static func higherLearningRate(than rate: Double? = nil) -> Remedy {
    let text =
      rate.map {
        "Raise the learning rate to \(Wording.short($0 * 10)), ten times this run's "
          + "\(Wording.short($0))."
      } ?? "Raise the learning rate, tenfold at first."
    return Remedy(id: "higher-learning-rate", text: text)
  }

  /// Remedies as one text, best first, as `Use lstm or gru. Or: lower the learning rate.` is one.
  package static func list(_ remedies: [Remedy]) -> String {
    (remedies.prefix(1).map(\.text) + remedies.dropFirst().map(\.alternative))
      .joined(separator: " Or: ")
  }

  /// The text after an "Or:".
  package var alternative: String { text.prefix(1).lowercased() + text.dropFirst() }
}
