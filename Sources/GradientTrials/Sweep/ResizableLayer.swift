import Backpropagation

/// A layer whose number of units is its own to choose.
protocol ResizableLayer: Layer {
  /// The number of units: of a dense layer, channels of a convolution, features of an embedding.
  var width: Int { get set }
}

extension Dense: ResizableLayer {
  var width: Int {
    get { units }
    set { units = newValue }
  }
}

extension Embedding: ResizableLayer {
  var width: Int {
    get { units }
    set { units = newValue }
  }
}

extension RNN: ResizableLayer {
  var width: Int {
    get { units }
    set { units = newValue }
  }
}

extension LSTM: ResizableLayer {
  var width: Int {
    get { units }
    set { units = newValue }
  }
}

extension GRU: ResizableLayer {
  var width: Int {
    get { units }
    set { units = newValue }
  }
}

extension Convolution1D: ResizableLayer {
  var width: Int {
    get { channels }
    set { channels = newValue }
  }
}

extension Convolution2D: ResizableLayer {
  var width: Int {
    get { channels }
    set { channels = newValue }
  }
}

extension TransposedConvolution2D: ResizableLayer {
  var width: Int {
    get { channels }
    set { channels = newValue }
  }
}

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
