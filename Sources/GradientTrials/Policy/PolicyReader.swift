import Backpropagation
import GradientDiagnosis
import GradientModelFiles
import GzipIO

/// Takes a policy's YAML apart, naming the line of what doesn't fit.
struct PolicyReader {
  private let written: AnnotatedValue

  init(_ written: AnnotatedValue) { self.written = written }

  func error(at path: [String], _ message: String) -> InputError {
    InputError(file: written.file, line: written.line(at: path), message)
  }

  func unknown(_ key: String, at path: [String], among known: [String]) -> InputError {
    error(at: path, "unknown key \(key.quoted) in the policy" + suggestion(for: key, among: known))
  }

  func map(
    _ value: ArgumentValue, at path: [String], keys: [String]? = nil
  ) throws -> [String: ArgumentValue] {
    guard case .map(let map) = value else {
      throw error(at: path, "expected keys and values, found \(value.written)")
    }
    if let keys, let key = map.keys.sorted().first(where: { !keys.contains($0) }) {
      throw unknown(key, at: path + [key], among: keys)
    }
    return map
  }

  func list(_ value: ArgumentValue, at path: [String]) throws -> [ArgumentValue] {
    guard case .list(let list) = value else {
      throw error(at: path, "expected a list, found \(value.written)")
    }
    return list
  }

  func text(_ value: ArgumentValue?, _ key: String, at path: [String]) throws -> String {
    guard let value else { throw error(at: path, "\"\(key)\" is missing") }
    guard case .text(let text) = value else {
      throw error(at: path + [key], "\(key) is \(value.written), expected a text")
    }
    return text
  }

  func date(_ value: ArgumentValue, at path: [String]) throws -> CalendarDate {
    guard case .text(let text) = value, let date = CalendarDate(text) else {
      throw error(at: path, "until is \(value.written), expected a day such as 2027-01-01")
    }
    return date
  }

  func thresholds(_ value: ArgumentValue, at path: [String]) throws -> [String: Double] {
    var result: [String: Double] = [:]
    for (name, value) in try map(value, at: path) {
      switch value {
      case .integer(let number): result[name] = Double(number)
      case .number(let number): result[name] = number
      default: throw error(at: path + [name], "\(name) is \(value.written), expected a number")
      }
    }
    return result
  }

  func failOn(_ value: ArgumentValue) throws -> Severity? {
    if case .text(let text) = value {
      if text == "never" { return nil }
      if let severity = Severity(rawValue: text) { return severity }
    }
    throw error(
      at: ["fail-on"], "fail-on is \(value.written), expected info, warning, error or never")
  }

  /// Runs `body` and adds the place to what it throws.
  func located(_ path: [String], _ body: () throws(PolicyError) -> Void) throws {
    do { try body() } catch {
      throw error.located(file: written.file, line: written.line(at: path))
    }
  }
}
