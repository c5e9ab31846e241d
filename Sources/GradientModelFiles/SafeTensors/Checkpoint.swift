public import Backpropagation
public import GzipIO

/// A training's state in a file: one safetensors file, from which the run goes on as if it had never stopped.
///
/// Parameters stand under their names, what the optimizer keeps under `optimizer:0/NAME`, and what schedules, stopping
/// criteria and the recording have taken in under `memory:…`.
public struct Checkpoint: Sendable, Equatable {
  /// The state.
  public var state: TrainingState
  /// What must be the same in the run that goes on: the model, the seed and so on.
  public var settings: [String: String]

  private static let format = "gradient-checkpoint"
  private static let optimizerPrefix = "optimizer:"
  private static let memoryPrefix = "memory:"

  /// Describes the state of a trainer's run on so many examples.
  public init(_ state: TrainingState, of trainer: Trainer, examples: Int) {
    self.state = state
    settings = Self.settings(of: trainer, examples: examples)
  }

  /// Reads the file at `path`, at most `limit` bytes of it.
  ///
  /// - Throws: An ``InputError`` if it is no checkpoint.
  public init(
    contentsOf path: String, limit: Int = FileReader.defaultLimit
  ) throws(InputError) {
    let file = try SafeTensors(contentsOf: path, limit: limit)
    var settings = file.metadata
    guard settings.removeValue(forKey: "format") == Self.format else {
      throw InputError(file: path, "is no checkpoint of gradcheck")
    }
    let version = settings.removeValue(forKey: "version") ?? ""
    guard version == "1" else {
      throw InputError(file: path, "is of version \(version.quoted), expected version 1")
    }
    guard let steps = settings.removeValue(forKey: "steps").flatMap({ Int($0) }), steps >= 0
    else { throw InputError(file: path, "doesn't say how many steps it is from") }
    self.settings = settings
    state = TrainingState(steps: steps, parameters: [], optimizer: [], memory: [:])
    for (name, array) in file.tensors.sorted(by: { $0.key < $1.key }) {
      func values(_ name: Substring) -> TrainingState.Values {
        TrainingState.Values(
          name: String(name), shape: Shape(array.shape), numbers: array.numbers)
      }
      if name.hasPrefix(Self.memoryPrefix) {
        state.memory[String(name.dropFirst(Self.memoryPrefix.count))] = array.numbers
      } else if name.hasPrefix(Self.optimizerPrefix) {
        state.optimizer.append(values(name.dropFirst(Self.optimizerPrefix.count)))
      } else {
        state.parameters.append(values(name[...]))
      }
    }
  }

  /// Writes the checkpoint to the file at `path`; it appears when it is complete.
  ///
  /// - Throws: An ``InputError`` if it can't be written.
  public func write(to path: String) throws(InputError) {
    let type: NumberType = settings["precision"] == "double" ? .float64 : .float32
    var tensors = SafeTensors(state.parameters, type: type).tensors
    for values in state.optimizer {
      tensors[Self.optimizerPrefix + values.name] = NumberArray(values, type: type)
    }
    for (name, numbers) in state.memory {
      tensors[Self.memoryPrefix + name] = NumberArray(shape: [numbers.count], numbers: numbers)
    }
    var metadata = settings
    metadata["format"] = Self.format
    metadata["version"] = "1"
    metadata["steps"] = "\(state.steps)"
    try SafeTensors(tensors, metadata: metadata).write(to: path)
  }

  /// Whether a trainer's run on so many examples can go on from here; `file` is the checkpoint's, for the message.
  ///
  /// - Throws: An ``InputError`` that names the first difference.
  public func check(
    against trainer: Trainer, examples: Int, file: String
  ) throws(InputError) {
    let wanted = Self.settings(of: trainer, examples: examples)
    for key in Self.compared {
      let ours = (wanted[key] ?? "").split(separator: "\n", omittingEmptySubsequences: false)
      let theirs = (settings[key] ?? "").split(separator: "\n", omittingEmptySubsequences: false)
      for place in 0..<max(ours.count, theirs.count) {
        let line = place < ours.count ? String(ours[place]) : "nothing"
        let other = place < theirs.count ? String(theirs[place]) : "nothing"
        guard line != other else { continue }
        throw InputError(
          file: file,
          "is a checkpoint of another run: \(key) is \(other.quoted), expected \(line.quoted)")
      }
    }
  }

  private static let compared = [
    "model", "losses", "optimizer", "precision", "seed", "batch", "accumulate", "examples",
  ]

  private static func settings(of trainer: Trainer, examples: Int) -> [String: String] {
    let network = trainer.network
    let layers = network.nodes.map { node in
      let from = node.inputs.map { network.nodes[$0].name }.joined(separator: ", ")
      return "\(node.name): \(node.layer.kind) \(node.shape)"
        + (from.isEmpty ? "" : " from \(from)")
    }
    let losses = network.heads.map { "\($0.loss.id) of \(network.nodes[$0.output].name)" }
    return [
      "model": layers.joined(separator: "\n"), "losses": losses.joined(separator: "\n"),
      "optimizer": "\(trainer.rule.optimizer.id) with \(trainer.rule.optimizer.stateCount) states",
      "precision": trainer.precision.rawValue, "seed": "\(trainer.seed)",
      "batch": "\(trainer.batch)", "accumulate": "\(trainer.accumulate)",
      "examples": "\(examples)",
    ]
  }
}

extension SafeTensors {
  /// Trained parameters under their names.
  public init(_ parameters: [TrainingState.Values], type: NumberType) {
    self.init(
      Dictionary(
        parameters.map { ($0.name, NumberArray($0, type: type)) },
        uniquingKeysWith: { first, _ in first }))
  }
}

extension NumberArray {
  init(_ values: TrainingState.Values, type: NumberType) {
    self.init(shape: values.shape.sizes, numbers: values.numbers, type: type)
  }
}
