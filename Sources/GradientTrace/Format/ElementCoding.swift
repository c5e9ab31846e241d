import Foundation

/// How the numbers of a BLOB are encoded, as the table `statistic` names it; multi-byte values are little-endian.
enum ElementType: String {
  case float32, float64, uint32
  /// Whole numbers in groups of 7 bits, lowest first, the top bit of a byte announcing another (LEB128).
  case varint

  /// The bytes of one number, nil where that varies.
  var size: Int? {
    switch self {
    case .float32, .uint32: 4
    case .float64: 8
    case .varint: nil
    }
  }

  /// The narrowest type that holds every value to the precision of a trace.
  static func narrowest(for values: some Sequence<Double>, areCounts: Bool) -> ElementType {
    if areCounts {
      return values.allSatisfy { (0..<Double(UInt32.max)).contains($0) } ? .uint32 : .float64
    }
    return values.allSatisfy(\.fitsFloat) ? .float32 : .float64
  }
}

/// One statistic of one tensor over the steps of a block.
///
/// A number whose bits are all set stands for "nothing was recorded at this step". A series whose numbers are all
/// alike is stored as that one number.
struct Series {
  var type: ElementType
  var data: Data

  /// Encodes the values of successive steps, or gives nil where nothing was recorded at any.
  init?(_ values: [Double?], areCounts: Bool) {
    let recorded = values.lazy.compactMap { $0 }
    guard recorded.first(where: { _ in true }) != nil else { return nil }
    self.init(values, as: .narrowest(for: recorded, areCounts: areCounts))
  }

  /// Encodes the values of successive steps in a type that holds them.
  init(_ values: [Double?], as type: ElementType) {
    self.type = type
    data = Data()
    switch type {
    case .uint32: data.append(oneIfAlike(values.map { $0.map(UInt32.init) ?? .max }))
    case .float32:
      data.append(oneIfAlike(values.map { $0.map { Float($0.plain).bitPattern } ?? .max }))
    default: data.append(oneIfAlike(values.map { $0?.plain.bitPattern ?? .max }))
    }
  }

  /// Writes the value of each step at which something was recorded to its place in `numbers`, of which there is one a
  /// step.
  ///
  /// - Returns: false, without a change, if `bytes` is not as long as that many numbers or one.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, as type: ElementType,
    into numbers: UnsafeMutableBufferPointer<Double>
  ) -> Bool {
    let steps = numbers.count
    guard let size = type.size, bytes.count == size * steps || bytes.count == size else {
      return false
    }
    let stride = bytes.count == size ? 0 : size
    switch type {
    case .uint32:
      for step in 0..<steps {
        let value = bytes.littleEndian(UInt32.self, at: step * stride)
        if value != .max { numbers[step] = Double(value) }
      }
    case .float32:
      for step in 0..<steps {
        let bits = bytes.littleEndian(UInt32.self, at: step * stride)
        if bits != .max { numbers[step] = Double(Float(bitPattern: bits)) }
      }
    default:
      for step in 0..<steps {
        let bits = bytes.littleEndian(UInt64.self, at: step * stride)
        if bits != .max { numbers[step] = Double(bitPattern: bits) }
      }
    }
    return true
  }
}

/// The numbers, or the first of them where all are alike.
private func oneIfAlike<Number: Equatable>(_ numbers: [Number]) -> [Number] {
  numbers.allSatisfy { $0 == numbers[0] } ? Array(numbers.prefix(1)) : numbers
}

/// A list of numbers, of any length, of one step.
enum NumberList {
  /// Appends the real numbers in the narrower type that holds them.
  static func encode(_ values: [Double], to bytes: inout [UInt8]) -> ElementType {
    let type = ElementType.narrowest(for: values, areCounts: false)
    for value in values {
      if type == .float32 {
        append(Float(value).bitPattern, to: &bytes)
      } else {
        append(value.bitPattern, to: &bytes)
      }
    }
    return type
  }

  /// Appends a number's bytes, the lowest first.
  static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// The numbers of a BLOB, or nil if its length is no multiple of theirs.
  static func decode(_ bytes: UnsafeRawBufferPointer, as type: ElementType) -> [Double]? {
    guard let size = type.size, bytes.count % size == 0 else { return nil }
    return stride(from: 0, to: bytes.count, by: size).map { offset in
      switch type {
      case .uint32: Double(bytes.littleEndian(UInt32.self, at: offset))
      case .float32: Double(Float(bitPattern: bytes.littleEndian(UInt32.self, at: offset)))
      default: Double(bitPattern: bytes.littleEndian(UInt64.self, at: offset))
      }
    }
  }

  /// Appends a whole number as a varint.
  static func append(varint value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest > 0x7f {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// The varints of a BLOB, or nil if it ends in the middle of one or one has more than 64 bits.
  static func decodeVarints(_ bytes: UnsafeRawBufferPointer) -> [UInt64]? {
    var values: [UInt64] = []
    values.reserveCapacity(bytes.count)
    var value: UInt64 = 0
    var shift: UInt64 = 0
    for byte in bytes {
      let group = UInt64(byte & 0x7f)
      guard shift < 63 || (shift == 63 && group <= 1) else { return nil }
      value |= group << shift
      if byte & 0x80 != 0 {
        shift += 7
      } else {
        values.append(value)
        (value, shift) = (0, 0)
      }
    }
    return shift == 0 ? values : nil
  }
}

extension Double {
  /// This value with the payload of a NaN cleared, so that none looks like a missing value.
  var plain: Double { isNaN ? .nan : self }
}

extension UnsafeRawBufferPointer {
  fileprivate func littleEndian<T: FixedWidthInteger>(_: T.Type, at offset: Int) -> T {
    T(littleEndian: loadUnaligned(fromByteOffset: offset, as: T.self))
  }
}

extension Data {
  fileprivate mutating func append<T: FixedWidthInteger>(_ values: [T]) {
    values.map(\.littleEndian).withUnsafeBytes { append(contentsOf: $0) }
  }
}
