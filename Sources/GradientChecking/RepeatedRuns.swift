extension [[Double]] {
  /// The first place at which runs that should be alike differ in any bit; nil if there is none.
  var firstDifference: Int? {
    guard let first else { return nil }
    return first.indices.first { place in
      contains { $0[place].bitPattern != first[place].bitPattern }
    }
  }
}
