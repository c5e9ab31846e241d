import Foundation

extension Double {
  /// The number with so many significant digits, without needless zeros: `0.0012`, `3.1e-11`.
  package func figures(_ digits: Int) -> String {
    let text = String(format: "%.\(digits)g", self)
    let parts = text.split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return text }
    return "\(parts[0])e\(exponent)"
  }
}
