import Foundation

extension Double {
  /// The number to three significant digits: 2.30, 1,440 as 1440, 1.10e-8 for what is very large or small.
  package var short: String { formatted(digits: 3) }

  /// The number to `digits` significant digits, as 1.1e-8 below a hundredth and from 100,000 on.
  package func formatted(digits: Int) -> String {
    guard isFinite else { return isNaN ? "NaN" : self < 0 ? "−∞" : "∞" }
    guard self != 0 else { return "0" }
    if abs(self) >= 0.01 && abs(self) < 1e5 {
      let decimals = max(0, digits - 1 - Int(log10(abs(self)).rounded(.down)))
      return String(format: "%.\(decimals)f", self)
    }
    var exponent = log10(abs(self)).rounded(.down)
    var mantissa = self / pow(10, exponent)
    // Rounding may carry: 9.99 becomes 10.0.
    if abs(mantissa) >= 10 - 0.5 * pow(10, Double(1 - digits)) {
      mantissa /= 10
      exponent += 1
    }
    return String(format: "%.\(digits - 1)f", mantissa) + "e\(Int(exponent))"
  }

  /// The number with the decimals that tell multiples of `step` apart.
  package func formatted(step: Double) -> String {
    guard abs(self) < 1e5, step >= 1e-3 || self == 0 else { return formatted(digits: 3) }
    let decimals = max(0, -Int((log10(step) + 1e-9).rounded(.down)))
    return self == 0 ? "0" : String(format: "%.\(min(decimals, 6))f", self)
  }

  /// The number to one decimal, for decades and percentages.
  package var tenths: String { String(format: "%.1f", self) }

  /// A count on an axis: 400, 12k, 1.5M.
  package var shortCount: String {
    for (unit, name) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    where abs(self) >= unit * 10
      || (abs(self) >= unit && (self / unit * 10).rounded() == self / unit * 10)
    {
      return trimmed(String(format: "%.2f", self / unit)) + name
    }
    return String(format: "%.0f", self)
  }

  /// The share as a percentage.
  package var percent: String {
    let value = self * 100
    return
      (value > 0 && value < 10
      ? trimmed(String(format: "%.1f", value)) : String(format: "%.0f", value)) + " %"
  }
}

extension Int {
  /// The count with its thousands set apart: 50,570.
  package var grouped: String {
    var digits = String(magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (self < 0 ? "−" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// The count with its noun: `1 unit`, `12 units`.
  package func counted(_ noun: String) -> String { "\(grouped) \(noun)\(self == 1 ? "" : "s")" }
}

private func trimmed(_ decimal: String) -> String {
  guard decimal.contains(".") else { return decimal }
  var kept = Substring(decimal)
  while kept.last == "0" { kept.removeLast() }
  if kept.last == "." { kept.removeLast() }
  return String(kept)
}
