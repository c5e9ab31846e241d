import Foundation

/// The first line of a program: its function's parameters.
struct Introduction: Decodable {
  struct Parameter: Decodable {
    var name: String
    var shape: [Int]?
    var values: Numbers
  }

  var format: String
  var version: Int
  var name: String?
  var examples: Int?
  var parameters: [Parameter]
}

/// Just enough of a first line to tell whether the rest can be read.
struct IntroductionHead: Decodable {
  var format: String
  var version: Int
}

/// The answer to a request for the value.
struct ValueAnswer: Decodable {
  var value: Number
}

/// The answer to a request for the gradient.
struct GradientAnswer: Decodable {
  var gradient: [String: Numbers]
}

/// The answer of a program that can't.
struct ErrorAnswer: Decodable {
  var error: String
}

/// A number as JSON has it, or in quotation marks "NaN", "Infinity", "-Infinity", or in hexadecimal as C's `%a` prints it.
struct Number: Decodable {
  var value: Double

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      value = number
      return
    }
    let text = try? container.decode(String.self)
    switch text {
    case "NaN": value = .nan
    case "Infinity": value = .infinity
    case "-Infinity": value = -.infinity
    case let text?:
      let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
      guard digits.hasPrefix("0x"), let number = Double(text) else { fallthrough }
      value = number
    default:
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "a number")
    }
  }
}

/// A list of numbers.
struct Numbers: Decodable {
  var values: [Double]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let plain = try? container.decode([Double].self) {
      values = plain
    } else {
      values = try container.decode([Number].self).map(\.value)
    }
  }
}

extension DecodingError {
  /// What was expected, and where: `expected a number at gradient.weight[3]`.
  var complaint: String {
    switch self {
    case .keyNotFound(let key, let context):
      let place = Self.path(context)
      return "expected a \"\(key.stringValue)\"" + (place.isEmpty ? "" : " in \(place)")
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      return Self.expected(Self.word(for: type), context)
    case .dataCorrupted(let context):
      return context.codingPath.isEmpty
        ? "expected one JSON object" : Self.expected(context.debugDescription, context)
    @unknown default: return "expected one JSON object"
    }
  }

  private static func expected(_ what: String, _ context: Context) -> String {
    let place = path(context)
    return "expected \(what)" + (place.isEmpty ? "" : " at \(place)")
  }

  private static func word(for type: Any.Type) -> String {
    switch type {
    case is String.Type: "a text"
    case is Int.Type: "a whole number"
    case is Double.Type: "a number"
    case is [Any].Type: "a list"
    default: "an object"
    }
  }

  private static func path(_ context: Context) -> String {
    context.codingPath.reduce("") { path, key in
      if let place = key.intValue { return "\(path)[\(place)]" }
      return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
    }
  }
}
