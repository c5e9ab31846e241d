import Backpropagation
import Foundation
public import GradientDiagnosis
public import GradientModelFiles
import GzipIO

extension HealthPolicy {
  /// Reads a policy from a YAML file: `fail-on`, `thresholds`, `overrides`, `allow`.
  ///
  /// - Throws: An `InputError` with the line of what doesn't fit.
  public init(contentsOf path: String) throws {
    try self.init(AnnotatedValue(contentsOf: path))
  }

  /// Reads a policy as YAML holds it: `fail-on`, `thresholds`, `overrides`, `allow`.
  ///
  /// - Throws: An `InputError` with the line of what doesn't fit.
  package init(_ written: AnnotatedValue) throws {
    self.init()
    date = .today
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

extension ModelFile {
  /// The policy that the file's `health` states; nil where it states none.
  ///
  /// - Throws: An `InputError` with the line of what doesn't fit.
  public var policy: HealthPolicy? {
    get throws { try health.map(HealthPolicy.init) }
  }
}

extension CalendarDate {
  /// The day that it is in the world's standard time.
  package static var today: CalendarDate? {
    CalendarDate(Date.now.formatted(.iso8601.year().month().day()))
  }
}
