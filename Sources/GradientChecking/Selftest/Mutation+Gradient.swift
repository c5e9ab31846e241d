import Backpropagation

extension Mutation {
  /// Does the mistake to a right gradient; one that comes of another pass is the planted layer's to make.
  func alter<Scalar>(_ gradient: TensorView<Scalar>, batch: Int, outputs: Int) {
    let right = gradient.copy.scalars
    let count = right.count, rows = max(gradient.shape.sizes.first ?? 1, 1)
    let columns = count / rows
    func write(_ value: (Int) -> Scalar) {
      for place in 0..<count { gradient[place] = value(place) }
    }
    if let factor = factor(batch: batch, outputs: outputs) {
      return write { Scalar(factor) * right[$0] }
    }
    switch self {
    case .transposed: write { right[$0 % rows * columns + $0 / rows] }
    case .shiftedByEntry: write { right[($0 + count - 1) % count] }
    case .shiftedByRow: write { right[($0 + count - columns) % count] }
    case .biasDropped, .zeroed, .detached: gradient.fill(0)
    case .entryZeroed:
      // The first that isn't zero already, from two thirds of the tensor on.
      let places = (0..<count).map { ($0 + count * 2 / 3) % count }
      if let place = places.first(where: { right[$0] != 0 }) { gradient[place] = 0 }
    case .entryOff where count > 1:
      let squares = right.reduce(0) { $0 + Double($1) * Double($1) }
      let size = (squares / Double(max(count, 1))).squareRoot()
      gradient[count / 3] = right[count / 3] + Scalar(Self.distance * size)
    case .unwritten: gradient.fill(Scalar(Double.nan))
    default: break
    }
  }
}
