import GradientChecking
import GradientDiagnosis
import GradientReport
import GzipIO

/// Made-up results of assertions: of everything that can come of a subject one.
enum SampleAssertion {
  /// A name that each format has something to escape in.
  static let hostile = "a\"b<c>&'d,e:f%25\n::error::g\u{1b}[31m\u{FFFE}|`]]>##[h"

  /// The reports, by names that are short in a log.
  enum Kind: CaseIterable {
    case usual
    case hostile

    var report: AssertionReport {
      switch self {
      case .usual: SampleAssertion.report
      case .hostile: SampleAssertion.hostileReport
      }
    }
  }

  /// A healthy model.
  static func healthy(path: String = "models/digits.yaml") -> AssertionResult {
    var result = AssertionResult(path: path, name: "digits")
    result.add(SampleCheck.right())
    var preflight = Preflight(seed: 1)
    preflight.passed = Preflight.Check.allCases.map {
      CheckedSymptom(id: $0.rawValue, evidence: "fine")
    }
    result.add(preflight, policy: .standard)
    result.add(diagnosis([]), policy: .standard)
    return result
  }

  /// A model with a wrong gradient and a finding in the layer `hidden` at line 7, both of which fail, and a warning.
  static func failed(path: String = "models/digits.yaml", layer: String = "hidden")
    -> AssertionResult
  {
    var result = AssertionResult(path: path, name: layer)
    result.lines = [layer: 7, "my-layer": 9]
    result.add(SampleCheck.doubled())
    result.add(
      diagnosis([
        finding("vanishing-gradient", .error, layer), finding("oscillation", .warning, nil),
      ]), policy: .standard)
    result.report = "reports/digits/report.md"
    return result
  }

  /// A run that nothing can be said of.
  static var undecided: AssertionResult {
    var result = AssertionResult(path: "runs/short.jsonl.gz", name: "short")
    var diagnosis = diagnosis([])
    diagnosis.verdict = .inconclusive
    diagnosis.reason = "no step in this trace"
    result.add(diagnosis, policy: .standard)
    return result
  }

  /// A run with a warning, which doesn't fail.
  static var warned: AssertionResult {
    var result = AssertionResult(path: "/elsewhere/run 1.gradtrace", name: "run 1")
    var diagnosis = diagnosis([finding("oscillation", .warning, nil)])
    diagnosis.verdict = .warning
    result.add(diagnosis, policy: .standard)
    return result
  }

  /// A file that can't be read.
  static var unusable: AssertionResult {
    AssertionResult(
      path: "none.yaml",
      obstacle: InputError(file: "none.yaml", line: 3, "is not what was expected"))
  }

  /// One of each.
  static var report: AssertionReport {
    AssertionReport([healthy(), failed(), undecided, warned, unusable], version: "0.1.0")
  }

  /// All that a hostile trace can put into a result.
  static var hostileReport: AssertionReport {
    let obstacle = InputError(file: hostile, hostile)
    return AssertionReport(
      [failed(path: hostile, layer: hostile), AssertionResult(path: hostile, obstacle: obstacle)],
      version: "0.1.0")
  }

  private static func finding(_ id: String, _ severity: Severity, _ layer: String?) -> Finding {
    Finding(
      id: id, severity: severity, layer: layer, firstStep: 3, raisedAtStep: 25, lastStep: 99,
      statistic: "figure", value: .infinity, threshold: 3,
      cause: Cause(id: "unknown", text: "Nobody knows."),
      message: "\(layer ?? "the loss") is 100 % wrong.",
      remedies: [Remedy(id: "a", text: "Try this."), Remedy(id: "b", text: "Try that.")])
  }

  private static func diagnosis(_ findings: [Finding]) -> Diagnosis {
    let found = Set(findings.map(\.id))
    let ids = AnalyzerCatalog.explanations.map(\.id).filter { !found.contains($0) }
    return Diagnosis(
      verdict: findings.isEmpty ? .healthy : .error, rootCause: findings.isEmpty ? nil : 0,
      findings: findings,
      passed: ids.dropLast().map { CheckedSymptom(id: $0, evidence: "nothing of it") },
      notChecked: ids.suffix(1).map { UncheckedSymptom(id: $0, reason: "no partner") },
      steps: 100, reason: "the loss fell from 2.3 to 0.1")
  }
}
