/// Encodes columns of a block as the table `series` holds them, in memory that it uses again.
final class SeriesEncoder {
  private let bytes: UnsafeMutableRawPointer

  init() {
    bytes = .allocate(byteCount: StepBlock.capacity * MemoryLayout<UInt64>.size, alignment: 8)
  }

  deinit { bytes.deallocate() }

  /// Encodes `rows` numbers that lie `stride` apart; nil where nothing was recorded at any step.
  ///
  /// The bytes are valid until the next call.
  func encode(
    _ first: UnsafePointer<Double>, stride: Int, rows: Int, areCounts: Bool
  ) -> (type: ElementType, bytes: UnsafeRawBufferPointer)? {
    var isRecorded = false, areAlike = true, fits = true
    let pattern = first.pointee.bitPattern
    for row in 0..<rows {
      let value = first[row * stride]
      areAlike = areAlike && value.bitPattern == pattern
      guard value.isRecorded else { continue }
      isRecorded = true
      fits = fits && (areCounts ? (0..<Double(UInt32.max)).contains(value) : value.fitsFloat)
    }
    guard isRecorded else { return nil }
    let count = areAlike ? 1 : rows
    switch (fits, areCounts) {
    case (true, true):
      return (.uint32, encode(first, stride, count) { $0.isRecorded ? UInt32($0) : .max })
    case (true, false):
      return (
        .float32, encode(first, stride, count) { $0.isRecorded ? Float($0).bitPattern : .max }
      )
    default:
      return (.float64, encode(first, stride, count, \.bitPattern))
    }
  }

  /// Writes the numbers, or the first of them where all are alike.
  private func encode<Number: FixedWidthInteger>(
    _ first: UnsafePointer<Double>, _ stride: Int, _ count: Int, _ code: (Double) -> Number
  ) -> UnsafeRawBufferPointer {
    let numbers = bytes.assumingMemoryBound(to: Number.self)
    var differ: Number = 0
    for row in 0..<count {
      numbers[row] = code(first[row * stride]).littleEndian
      differ |= numbers[row] ^ numbers[0]
    }
    return UnsafeRawBufferPointer(
      start: bytes, count: (differ == 0 ? 1 : count) * MemoryLayout<Number>.size)
  }
}
