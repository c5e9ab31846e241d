/// How the numbers of an array are written in a file.
public enum NumberType: String, Sendable, CaseIterable {
  case float64, float32, float16, bfloat16
  /// Eight bits: sign, 4 of exponent, 3 of fraction, without infinities.
  case float8e4m3
  /// Eight bits: sign, 5 of exponent, 2 of fraction.
  case float8e5m2
  case int64, int32, int16, int8, uint64, uint32, uint16, uint8
  /// A byte, false where it is zero.
  case bool

  /// The bytes of one number.
  public var size: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float8e4m3, .float8e5m2, .int8, .uint8, .bool: 1
    }
  }

  /// Whether only whole numbers are of this type.
  public var isWhole: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16, .float8e4m3, .float8e5m2: false
    case .int64, .int32, .int16, .int8, .uint64, .uint32, .uint16, .uint8, .bool: true
    }
  }
}

extension NumberType {
  /// Appends the numbers that `bytes`, a multiple of ``size``, stand for; whole numbers beyond 2⁵³ are rounded.
  func decode(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool, to numbers: inout [Double]) {
    bytes.withUnsafeBytes { bytes in
      switch self {
      case .float64:
        bytes.decode(isBigEndian, &numbers) { (bits: UInt64) in Double(bitPattern: bits) }
      case .float32:
        bytes.decode(isBigEndian, &numbers) { (bits: UInt32) in Double(Float(bitPattern: bits)) }
      case .float16:
        bytes.decode(isBigEndian, &numbers) { (bits: UInt16) in Double(Float16(bitPattern: bits)) }
      case .bfloat16:
        bytes.decode(isBigEndian, &numbers) { (bits: UInt16) in
          Double(Float(bitPattern: UInt32(bits) << 16))
        }
      case .float8e4m3: bytes.decode(isBigEndian, &numbers, e4m3)
      case .float8e5m2:
        // Float16 with the last 8 bits of the fraction left out.
        bytes.decode(isBigEndian, &numbers) { (bits: UInt8) in
          Double(Float16(bitPattern: UInt16(bits) << 8))
        }
      case .int64: bytes.decode(isBigEndian, &numbers) { (number: Int64) in Double(number) }
      case .int32: bytes.decode(isBigEndian, &numbers) { (number: Int32) in Double(number) }
      case .int16: bytes.decode(isBigEndian, &numbers) { (number: Int16) in Double(number) }
      case .int8: bytes.decode(isBigEndian, &numbers) { (number: Int8) in Double(number) }
      case .uint64: bytes.decode(isBigEndian, &numbers) { (number: UInt64) in Double(number) }
      case .uint32: bytes.decode(isBigEndian, &numbers) { (number: UInt32) in Double(number) }
      case .uint16: bytes.decode(isBigEndian, &numbers) { (number: UInt16) in Double(number) }
      case .uint8: bytes.decode(isBigEndian, &numbers) { (number: UInt8) in Double(number) }
      case .bool: bytes.decode(isBigEndian, &numbers) { (byte: UInt8) in byte == 0 ? 0 : 1 }
      }
    }
  }

  /// `numbers` as bytes, the least significant first; each is rounded to the nearest number of the type.
  ///
  /// The 8-bit floats are only read. What is too large becomes the type's largest whole number, or infinity; NaN among whole numbers becomes 0.
  func encode(_ numbers: some Sequence<Double>) -> [UInt8] {
    switch self {
    case .float64: numbers.encoded { $0.bitPattern }
    case .float32: numbers.encoded { Float($0).bitPattern }
    case .float16: numbers.encoded { Float16($0).bitPattern }
    case .bfloat16: numbers.encoded(bfloat16Bits)
    case .float8e4m3, .float8e5m2:
      preconditionFailure("expected a type that is written, got \(self), which is only read")
    case .int64: numbers.encoded { Int64(nearest: $0) }
    case .int32: numbers.encoded { Int32(nearest: $0) }
    case .int16: numbers.encoded { Int16(nearest: $0) }
    case .int8: numbers.encoded { Int8(nearest: $0) }
    case .uint64: numbers.encoded { UInt64(nearest: $0) }
    case .uint32: numbers.encoded { UInt32(nearest: $0) }
    case .uint16: numbers.encoded { UInt16(nearest: $0) }
    case .uint8: numbers.encoded { UInt8(nearest: $0) }
    case .bool: numbers.encoded { UInt8($0 == 0 ? 0 : 1) }
    }
  }
}

/// What the 8 bits of the float with 4 bits of exponent stand for.
private func e4m3(_ bits: UInt8) -> Double {
  let exponent = Int(bits >> 3 & 15), fraction = Double(bits & 7)
  let sign: Double = bits & 0x80 == 0 ? 1 : -1
  if exponent == 15, fraction == 7 { return .nan }
  return exponent == 0
    ? sign * fraction * 0x1p-9
    : sign * (1 + fraction / 8) * Double(sign: .plus, exponent: exponent - 7, significand: 1)
}

/// The first 16 bits of a Float, rounded to the nearest, ties to even.
private func bfloat16Bits(_ number: Double) -> UInt16 {
  let bits = Float(number).bitPattern
  if number.isNaN { return UInt16(bits >> 16) | 0x40 }
  return UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16)
}

extension UnsafeRawBufferPointer {
  fileprivate func decode<Bits: FixedWidthInteger>(
    _ isBigEndian: Bool, _ numbers: inout [Double], _ value: (Bits) -> Double
  ) {
    for offset in stride(from: 0, to: count, by: Bits.bitWidth / 8) {
      let bits = loadUnaligned(fromByteOffset: offset, as: Bits.self)
      numbers.append(value(isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits)))
    }
  }
}

extension Sequence<Double> {
  fileprivate func encoded<Bits: FixedWidthInteger>(_ bits: (Double) -> Bits) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(underestimatedCount * Bits.bitWidth / 8)
    for number in self {
      withUnsafeBytes(of: bits(number).littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }
}

extension FixedWidthInteger {
  /// The number of this type that is nearest to `number`; 0 for NaN.
  fileprivate init(nearest number: Double) {
    if let exact = Self(exactly: number.rounded()) {
      self = exact
    } else {
      self = number.isNaN ? 0 : number > 0 ? .max : .min
    }
  }
}
