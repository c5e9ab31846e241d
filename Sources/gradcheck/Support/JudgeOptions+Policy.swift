import GradientHealth

extension JudgeOptions {
  /// The policy of `--policy`, else the model file's `health`, else the standard one; `--fail-on` beats all.
  func policy(over health: AnnotatedValue? = nil) throws -> HealthPolicy {
    let written = try policy.map { try AnnotatedValue(contentsOf: $0) } ?? health
    var policy = try written.map { try HealthPolicy($0) } ?? .standard
    policy.date = .today
    switch failOn {
    case .never: policy.failOn = nil
    case .some(let severity): policy.failOn = Severity(rawValue: severity.rawValue)
    case nil: break
    }
    return policy
  }
}

extension HealthPolicy {
  /// Says on stderr which of the layers that it names a run doesn't have.
  func tellUnknownLayers(among layers: [String]) {
    for pattern in patterns(fittingNoneOf: layers) {
      let hint = suggestion(for: pattern.text, among: layers)
      complain("no layer fits \(pattern.text.quoted), which the policy names\(hint)")
    }
  }
}
