import GzipIO

/// A layer that reads a sequence step by step: what it computes at a step is fed back to it at the next.
///
/// Input [T, I]; output [U], or [T, U] for all steps, of twice as many features where both directions are read. The first
/// hidden state is zero. Parameters of layer k, in PyTorch's layouts and order of gates: `weight-input-k` [gates·U, I],
/// `weight-hidden-k` [gates·U, U], `bias-input-k`, `bias-hidden-k` [gates·U], and the same with `-reverse` for the
/// direction that starts at the last valid step. Weights start glorot-uniform with the fans of one gate, those of the hidden
/// state as the layer says; biases start at zero, but for those of gates that hold for longer.
public protocol RecurrentLayer: Layer {
  /// The number of units, U.
  var units: Int { get }
  /// How many layers are stacked.
  var layers: Int { get }
  /// Whether a second set of units reads the sequence from its last step to its first.
  var isBidirectional: Bool { get }
  /// What the layer gives.
  var output: RecurrentOutput { get }
  /// How the weights of the hidden state start, those of each gate by themselves; nil for glorot-uniform.
  var recurrentInitializer: (any Initializer)? { get set }
  /// What a step computes.
  var cell: RecurrentCell { get }
  /// How the biases of each gate start.
  var gateBiases: [Double] { get }
}

/// What a recurrent layer gives of the hidden states of its topmost layer.
public enum RecurrentOutput: String, Sendable, CaseIterable {
  /// The one after the last step: of the reverse direction that at position 0.
  case last
  /// Those of all steps.
  case sequence
}

/// The most layers that one recurrent layer may stack.
let mostRecurrentLayers = 1000

/// The arguments that every recurrent layer takes.
let recurrentArguments = [
  ArgumentDescription("units", "the number of units, from 1"),
  ArgumentDescription(
    "layers", "how many layers are stacked, up to \(mostRecurrentLayers)", default: "1"),
  ArgumentDescription(
    "bidirectional", "whether a second set of units reads the sequence backward", default: "false"),
  ArgumentDescription(
    "output", "`last` (of the reverse direction that at position 0) or `sequence`", default: "last"),
  ArgumentDescription(
    "recurrent-initializer", "how the weights of the hidden state start, each gate's by themselves",
    default: "glorot-uniform"),
]

extension RecurrentLayer {
  public var gateBiases: [Double] { [Double](repeating: 0, count: cell.gates) }

  var directions: Int { isBidirectional ? 2 : 1 }

  /// The features of the input of one of the stacked layers.
  func inputs(of layer: Int, from features: Int) -> Int {
    layer == 0 ? features : directions * units
  }

  public func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape {
    let input = try inputs.single
    guard input.rank == 2, input.count > 0 else {
      throw ShapeError("takes a sequence, steps × features, got \(input)")
    }
    guard (1...maximumSize).contains(units) else {
      throw ShapeError("takes 1 to \(maximumSize.grouped) units, got \(units)")
    }
    guard (1...mostRecurrentLayers).contains(layers) else {
      throw ShapeError("takes 1 to \(mostRecurrentLayers.grouped) layers, got \(layers)")
    }
    let features = directions * units
    return output == .last ? [features] : [input[0], features]
  }

  public func parameters(for inputs: [Shape]) -> [ParameterSpecification] {
    let rows = cell.gates * units
    return (0..<layers).flatMap { layer in
      let inputs = self.inputs(of: layer, from: inputs[0].last)
      return ["", "-reverse"].prefix(directions).flatMap { suffix in
        [
          ParameterSpecification(
            "weight-input-\(layer)\(suffix)", shape: [rows, inputs], initializer: .glorotUniform,
            fans: Fans(inputs: inputs, outputs: units)),
          ParameterSpecification(
            "weight-hidden-\(layer)\(suffix)", shape: [rows, units], initializer: hiddenInitializer,
            fans: Fans(inputs: units, outputs: units)),
          ParameterSpecification(
            "bias-input-\(layer)\(suffix)", shape: [rows], initializer: biasInitializer),
          ParameterSpecification(
            "bias-hidden-\(layer)\(suffix)", shape: [rows], initializer: .zeros),
        ]
      }
    }
  }

  /// How the weights of the hidden state start, all gates together.
  private var hiddenInitializer: any Initializer {
    guard let recurrentInitializer else { return .glorotUniform }
    return cell.gates == 1 ? recurrentInitializer : EachGate(base: recurrentInitializer)
  }

  private var biasInitializer: any Initializer {
    let biases = gateBiases
    return biases.allSatisfy { $0 == 0 } ? .zeros : GateBiases(biases: biases)
  }

  public var keepsPositions: Bool { output == .sequence }

  /// dE/dh_t of the topmost layer, later steps included; each direction's in the order in which it reads.
  public var timeDelta: Int? { RecurrentBuffers<Float>.delta(of: layers - 1, directions) }

  public func memory(for inputs: [Shape]) -> [MemorySpecification] {
    let steps = inputs[0][0], both = isBidirectional ? steps : 0
    func buffer(_ steps: Int, _ columns: Int, scratch: Bool = false) -> MemorySpecification {
      .perExample([steps, columns], scratch: scratch)
    }
    return [
      buffer(steps, cell.gates * units, scratch: true),
      buffer(cell == .gru ? steps : 1, units, scratch: true),
      .perBatch([units, cell.gates * units], scratch: true),
    ]
      + (0..<layers).flatMap { layer in
        let features = self.inputs(of: layer, from: inputs[0].last), isTop = layer == layers - 1
        let ofLayer = [
          buffer(steps, directions * units, scratch: !isTop),
          buffer(isTop ? 0 : both, directions * units),
          buffer(both, features),
          buffer(both, features, scratch: true),
        ]
        let ofDirection = [
          buffer(steps, cell.gates * units), buffer(steps, cell.states * units),
          buffer(steps, units), buffer(steps, units),
        ]
        return (0..<directions).reduce(ofLayer) { all, _ in all + ofDirection }
      }
  }
}
