import Backpropagation

/// Memory for one tensor in Double, freed with its owner; what the check perturbs and the passes read and write.
final class Buffer {
  let view: TensorView<Double>
  var elements: UnsafeMutableBufferPointer<Double> { view.elements }
  var count: Int { view.count }

  init(_ shape: Shape, filledWith value: Double = 0) {
    let elements = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(shape.count, 1))
    elements.initialize(repeating: value)
    view = TensorView(
      shape: shape, elements: UnsafeMutableBufferPointer(rebasing: elements[..<shape.count]))
  }

  convenience init(copying view: TensorView<Double>) {
    self.init(view.shape)
    self.view.assign(view)
  }

  deinit { view.elements.baseAddress?.deallocate() }
}

extension UnsafeMutableBufferPointer<Double> {
  /// √(Σx²/n).
  var rms: Double {
    isEmpty ? 0 : (reduce(0) { $0 + $1 * $1 } / Double(count)).squareRoot()
  }
}

extension Buffer {
  /// Normal numbers of a standard deviation.
  convenience init(_ shape: Shape, drawnFrom source: RandomSource, scale: Double) {
    self.init(shape)
    var source = source
    for index in elements.indices { elements[index] = scale * source.normal() }
  }
}
