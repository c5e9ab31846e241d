import GzipIO

/// The header of an NPY file: `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`.
struct NPYHeader {
  private(set) var type = NumberType.float64
  private(set) var isBigEndian = false
  private(set) var isFortranOrder = false
  private(set) var shape: [Int] = []

  private let file: String
  private let text: [UInt8]
  private var position = 0

  private static let mostAxes = 32

  init(_ text: [UInt8], file: String) throws(InputError) {
    self.file = file
    self.text = text
    guard take("{") else { throw error("is \(rest), expected a dict") }
    var keys: Set<String> = []
    while !take("}") {
      guard let key = string() else { throw error("has \(rest) where a key is expected") }
      guard keys.insert(key).inserted else { throw error("has the key \(key.quoted) twice") }
      guard take(":") else { throw error("has \(rest) behind the key \(key.quoted)") }
      try readValue(of: key)
      guard take(",") || next == UInt8(ascii: "}") else {
        throw error("has \(rest) where a comma or the end is expected")
      }
    }
    guard next == nil else { throw error("has \(rest) behind its end") }
    for key in ["descr", "fortran_order", "shape"] where !keys.contains(key) {
      throw error("has no \(key.quoted)")
    }
  }

  private mutating func readValue(of key: String) throws(InputError) {
    switch key {
    case "descr":
      guard let descriptor = string() else {
        throw error("describes structured records (\(rest)), expected plain numbers")
      }
      try read(descriptor)
    case "fortran_order":
      let start = position
      guard let word = word(), ["True", "False"].contains(word) else {
        position = start
        throw error("has \(rest) as fortran_order, expected True or False")
      }
      isFortranOrder = word == "True"
    case "shape":
      guard let sizes = sizes() else {
        throw error("has \(rest) as shape, expected whole numbers in brackets")
      }
      shape = sizes
    default: throw error("has the unknown key \(key.quoted)")
    }
  }

  /// Reads how a number is written: `<f8` is a float of 8 bytes, the least significant first.
  private mutating func read(_ descriptor: String) throws(InputError) {
    let types: [String: NumberType] = [
      "f8": .float64, "f4": .float32, "f2": .float16, "i8": .int64, "i4": .int32, "i2": .int16,
      "i1": .int8, "u8": .uint64, "u4": .uint32, "u2": .uint16, "u1": .uint8, "b1": .bool,
    ]
    var name = descriptor
    if let order = name.first, "<>|=".contains(order) { name.removeFirst() }
    guard let type = types[name] else {
      let kind: String
      switch name.first {
      case "O": kind = "Python objects, which can hold programs and aren't read"
      case "U", "S", "a": kind = "text"
      case "c": kind = "complex numbers"
      case "M", "m": kind = "dates or times"
      default: kind = "a type that isn't known"
      }
      throw InputError(
        file: file,
        "holds \(kind) (type \(descriptor.quoted)); expected floats, integers or booleans")
    }
    self.type = type
    isBigEndian = descriptor.first == ">"
  }

  /// The whole numbers in brackets that stand here; nil for anything else.
  private mutating func sizes() -> [Int]? {
    let start = position
    guard take("(") else { return nil }
    var sizes: [Int] = []
    while !take(")") {
      // Python 2 wrote an L behind large numbers.
      guard let word = word(), let size = Int(word.hasSuffix("L") ? word.dropLast() : word[...]),
        size >= 0, sizes.count < Self.mostAxes, take(",") || next == UInt8(ascii: ")")
      else {
        position = start
        return nil
      }
      sizes.append(size)
    }
    return sizes
  }

  /// What stands here, for messages.
  private var rest: String {
    var copy = self
    copy.skipBlanks()
    return String(decoding: text[copy.position...], as: UTF8.self)
      .trimmingSuffix(while: \.isWhitespace).quoted
  }

  private func error(_ message: String) -> InputError {
    InputError(file: file, "the NPY header \(message)")
  }

  /// The next byte that is no blank.
  private var next: UInt8? {
    mutating get {
      skipBlanks()
      return position < text.count ? text[position] : nil
    }
  }

  private mutating func skipBlanks() {
    while position < text.count, [0x20, 0x0a, 0x0d, 0x09].contains(text[position]) {
      position += 1
    }
  }

  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  /// The letters and digits that stand here; nil if there are none.
  private mutating func word() -> String? {
    guard let first = next, first.isWordByte else { return nil }
    let start = position
    while position < text.count, text[position].isWordByte { position += 1 }
    return String(decoding: text[start..<position], as: UTF8.self)
  }

  /// The text in quotation marks, without escapes, that stands here; nil for anything else.
  private mutating func string() -> String? {
    guard let mark = next, mark == UInt8(ascii: "'") || mark == UInt8(ascii: "\""),
      let end = text[(position + 1)...].firstIndex(of: mark)
    else { return nil }
    let string = String(decoding: text[(position + 1)..<end], as: UTF8.self)
    position = end + 1
    return string
  }
}

extension UInt8 {
  fileprivate var isWordByte: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(while isUnwanted: (Character) -> Bool) -> String {
    var result = self
    while let last = result.last, isUnwanted(last) { result.removeLast() }
    return result
  }
}
