extension Log2Histogram {
  /// Appends the number of the first bin that is not empty, then the counts from there to the last such, as varints.
  static func encode(_ counts: [UInt32], to bytes: inout [UInt8]) {
    guard let first = counts.firstIndex(where: { $0 > 0 }),
      let last = counts.lastIndex(where: { $0 > 0 })
    else { return }
    NumberList.append(varint: UInt64(first), to: &bytes)
    for bin in first...last { NumberList.append(varint: UInt64(counts[bin]), to: &bytes) }
  }

  /// The histogram of such bytes, or nil if they are something else.
  init?(encoded bytes: UnsafeRawBufferPointer) {
    guard let numbers = NumberList.decodeVarints(bytes) else { return nil }
    var counts = [UInt32](repeating: 0, count: Self.binCount)
    if let first = numbers.first {
      guard first < UInt64(Self.binCount), numbers.count - 1 <= Self.binCount - Int(first) else {
        return nil
      }
      for (bin, number) in numbers.dropFirst().enumerated() {
        guard let count = UInt32(exactly: number) else { return nil }
        counts[Int(first) + bin] = count
      }
    }
    self.init(counts: counts)
  }
}
