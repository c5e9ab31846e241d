import Foundation

/// A JSON object put together from parts, some of which are JSON already; its keys stay in the order given.
package struct JSONDocument {
  private var entries: [(key: String, json: String)]

  /// Begins a document of a format, version 1.
  package init(_ format: String) {
    entries = [("format", Self.quoted(format)), ("version", "1")]
  }

  /// This document with a part that is JSON already.
  package func adding(_ key: String, json: String) -> JSONDocument {
    var document = self
    document.entries.append((key, json))
    return document
  }

  /// This document with a text.
  package func adding(_ key: String, _ text: String) -> JSONDocument {
    adding(key, json: Self.quoted(text))
  }

  /// This document with a whole number.
  package func adding(_ key: String, _ number: Int) -> JSONDocument {
    adding(key, json: "\(number)")
  }

  /// The document as text.
  package var text: String {
    "{" + entries.map { "\(Self.quoted($0.key)):\($0.json)" }.joined(separator: ",") + "}"
  }

  /// `text` as a JSON string.
  package static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let data = (try? encoder.encode(text)) ?? Data("\"\"".utf8)
    return String(decoding: data, as: UTF8.self)
  }

  /// `number` as JSON; what JSON can't write is a string, as in traces.
  package static func number(_ number: Double) -> String {
    if number.isFinite { return "\(number)" }
    return number.isNaN ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\""
  }
}
