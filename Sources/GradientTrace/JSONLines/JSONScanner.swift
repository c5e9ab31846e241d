import Foundation
import GzipIO

/// Reads JSON from bytes, value by value, in the order of the text.
///
/// Foundation's parser builds a tree of objects for every line and reads 6 MB/s on Linux; this one hands each value to
/// whoever asks for it and copies none.
struct JSONScanner {
  /// What is wrong with the text, and at which byte.
  struct Fault: Error {
    var offset: Int
    var message: String
    /// Whether the text ends too early.
    var isCutOff = false
  }

  /// The kinds of a JSON value.
  enum Kind {
    case object, array, string, number, bool, null
  }

  /// The deepest nesting that is followed.
  private static let deepest = 64

  private let bytes: UnsafeRawBufferPointer
  private(set) var position = 0
  private var depth = 0
  /// Whether the object or array was just entered, so that no comma precedes what comes next.
  private var isFirst = false

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The bytes from `start` to the current position.
  func text(from start: Int) -> String {
    String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// The kind of the value that comes next.
  mutating func peek() throws(Fault) -> Kind {
    switch try next() {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
    case UInt8(ascii: "n"): .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
    default: throw unexpected("a value")
    }
  }

  /// Enters an object, whose members ``nextKey()`` gives.
  mutating func beginObject() throws(Fault) { try open("{") }

  /// The key of the next member, whose value must be read before the one after; nil at the end of the object.
  mutating func nextKey() throws(Fault) -> Key? {
    guard try hasNext(before: "}") else { return nil }
    guard try next() == UInt8(ascii: "\"") else { throw unexpected("a key in quotation marks") }
    let key = Key(bytes: UnsafeRawBufferPointer(rebasing: bytes[try stringRange()]))
    guard try skip(":") else { throw unexpected("\":\"") }
    return key
  }

  /// Enters an array, whose elements ``nextElement()`` announces.
  mutating func beginArray() throws(Fault) { try open("[") }

  /// Whether another element follows, which must be read before the one after.
  mutating func nextElement() throws(Fault) -> Bool { try hasNext(before: "]") }

  private mutating func hasNext(before bracket: Unicode.Scalar) throws(Fault) -> Bool {
    if try skip(bracket) {
      depth -= 1
      isFirst = false
      return false
    }
    if !isFirst {
      guard try skip(",") else { throw unexpected("\",\" or \"\(bracket)\"") }
    }
    isFirst = false
    return true
  }

  /// Passes over a value of any kind.
  mutating func skipValue() throws(Fault) {
    switch try peek() {
    case .object:
      try beginObject()
      while try nextKey() != nil { try skipValue() }
    case .array:
      try beginArray()
      while try nextElement() { try skipValue() }
    case .string: _ = try stringRange()
    case .number: _ = try number()
    case .bool: _ = try bool()
    case .null: _ = try null()
    }
  }

  /// Reads a string.
  mutating func string() throws(Fault) -> String {
    guard try next() == UInt8(ascii: "\"") else { throw unexpected("a string") }
    return Key(bytes: UnsafeRawBufferPointer(rebasing: bytes[try stringRange()])).string
  }

  /// Reads `true` or `false`.
  mutating func bool() throws(Fault) -> Bool {
    if try next() == UInt8(ascii: "t"), skipWord("true") { return true }
    if skipWord("false") { return false }
    throw unexpected("true or false")
  }

  /// Reads `null` if that comes next, and says whether it did.
  mutating func null() throws(Fault) -> Bool {
    guard try next() == UInt8(ascii: "n") else { return false }
    guard skipWord("null") else { throw unexpected("null") }
    return true
  }

  /// Throws unless only white space is left.
  mutating func end() throws(Fault) {
    skipSpace()
    if position < bytes.count { throw unexpected("the end of the line") }
  }

  // MARK: Numbers

  /// Reads a number; "NaN", "Infinity" and "-Infinity" in quotation marks are numbers too.
  mutating func number() throws(Fault) -> Double {
    let first = try next()
    let start = position
    if first == UInt8(ascii: "\"") {
      switch try string() {
      case "NaN": return .nan
      case "Infinity": return .infinity
      case "-Infinity": return -.infinity
      default:
        position = start
        throw unexpected("a number")
      }
    }
    guard try peek() == .number else { throw unexpected("a number") }
    let isNegative = first == UInt8(ascii: "-")
    if isNegative { position += 1 }
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0
    let integerStart = position
    while let digit = digit() { accept(digit, into: &mantissa, &digits) }
    guard position > integerStart else { throw malformedNumber() }
    if byte() == UInt8(ascii: ".") {
      position += 1
      let fractionStart = position
      while let digit = digit() { accept(digit, into: &mantissa, &digits) }
      guard position > fractionStart else { throw malformedNumber() }
      exponent = fractionStart - position
    }
    if byte() == UInt8(ascii: "e") || byte() == UInt8(ascii: "E") {
      position += 1
      let falls = byte() == UInt8(ascii: "-")
      if falls || byte() == UInt8(ascii: "+") { position += 1 }
      let exponentStart = position
      var written = 0
      while let digit = digit() { written = min(written * 10 + Int(digit), 100_000) }
      guard position > exponentStart else { throw malformedNumber() }
      exponent += falls ? -written : written
    }
    // Exact where the mantissa and the power of ten are both exact; the rest is the library's.
    guard digits <= 19, mantissa < 1 << 53, abs(exponent) <= 22 else {
      return try slowNumber(from: start)
    }
    let magnitude =
      exponent < 0
      ? Double(mantissa) / Self.powersOfTen[-exponent]
      : Double(mantissa) * Self.powersOfTen[exponent]
    return isNegative ? -magnitude : magnitude
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  private mutating func digit() -> UInt8? {
    guard position < bytes.count else { return nil }
    let digit = bytes[position] &- UInt8(ascii: "0")
    guard digit < 10 else { return nil }
    position += 1
    return digit
  }

  private func accept(_ digit: UInt8, into mantissa: inout UInt64, _ digits: inout Int) {
    if mantissa > 0 || digit > 0 { digits += 1 }
    mantissa = mantissa &* 10 &+ UInt64(digit)
  }

  private func slowNumber(from start: Int) throws(Fault) -> Double {
    guard let value = Double(text(from: start)) else { throw malformedNumber() }
    return value
  }

  private func malformedNumber() -> Fault { unexpected("a digit") }

  // MARK: Bytes

  private func byte() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return
      }
    }
  }

  /// The next byte that is no white space, not passed over.
  private mutating func next() throws(Fault) -> UInt8 {
    skipSpace()
    guard let byte = byte() else { throw cutOff() }
    return byte
  }

  private mutating func skip(_ character: Unicode.Scalar) throws(Fault) -> Bool {
    guard try next() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipWord(_ word: StaticString) -> Bool {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count,
      Key(bytes: UnsafeRawBufferPointer(rebasing: bytes[position..<end])) == word
    else { return false }
    position = end
    return true
  }

  private mutating func open(_ bracket: Unicode.Scalar) throws(Fault) {
    guard try skip(bracket) else {
      throw unexpected(bracket == "{" ? "an object" : "an array")
    }
    depth += 1
    isFirst = true
    guard depth <= Self.deepest else {
      throw Fault(offset: position, message: "nested deeper than \(Self.deepest) levels")
    }
  }

  /// Passes over a string and returns where its characters are.
  private mutating func stringRange() throws(Fault) -> Range<Int> {
    position += 1
    let start = position
    while let byte = byte() {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return start..<position - 1
      case UInt8(ascii: "\\"): position += 2
      case 0..<0x20: throw unexpected("a character, not a control code")
      default: position += 1
      }
    }
    throw cutOff()
  }

  private func cutOff() -> Fault {
    Fault(offset: bytes.count, message: "cut off", isCutOff: true)
  }

  /// The fault that something else than `expected` stands here.
  func unexpected(_ expected: String) -> Fault {
    guard position < bytes.count else { return cutOff() }
    let rest = bytes[position..<min(position + 80, bytes.count)]
    let found = String(decoding: rest, as: UTF8.self)
    return Fault(
      offset: position,
      message: "expected \(expected) at column \(position + 1), found \(found.quoted)")
  }
}
