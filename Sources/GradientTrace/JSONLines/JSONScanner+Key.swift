import Foundation

extension JSONScanner {
  /// The characters of a string between its quotation marks, as they stand in the text.
  struct Key {
    let bytes: UnsafeRawBufferPointer

    /// Whether these are the characters of `name`, which needs no escapes.
    static func == (key: Key, name: StaticString) -> Bool {
      guard key.bytes.count == name.utf8CodeUnitCount, let base = key.bytes.baseAddress else {
        return false
      }
      return memcmp(base, name.utf8Start, key.bytes.count) == 0
    }

    /// Whether these are the bytes of a name, which needs no escapes.
    func isEqual(to name: [UInt8]) -> Bool {
      guard bytes.count == name.count, let base = bytes.baseAddress else { return false }
      return memcmp(base, name, name.count) == 0
    }

    /// The string, its escapes resolved.
    var string: String {
      guard bytes.contains(UInt8(ascii: "\\")) else {
        return String(decoding: bytes, as: UTF8.self)
      }
      var units: [UInt16] = []
      var result = ""
      var index = 0
      var plainStart = 0
      func flushUnits() {
        result += String(decoding: units, as: UTF16.self)
        units = []
      }
      while index < bytes.count {
        guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
          index += 1
          continue
        }
        if plainStart < index {
          flushUnits()
          result += String(decoding: bytes[plainStart..<index], as: UTF8.self)
        }
        let escape = bytes[index + 1]
        index += 2
        if escape == UInt8(ascii: "u"), index + 4 <= bytes.count,
          let unit = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
        {
          units.append(unit)
          index += 4
        } else {
          units.append(UInt16(Self.escaped(escape)))
        }
        plainStart = index
      }
      flushUnits()
      return result + String(decoding: bytes[plainStart...], as: UTF8.self)
    }

    /// The character that a letter after a backslash stands for.
    private static func escaped(_ letter: UInt8) -> UInt8 {
      switch letter {
      case UInt8(ascii: "n"): 0x0a
      case UInt8(ascii: "t"): 0x09
      case UInt8(ascii: "r"): 0x0d
      case UInt8(ascii: "b"): 0x08
      case UInt8(ascii: "f"): 0x0c
      default: letter
      }
    }
  }
}
