import Foundation

extension Double {
  /// The number with the decimals that tell multiples of `step` apart.
  package func formatted(step: Double) -> String {
    guard self != 0 else { return "0" }
    guard abs(self) < 1e5, step >= 1e-3 else { return String(format: "%.3g", self) }
    let decimals = max(0, -Int((log10(step) + 1e-9).rounded(.down)))
    return String(format: "%.\(decimals)f", self)
  }

  /// A count on an axis: 400, 12k, 1.5M.
  package var shortCount: String {
    let units = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    guard let (unit, name) = units.first(where: { abs(self) >= $0.0 }) else {
      return String(format: "%.0f", self)
    }
    return String(format: "%g", (self / unit * 1000).rounded() / 1000) + name
  }
}
