import GzipIO

extension NeuralNetwork {
  /// The network in one line: `64 → 12 × 64 → 10 dense, sigmoid · 50,570 parameters · softmax-cross-entropy`.
  public var summary: String {
    "\(architecture) · \(parameterCount.grouped) parameters · \(loss.id)"
  }

  /// The layers in a few words: the stacks of equal layers, and the outputs.
  private var architecture: String {
    let dense = nodes.filter { $0.layer is Dense }
    let activations = Set(nodes.filter { $0.layer.nonlinearity != nil }.map(\.layer.kind))
    let isPlainStack =
      dense.count * 2 - 1 == nodes.count - 1 && activations.count <= 1 && dense.count > 0
    guard isPlainStack else {
      return "\(inputShape) → \(nodes.count - 1) layers → \(nodes[output].shape)"
    }
    let hidden = dense.dropLast().map(\.shape.last)
    let isEven = hidden.count > 1 && Set(hidden).count == 1
    let widths = isEven ? ["\(hidden.count) × \(hidden[0])"] : hidden.map(String.init)
    let sizes = [inputShape.description] + widths + [nodes[output].shape.description]
    return sizes.joined(separator: " → ") + " dense" + (activations.first.map { ", \($0)" } ?? "")
  }
}
