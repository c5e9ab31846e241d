public import GzipIO

/// By which thresholds a run is judged, what is tolerated, and what fails a build.
public struct HealthPolicy: Sendable, Equatable {
  /// The severity from which on a finding fails a build; nil for none.
  public var failOn: Severity?
  /// Values that replace the standard ones, by the threshold's name.
  public private(set) var thresholds: [String: Double]
  /// Values that hold for some layers only; the last one that matches counts.
  public private(set) var overrides: [Override]
  /// Findings that are tolerated.
  public private(set) var allowances: [Allowance]
  /// The day of the judgment, after which an allowance no longer holds; nil to let all of them hold.
  public var date: CalendarDate?

  /// The policy that holds where nobody wrote one: all thresholds at their standard, errors fail.
  public static let standard: HealthPolicy = HealthPolicy()

  /// Values that hold for the layers whose names fit a pattern.
  public struct Override: Sendable, Equatable {
    /// The layers concerned.
    public let layer: NamePattern
    /// The values, by the threshold's name.
    public let thresholds: [String: Double]
  }

  /// A finding that is tolerated, with the reason and the last day on which it is.
  public struct Allowance: Sendable, Equatable {
    /// The symptom's id.
    public let finding: String
    /// The layers concerned; nil for all.
    public let layer: NamePattern?
    /// Why it is tolerated.
    public let reason: String
    /// The last day on which it is tolerated; nil for always.
    public let until: CalendarDate?

    fileprivate func fits(_ id: String, layer: String?) -> Bool {
      finding == id && (self.layer.map { pattern in layer.map(pattern.matches) ?? false } ?? true)
    }
  }

  /// Creates the standard policy, failing on `failOn`.
  public init(failOn: Severity? = .error) {
    self.failOn = failOn
    thresholds = [:]
    overrides = []
    allowances = []
  }

  /// Sets thresholds by name for all layers.
  ///
  /// - Throws: `PolicyError` for a name that no threshold bears and for a value that is not a number.
  public mutating func set(_ values: [String: Double]) throws(PolicyError) {
    try Self.check(values)
    thresholds.merge(values) { _, new in new }
  }

  /// Sets thresholds by name for the layers whose names fit `pattern`.
  ///
  /// - Throws: `PolicyError` for a name that no threshold bears and for a value that is not a number.
  public mutating func set(
    _ values: [String: Double], forLayers pattern: NamePattern
  ) throws(PolicyError) {
    try Self.check(values)
    overrides.append(Override(layer: pattern, thresholds: values))
  }

  /// Tolerates the symptom `finding` in the layers that fit `pattern`, for `reason`, until the end of a day.
  ///
  /// - Throws: `PolicyError` for an id that no analyzer and no check of a preflight bears, and for a reason without a word.
  public mutating func allow(
    _ finding: String, layer pattern: NamePattern? = nil, reason: String,
    until: CalendarDate? = nil
  ) throws(PolicyError) {
    let known = AnalyzerCatalog.explanations.map(\.id) + Preflight.Check.allCases.map(\.rawValue)
    guard known.contains(finding) else {
      throw PolicyError.unknown("finding", finding, among: known)
    }
    guard reason.contains(where: \.isLetter) else {
      throw PolicyError("allow of \(finding): a reason is missing")
    }
    allowances.append(
      Allowance(finding: finding, layer: pattern, reason: reason, until: until))
  }

  /// The patterns of overrides and allowances that the name of none of `layers` fits, in the order they were written in.
  public func patterns(fittingNoneOf layers: [String]) -> [NamePattern] {
    (overrides.map(\.layer) + allowances.compactMap(\.layer)).filter { pattern in
      !layers.contains(where: pattern.matches)
    }
  }

  /// The value of `threshold`, for the layer called `layer` where one is given.
  public func value(_ threshold: Threshold, layer: String? = nil) -> Double {
    if let layer {
      for override in overrides.reversed() where override.layer.matches(layer) {
        if let value = override.thresholds[threshold.name] { return value }
      }
    }
    return thresholds[threshold.name] ?? threshold.standard
  }

  /// The allowance that tolerates a finding called `id` in a layer, or nil.
  func allowance(for id: String, layer: String?) -> Allowance? {
    allowances.first { $0.fits(id, layer: layer) && !hasExpired($0) }
  }

  /// What is said of a finding that an allowance tolerated up to a day that has passed; empty where there is none.
  func expiryNote(for id: String, layer: String?) -> String {
    let expired = allowances.last { $0.fits(id, layer: layer) && hasExpired($0) }
    return expired?.until.map { " Its allowance expired on \($0)." } ?? ""
  }

  private func hasExpired(_ allowance: Allowance) -> Bool {
    guard let date, let until = allowance.until else { return false }
    return until < date
  }

  /// Whether `diagnosis` fails a build under this policy.
  public func fails(_ diagnosis: Diagnosis) -> Bool {
    guard let failOn else { return false }
    return diagnosis.findings.contains { $0.severity >= failOn }
  }

  private static func check(_ values: [String: Double]) throws(PolicyError) {
    let known = Thresholds.all.map(\.name)
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      guard known.contains(name) else {
        throw PolicyError.unknown("threshold", name, among: known)
      }
      guard value.isFinite else {
        throw PolicyError("threshold \(name) is \(value); expected a finite number")
      }
    }
  }
}
