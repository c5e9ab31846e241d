import GzipIO

/// Why a network can't be built.
public struct NetworkError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The place of the layer at fault in the list it was built from, or nil if it is the network as a whole.
  public var index: Int?
  /// The place of the loss at fault among those it was built with, where it is one.
  public var loss: Int?
  /// The layer's name.
  public var layer: String?
  /// What was expected and what was found.
  public var message: String

  package init(index: Int? = nil, loss: Int? = nil, layer: String? = nil, message: String) {
    self.index = index
    self.loss = loss
    self.layer = layer
    self.message = message
  }

  public var description: String { layer.map { "layer \($0.quoted): \(message)" } ?? message }
}
