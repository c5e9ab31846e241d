import Foundation

/// Finds the places of names that mostly come in the same order.
struct NameTable: Sendable {
  private let names: [[UInt8]]
  private let places: [String: Int]

  init(_ names: [String]) {
    self.names = names.map { Array($0.utf8) }
    places = Dictionary(
      names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// The place of `key`, which is looked for at `expected` first.
  func place(of key: JSONScanner.Key, expected: Int) -> Int? {
    if expected < names.count, key.isEqual(to: names[expected]) { return expected }
    return places[key.string]
  }
}
