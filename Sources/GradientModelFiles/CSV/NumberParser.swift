/// The number that the bytes from `start` to `end` write in decimal, correctly rounded, or nil if they write none.
///
/// A number too large for a `Double` is infinite. Up to 19 digits with a power of ten up to 22 are computed exactly by one
/// product or quotient of two exact numbers (Clinger, 1990); all others are left to the standard library.
func decimalNumber(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Double? {
  var position = start
  var isNegative = false
  if position < end, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
    isNegative = bytes[position] == UInt8(ascii: "-")
    position += 1
  }
  var mantissa: UInt64 = 0
  var exponent = 0
  let digitsStart = position
  while position < end {
    let digit = bytes[position] &- 0x30
    if digit > 9 { break }
    mantissa = mantissa &* 10 &+ UInt64(digit)
    position += 1
  }
  var digits = position - digitsStart
  if position < end, bytes[position] == UInt8(ascii: ".") {
    position += 1
    let fractionStart = position
    while position < end {
      let digit = bytes[position] &- 0x30
      if digit > 9 { break }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      position += 1
    }
    digits += position - fractionStart
    exponent = fractionStart - position
  }
  guard digits > 0 else { return nil }
  if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
    guard let power = wholeNumber(bytes, from: position + 1, to: end) else { return nil }
    exponent += power
    position = end
  }
  guard position == end else { return nil }
  // With at most 19 digits the mantissa has not overflowed.
  guard digits <= 19, mantissa <= 1 << 53, (-22...22).contains(exponent) else {
    return bytes.extracting(start..<end).withUnsafeBufferPointer {
      Double(String(decoding: $0, as: UTF8.self))
    }
  }
  let magnitude =
    exponent < 0
    ? Double(mantissa) / powersOfTen[-exponent] : Double(mantissa) * powersOfTen[exponent]
  return isNegative ? -magnitude : magnitude
}

/// The whole number that the bytes write, held at ±100,000,000, or nil if they write none.
private func wholeNumber(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int? {
  var position = start
  var isNegative = false
  if position < end, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
    isNegative = bytes[position] == UInt8(ascii: "-")
    position += 1
  }
  guard position < end else { return nil }
  var value = 0
  while position < end {
    let digit = bytes[position] &- 0x30
    if digit > 9 { return nil }
    value = min(value * 10 + Int(digit), 100_000_000)
    position += 1
  }
  return isNegative ? -value : value
}

private let powersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18, 1e19, 1e20, 1e21, 1e22,
]
