/// A layer whose weights and biases start as its settings say.
package protocol InitializedLayer: Layer {
  /// How the weights start; nil leaves it to the network.
  var initializer: (any Initializer)? { get set }
  /// How the biases start.
  var biasInitializer: any Initializer { get set }
}

extension Dense: InitializedLayer {}
extension Convolution1D: InitializedLayer {}
extension Convolution2D: InitializedLayer {}
extension TransposedConvolution2D: InitializedLayer {}
