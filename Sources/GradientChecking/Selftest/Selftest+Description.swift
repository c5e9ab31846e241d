import GzipIO

extension Selftest: CustomStringConvertible {
  /// The text that `gradcheck selftest` prints: layers and losses × mutations, then the sums.
  package var description: String {
    ([heading] + subjects.map(row) + ["", legend, ""] + summary).joined(separator: "\n")
  }

  /// The numbers of the mutations, their digits below each other.
  private var heading: String {
    let numbers = Mutation.allCases.indices.map { $0 + 1 }
    func line(_ digit: (Int) -> String) -> String {
      indent("") + numbers.map(digit).joined(separator: " ")
    }
    return line { $0 < 10 ? " " : "\($0 / 10)" } + "\n" + line { "\($0 % 10)" }
  }

  private func indent(_ id: String) -> String {
    "  " + id + String(repeating: " ", count: max(28 - id.count, 1))
  }

  private func row(_ subject: String) -> String {
    indent(subject)
      + Mutation.allCases.map { mark(trials(of: subject, $0)) }.joined(separator: " ")
  }

  private func mark(_ trials: [Trial]) -> String {
    if trials.isEmpty { return "·" }
    guard trials.allSatisfy(\.isCaught) else { return "✗" }
    return trials.allSatisfy(\.isNamed) ? "✓" : "?"
  }

  /// What the numbers and the marks mean.
  private var legend: String {
    let marks = "  ✓ caught and named   ? caught   ✗ not caught   · changes nothing here\n"
    let rows = Mutation.allCases.enumerated().map { place, mutation in
      let number = place < 9 ? " \(place + 1)" : "\(place + 1)"
      let id = mutation.rawValue
      return "  \(number) \(id)\(String(repeating: " ", count: 18 - id.count))\(mutation.summary)"
    }
    return ([marks] + rows).joined(separator: "\n")
  }

  private var summary: [String] {
    var lines = [
      "  \(falseAlarms.isEmpty ? "pass" : "FAIL")   "
        + "\((rightGradients - falseAlarms.count).grouped) of \(rightGradients.grouped) right "
        + "gradients pass",
      "  \(missed.isEmpty ? "pass" : "FAIL")   \(caught.grouped) of \(trials.count.grouped) planted "
        + "mistakes are caught",
      "  \(isNamedEnough ? "pass" : "FAIL")   \(named.grouped) of them are called by their names "
        + "(\(percentNamed) %)",
    ]
    lines += falseAlarms.prefix(Self.mostListed).map {
      "  FAIL   \($0.tensor) is right, and was not passed, at magnitude \($0.scale)"
    }
    lines += missed.prefix(Self.mostListed).map {
      "  FAIL   \($0.mutation.rawValue) in \($0.tensor) was not caught, at magnitude \($0.scale)"
    }
    return lines
  }

  private static let mostListed = 10

  private var isNamedEnough: Bool {
    Double(named) >= Self.leastNamed * Double(trials.count)
  }

  /// Rounded down, so that 100 is all of them.
  private var percentNamed: String {
    let tenths = trials.isEmpty ? 0 : 1000 * named / trials.count
    return "\(tenths / 10).\(tenths % 10)"
  }
}
