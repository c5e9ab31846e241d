import GzipIO

extension NeuralNetwork {
  /// The network in one line: `12 dense × 64, sigmoid → 10 · 50,570 parameters · softmax-cross-entropy`.
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
    let hidden = dense.dropLast().map(\.shape.count)
    let widths =
      Set(hidden).count == 1 && hidden.count > 1
      ? "\(hidden.count) dense × \(hidden[0])"
      : ([inputShape.count] + hidden).map(String.init).joined(separator: "-")
    let activation = activations.first.map { ", \($0)" } ?? ""
    return "\(widths)\(activation) → \(nodes[output].shape)"
  }
}
