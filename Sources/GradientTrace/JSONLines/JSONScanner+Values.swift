extension JSONScanner {
  /// Reads a whole number from 0.
  mutating func count() throws(Fault) -> Int {
    _ = try peek()
    let start = self
    guard try peek() == .number, let value = Int(exactly: try number()), value >= 0 else {
      throw start.unexpected("a whole number from 0")
    }
    return value
  }

  /// Reads what `read` reads, or nil where `null` stands.
  mutating func optional<T>(
    _ read: (inout JSONScanner) throws(Fault) -> T
  ) throws(Fault) -> T? {
    try null() ? nil : try read(&self)
  }

  /// Reads a number, or nil where `null` stands.
  mutating func optionalNumber() throws(Fault) -> Double? { try null() ? nil : try number() }

  /// Reads a whole number from 0, or nil where `null` stands.
  mutating func optionalCount() throws(Fault) -> Int? { try null() ? nil : try count() }

  /// Reads a string, or nil where `null` stands.
  mutating func optionalString() throws(Fault) -> String? { try null() ? nil : try string() }

  /// Reads an array, or nil where `null` stands.
  mutating func optionalList<T>(
    of read: (inout JSONScanner) throws(Fault) -> T
  ) throws(Fault) -> [T]? {
    guard try !null() else { return nil }
    var list: [T] = []
    try beginArray()
    while try nextElement() { list.append(try read(&self)) }
    return list
  }

  /// Whether `text` is one JSON value.
  static func isWhole(_ text: String) -> Bool {
    scan(text) { (scanner) throws(Fault) in try scanner.skipValue() } != nil
  }

  /// The strings of a JSON array of strings, or nil if `text` is something else.
  static func strings(_ text: String) -> [String]? {
    scan(text) { (scanner) throws(Fault) in
      try scanner.optionalList { (scanner) throws(Fault) in try scanner.string() } ?? []
    }
  }

  /// The numbers of a JSON array of whole numbers from 0, or nil if `text` is something else.
  static func counts(_ text: String) -> [Int]? {
    scan(text) { (scanner) throws(Fault) in
      try scanner.optionalList { (scanner) throws(Fault) in try scanner.count() } ?? []
    }
  }

  private static func scan<T>(
    _ text: String, _ read: (inout JSONScanner) throws(Fault) -> T
  ) -> T? {
    var text = text
    return text.withUTF8 { bytes in
      var scanner = JSONScanner(UnsafeRawBufferPointer(bytes))
      do throws(Fault) {
        let value = try read(&scanner)
        try scanner.end()
        return value
      } catch { return nil }
    }
  }
}
