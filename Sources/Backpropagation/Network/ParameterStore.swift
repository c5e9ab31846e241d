/// The values of a network's parameters.
public final class ParameterStore<Scalar: TensorScalar> {
  /// A view of each parameter, in the network's order; it keeps the values alive.
  public let views: [TensorView<Scalar>]

  /// Allocates a value of zero for each parameter of `network`.
  public convenience init(zerosFor network: NeuralNetwork) {
    self.init(zerosFor: network, isEmpty: false)
  }

  /// Allocates values, or none at all where a store is never read.
  convenience init(zerosFor network: NeuralNetwork, isEmpty: Bool) {
    let parameters = isEmpty ? [] : network.parameters
    self.init(parameters.map(\.shape), in: Arena(counts: parameters.map(\.shape.count)))
  }

  /// Allocates room for the parameters of one node at a time: those of others lie in the same place.
  ///
  /// A parameter that several nodes use has a place of its own.
  package convenience init(takingTurnsIn network: NeuralNetwork) {
    let buffers = network.parameters.enumerated().map { index, parameter in
      let users = network.users(ofParameter: index)
      return BufferPlan.Buffer(
        count: parameter.shape.count, uses: users.count == 1 ? users.map { $0...$0 } : nil)
    }
    self.init(network.parameters.map(\.shape), in: Arena(buffers))
  }

  private init(_ shapes: [Shape], in memory: Arena<Scalar>) {
    views = shapes.enumerated().map { memory.view($0, $1) }
  }

  /// Initializes each parameter as the network says, drawn for `seed`.
  ///
  /// Each parameter has a random stream of its own, drawn in Double: a layer added elsewhere changes none of the others,
  /// and Float and Double start from the same values.
  public convenience init(_ network: NeuralNetwork, seed: UInt64) {
    self.init(zerosFor: network)
    for (parameter, view) in zip(network.parameters, views) {
      var source = RandomSource(seed: seed, stream: parameter.name)
      let values = parameter.initializer.values(
        for: parameter.shape, fans: parameter.fans, from: &source)
      for (index, value) in values.enumerated() { view[index] = Scalar(value) }
    }
  }

  /// A copy of the values in memory of its own.
  public func copy(for network: NeuralNetwork) -> ParameterStore {
    let copy = ParameterStore(zerosFor: network)
    for (view, original) in zip(copy.views, views) { view.assign(original) }
    return copy
  }
}
