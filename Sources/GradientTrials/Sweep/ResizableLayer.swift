import Backpropagation

/// A layer whose number of units is its own to choose.
protocol ResizableLayer: Layer {
  /// The number of units: of a dense layer, channels of a convolution, features of an embedding.
  var width: Int { get set }
}

/// One whose units are called so.
protocol LayerOfUnits: ResizableLayer {
  var units: Int { get set }
}

/// One whose units are channels.
protocol LayerOfChannels: ResizableLayer {
  var channels: Int { get set }
}

extension LayerOfUnits {
  var width: Int {
    get { units }
    set { units = newValue }
  }
}

extension LayerOfChannels {
  var width: Int {
    get { channels }
    set { channels = newValue }
  }
}

extension Dense: LayerOfUnits {}
extension Embedding: LayerOfUnits {}
extension RNN: LayerOfUnits {}
extension LSTM: LayerOfUnits {}
extension GRU: LayerOfUnits {}
extension Convolution1D: LayerOfChannels {}
extension Convolution2D: LayerOfChannels {}
extension TransposedConvolution2D: LayerOfChannels {}

extension Layer {
  /// The groups into which the layer divides the units that it reads or makes, so that their number must be a multiple.
  var divisor: Int {
    switch self {
    case let layer as Attention: layer.heads
    case let layer as GroupNorm: layer.groups
    case let layer as Convolution1D: layer.groups
    case let layer as Convolution2D: layer.groups
    case let layer as TransposedConvolution2D: layer.groups
    default: 1
    }
  }
}
