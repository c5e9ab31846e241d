import Foundation

extension Double {
  /// Its natural logarithm.
  var logarithm: Double { log(self) }

  /// Its decimal logarithm.
  var decades: Double { log10(self) }

  /// Itself to a power.
  func power(_ exponent: Double) -> Double { pow(self, exponent) }
}
