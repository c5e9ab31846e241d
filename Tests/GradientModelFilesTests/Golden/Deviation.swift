/// A tensor of ours that is not PyTorch's.
struct Deviation: Equatable, CustomStringConvertible {
  /// The tensor's name.
  let name: String
  /// The largest deviation over the largest magnitude; infinite where the sizes differ or a number is none.
  let relative: Double

  var description: String { "\(name) is off by \(relative)" }

  /// The tensors of which some element deviates by more than `tolerance` times the tensor's largest magnitude.
  ///
  /// A tensor that is zero but for rounding is measured against the largest of all tensors.
  static func all(
    of ours: [String: [Double]], from theirs: [String: [Double]], tolerance: Double
  ) -> [Deviation] {
    let largest = theirs.values.map(\.largestMagnitude).max() ?? 0
    return Set(ours.keys).union(theirs.keys).sorted().compactMap { name in
      guard let mine = ours[name], let other = theirs[name], mine.count == other.count else {
        return Deviation(name: name, relative: .infinity)
      }
      let magnitude = other.largestMagnitude
      let scale = magnitude < 1e-12 * largest ? largest : magnitude
      let distance = zip(mine, other).map { $0 - $1 }.largestMagnitude
      let relative = distance == 0 ? 0 : distance / scale
      // Written so that what is no number deviates.
      return relative <= tolerance ? nil : Deviation(name: name, relative: relative)
    }
  }
}

extension [Double] {
  /// The largest magnitude; infinite where an element is no number.
  var largestMagnitude: Double {
    reduce(0) { $1.isNaN ? .infinity : Swift.max($0, $1.magnitude) }
  }
}
