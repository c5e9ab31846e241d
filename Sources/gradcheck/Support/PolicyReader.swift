import GradientHealth

extension HealthPolicy {
  /// Reads a policy as YAML holds it: `fail-on`, `thresholds`, `overrides`, `allow`.
  ///
  /// - Throws: An `InputError` with the line of what doesn't fit.
  init(_ written: AnnotatedValue) throws {
    self.init()
    let reader = PolicyReader(written)
    for (key, value) in try reader.map(written.value, at: []).sorted(by: { $0.key < $1.key }) {
      switch key {
      case "fail-on": failOn = try reader.failOn(value)
      case "thresholds":
        let values = try reader.thresholds(value, at: [key])
        try reader.located([key]) { () throws(PolicyError) in try set(values) }
      case "overrides":
        for (index, item) in try reader.list(value, at: [key]).enumerated() {
          try read(override: item, at: [key, "\(index)"], reader)
        }
      case "allow":
        for (index, item) in try reader.list(value, at: [key]).enumerated() {
          try read(allowance: item, at: [key, "\(index)"], reader)
        }
      default:
        throw reader.unknown(
          key, at: [key], among: ["fail-on", "thresholds", "overrides", "allow"])
      }
    }
  }

  private mutating func read(
    override item: ArgumentValue, at path: [String], _ reader: PolicyReader
  ) throws {
    let entry = try reader.map(item, at: path, keys: ["layer", "thresholds"])
    let pattern = NamePattern(try reader.text(entry["layer"], "layer", at: path))
    let values = try reader.thresholds(
      entry["thresholds"] ?? .map([:]), at: path + ["thresholds"])
    try reader.located(path) { () throws(PolicyError) in try set(values, forLayers: pattern) }
  }

  private mutating func read(
    allowance item: ArgumentValue, at path: [String], _ reader: PolicyReader
  ) throws {
    let entry = try reader.map(item, at: path, keys: ["finding", "layer", "reason", "until"])
    let finding = try reader.text(entry["finding"], "finding", at: path)
    let reason = try reader.text(entry["reason"], "reason", at: path)
    let layer = try entry["layer"].map { NamePattern(try reader.text($0, "layer", at: path)) }
    let until = try entry["until"].map { try reader.date($0, at: path + ["until"]) }
    try reader.located(path) { () throws(PolicyError) in
      try allow(finding, layer: layer, reason: reason, until: until)
    }
  }
}

/// Takes a policy's YAML apart, naming the line of what doesn't fit.
private struct PolicyReader {
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
    guard case .text(let text) = value, let failOn = JudgeOptions.FailOn(rawValue: text) else {
      throw error(
        at: ["fail-on"], "fail-on is \(value.written), expected info, warning, error or never")
    }
    return Severity(rawValue: failOn.rawValue)
  }

  /// Runs `body` and adds the place to what it throws.
  func located(_ path: [String], _ body: () throws(PolicyError) -> Void) throws {
    do { try body() } catch {
      throw error.located(file: written.file, line: written.line(at: path))
    }
  }
}
