import Foundation

/// Builds JSON text, with the keys in the order in which they are written.
///
/// `JSONEncoder` throws on NaN and infinity, the very values that a sick run records, and orders keys by chance or by
/// alphabet.
struct JSONText {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// The text so far.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The text so far, as a line.
  var line: [UInt8] { bytes + [0x0a] }

  /// Forgets the text, keeping the memory.
  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  /// Writes an object, whose members `body` writes.
  mutating func object(_ body: (inout JSONText) -> Void) { enclose("{", "}", body) }

  /// Writes an array, each element of which `element` writes.
  mutating func array<Elements: Sequence>(
    _ elements: Elements, _ element: (inout JSONText, Elements.Element) -> Void
  ) {
    enclose("[", "]") { for value in elements { element(&$0, value) } }
  }

  /// Writes a member of an object, the value of which `value` writes.
  mutating func member(_ name: String, _ value: (inout JSONText) -> Void) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
    value(&self)
  }

  /// Writes a member of an object, unless it has no value.
  mutating func member<Value>(
    _ name: String, _ value: Value?, _ write: (inout JSONText, Value) -> Void
  ) {
    guard let value else { return }
    member(name) { write(&$0, value) }
  }

  mutating func string(_ value: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x0a: bytes.append(contentsOf: "\\n".utf8)
      case 0x09: bytes.append(contentsOf: "\\t".utf8)
      case 0..<0x20:
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(contentsOf: (byte < 16 ? "0" : "").utf8)
        bytes.append(contentsOf: String(byte, radix: 16).utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  mutating func integer(_ value: some FixedWidthInteger) { raw(String(value)) }

  mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

  mutating func null() { raw("null") }

  /// Writes a number in the fewest digits that give it back; non-finite ones as strings.
  mutating func number(_ value: Double) {
    if value.isFinite { decimal("\(value)") } else { raw(value.jsonName) }
  }

  /// Writes a statistic, which readers round to Float32: in the fewest digits that give that back.
  mutating func statistic(_ value: Double) {
    guard value.isFinite, value.fitsFloat, Double(Float(value)) == value else {
      return number(value)
    }
    decimal("\(Float(value))")
  }

  private mutating func decimal(_ text: String) {
    raw(text.hasSuffix(".0") && text != "-0.0" ? String(text.dropLast(2)) : text)
  }

  /// Writes text that is JSON already.
  mutating func raw(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
    needsComma = true
  }

  private mutating func enclose(
    _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, _ body: (inout JSONText) -> Void
  ) {
    separate()
    bytes.append(UInt8(ascii: opening))
    needsComma = false
    body(&self)
    bytes.append(UInt8(ascii: closing))
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }
}

extension Double {
  /// The string that stands for a non-finite number.
  fileprivate var jsonName: String {
    isNaN ? "\"NaN\"" : self > 0 ? "\"Infinity\"" : "\"-Infinity\""
  }
}
