import GradientDiagnosis

/// The statistic of a finding as a table shows it: its name, and its values with their unit.
struct Statistic {
  /// `"attenuation"`, `"excess-dead-share"`.
  var id: String

  /// Its name in words.
  var name: String { id.replacing("-", with: " ") }

  /// A value, short and with its unit: `7.5 decades`, `84 %`.
  func text(_ value: Double) -> String {
    Wording.short(value * factor) + unit
  }

  /// The values between two: `-1 to 1.5 decades`.
  func text(_ range: ClosedRange<Double>) -> String {
    "\(Wording.short(range.lowerBound * factor)) to \(text(range.upperBound))"
  }

  private var isShare: Bool { id.hasSuffix("-share") }
  private var factor: Double { isShare ? 100 : 1 }

  private var unit: String {
    switch id {
    case "attenuation", "growth", "drop": " decades"
    case "slope": " decades a layer"
    default: isShare ? " %" : ""
    }
  }
}
