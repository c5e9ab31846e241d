import GzipIO

/// A value that a model file gives an argument.
public enum ArgumentValue: Sendable, Equatable {
  /// `true` or `false`.
  case boolean(Bool)
  /// A number written without a fraction or exponent.
  case integer(Int)
  /// Any other number.
  case number(Double)
  /// A word, quoted or not.
  case text(String)
  /// Values in their order.
  case list([ArgumentValue])
  /// Values by name.
  case map([String: ArgumentValue])

  /// The value as it would be written, for messages.
  public var written: String {
    switch self {
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): value.quoted
    case .list(let values): "a list of \(values.count)"
    case .map: "a map"
    }
  }
}

/// What is wrong with an argument or an id; whoever read the file adds its name and line.
public struct ArgumentError: Error, Equatable, Sendable {
  /// The argument at fault, or nil if it is the id itself.
  public var key: String?
  /// What was found and what was expected.
  public var message: String

  /// Creates an error.
  public init(key: String?, message: String) {
    self.key = key
    self.message = message
  }
}

/// The arguments of one member, read by name, type and range.
public struct Arguments: Sendable {
  private let owner: String
  private let values: [String: ArgumentValue]

  /// Wraps the values given to `owner`.
  public init(of owner: String, _ values: [String: ArgumentValue]) {
    self.owner = owner
    self.values = values
  }

  /// The value as it was given, or nil.
  public subscript(_ key: String) -> ArgumentValue? { values[key] }

  /// A whole number within `range`; required where there is no default.
  public func integer(
    _ key: String, in range: ClosedRange<Int>, default defaultValue: Int? = nil
  ) throws(ArgumentError) -> Int {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard let value = values[key] else { return try required(key, defaultValue, expected) }
    guard case .integer(let number) = value, range.contains(number) else {
      throw unfitting(key, value, expected)
    }
    return number
  }

  /// A whole number within `range`, or nil where none is given.
  public func optionalInteger(
    _ key: String, in range: ClosedRange<Int>
  ) throws(ArgumentError) -> Int? {
    values[key] == nil ? nil : try integer(key, in: range)
  }

  /// A list of whole numbers within `range`, as many as `counts` allows; a single one may stand without its list.
  public func integers(
    _ key: String, in range: ClosedRange<Int>, counts: ClosedRange<Int>, expected: String,
    default defaultValue: [Int]? = nil
  ) throws(ArgumentError) -> [Int] {
    guard let value = values[key] else { return try required(key, defaultValue, expected) }
    let elements: [ArgumentValue] =
      if case .list(let elements) = value { elements } else { [value] }
    let numbers = elements.compactMap { element -> Int? in
      if case .integer(let number) = element, range.contains(number) { number } else { nil }
    }
    guard numbers.count == elements.count, counts.contains(numbers.count) else {
      throw unfitting(key, value, expected)
    }
    return numbers
  }

  /// A finite number for which `fits` holds; `expected` says in words what that is.
  public func number(
    _ key: String, default defaultValue: Double? = nil, expected: String = "a number",
    where fits: (Double) -> Bool = { _ in true }
  ) throws(ArgumentError) -> Double {
    guard let value = values[key] else { return try required(key, defaultValue, expected) }
    let number: Double? =
      switch value {
      case .integer(let number): Double(number)
      case .number(let number): number
      default: nil
      }
    guard let number, number.isFinite, fits(number) else { throw unfitting(key, value, expected) }
    return number
  }

  /// `true` or `false`.
  public func boolean(_ key: String, default defaultValue: Bool) throws(ArgumentError) -> Bool {
    guard let value = values[key] else { return defaultValue }
    guard case .boolean(let flag) = value else { throw unfitting(key, value, "true or false") }
    return flag
  }

  /// One of the words that `Choice` lists.
  public func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, default defaultValue: Choice
  ) throws(ArgumentError) -> Choice {
    guard let value = values[key] else { return defaultValue }
    guard case .text(let word) = value, let choice = Choice(rawValue: word) else {
      throw unfitting(key, value, Choice.allCases.map(\.rawValue).joined(separator: " or "))
    }
    return choice
  }

  /// A word, or an id with arguments of its own: `he-normal`, or `{normal: {standard-deviation: 0.1}}`.
  public func member<Product>(
    _ key: String, of catalog: Catalog<Product>
  ) throws(ArgumentError) -> Product? {
    guard let value = values[key] else { return nil }
    return try catalog.member(value, key: key)
  }

  private func required<Value>(
    _ key: String, _ defaultValue: Value?, _ expected: String
  ) throws(ArgumentError) -> Value {
    guard let defaultValue else {
      throw ArgumentError(key: nil, message: "\(owner) needs \"\(key)\", \(expected)")
    }
    return defaultValue
  }

  func unfitting(
    _ key: String, _ value: ArgumentValue, _ expected: String
  ) -> ArgumentError {
    ArgumentError(
      key: key, message: "\(key) of \(owner) is \(value.written), expected \(expected)")
  }
}

extension Catalog {
  /// The member that `value` names: `name`, `{name: argument}` in short, or `{name: {arguments}}`.
  ///
  /// - Throws: An ``ArgumentError`` where the value names no member, or its arguments don't fit.
  public func member(_ value: ArgumentValue, key: String? = nil) throws(ArgumentError) -> Product {
    switch value {
    case .text(let id): return try make(id, [:])
    case .map(let map):
      guard let (id, argument) = map.first, map.count == 1 else {
        throw ArgumentError(
          key: key, message: "expected one \(noun), found \(map.count) keys")
      }
      switch argument {
      case .map(let arguments): return try make(id, arguments)
      default:
        guard let entry = entries.first(where: { $0.id == id }) else { return try make(id, [:]) }
        guard let shorthand = entry.shorthand else {
          throw ArgumentError(
            key: key, message: "\(id) takes no short form, expected \(id): {…}")
        }
        return try make(id, [shorthand: argument])
      }
    default:
      throw ArgumentError(
        key: key, message: "expected the name of a \(noun), found \(value.written)")
    }
  }
}
