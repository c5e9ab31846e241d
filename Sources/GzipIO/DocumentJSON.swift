import Foundation

/// JSON as documents hold it that other programs read.
///
/// Keys are sorted, so that equal values give equal text. Numbers that are not finite, which JSON can't write and a
/// diagnosis is full of, are the strings `"NaN"`, `"Infinity"` and `"-Infinity"`.
package enum DocumentJSON {
  /// `value` as text.
  ///
  /// - Throws: The encoder's error where a value is none that JSON can hold.
  package static func text(of value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// What `text` holds.
  ///
  /// - Throws: The decoder's error where that is no such value.
  package static func value<Value: Decodable>(
    _ type: Value.Type = Value.self, from text: String
  ) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return try decoder.decode(Value.self, from: Data(text.utf8))
  }
}
