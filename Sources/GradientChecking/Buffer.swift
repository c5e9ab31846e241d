import Backpropagation

/// Memory for one tensor, freed with its owner; what the check perturbs and the passes read and write.
final class Buffer<Scalar: TensorScalar> {
  let view: TensorView<Scalar>
  var elements: UnsafeMutableBufferPointer<Scalar> { view.elements }
  var count: Int { view.count }

  init(_ shape: Shape, filledWith value: Scalar = 0) {
    // Dual numbers are read a cache line at a time.
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(shape.count, 1) * MemoryLayout<Scalar>.stride, alignment: 64)
    let elements = memory.bindMemory(to: Scalar.self)
    elements.initialize(repeating: value)
    view = TensorView(
      shape: shape, elements: UnsafeMutableBufferPointer(rebasing: elements[..<shape.count]))
  }

  /// The same numbers, of whatever type, as constants.
  convenience init(copying view: TensorView<some TensorScalar>) {
    self.init(view.shape)
    for (index, element) in view.elements.enumerated() {
      elements[index] = Scalar(Double(element))
    }
  }

  deinit { view.elements.baseAddress?.deallocate() }
}

extension Buffer<Double> {
  /// Normal numbers of a standard deviation.
  convenience init(_ shape: Shape, drawnFrom source: RandomSource, scale: Double) {
    self.init(shape)
    var source = source
    for index in elements.indices { elements[index] = scale * source.normal() }
  }
}
