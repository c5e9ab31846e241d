/// The values of a network's parameters.
public final class ParameterStore<Scalar: TensorScalar> {
  /// A view of each parameter, in the network's order.
  public let views: [TensorView<Scalar>]
  private let memory: UnsafeMutableBufferPointer<Scalar>

  /// Allocates a value of zero for each parameter of `network`.
  public init(zerosFor network: NeuralNetwork) {
    memory = .allocate(capacity: network.parameterCount)
    memory.initialize(repeating: 0)
    var offset = 0
    var views: [TensorView<Scalar>] = []
    for parameter in network.parameters {
      let range = offset..<offset + parameter.shape.count
      views.append(
        TensorView(
          shape: parameter.shape, elements: UnsafeMutableBufferPointer(rebasing: memory[range])))
      offset = range.upperBound
    }
    self.views = views
  }

  /// Initializes each parameter as the network says, drawn for `seed`.
  ///
  /// Each parameter has a random stream of its own, drawn in Double: a layer added elsewhere changes none of the others,
  /// and Float and Double start from the same values.
  public convenience init(_ network: NeuralNetwork, seed: UInt64) {
    self.init(zerosFor: network)
    for (parameter, view) in zip(network.parameters, views) {
      var source = RandomSource(seed: seed, stream: parameter.name)
      let values = parameter.initializer.values(for: parameter.shape, from: &source)
      for (index, value) in values.enumerated() { view[index] = Scalar(value) }
    }
  }

  deinit { memory.deallocate() }
}
