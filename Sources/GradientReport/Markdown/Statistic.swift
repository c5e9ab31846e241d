import Foundation
import GradientDiagnosis

/// The statistic of a finding as a table shows it: its name, and its values with their unit.
struct Statistic {
  /// `"attenuation"`, `"excess-dead-share"`.
  var id: String

  /// Its name in words.
  var name: String {
    switch id {
    case "fall": "fall of the loss"
    case "input-size": "RMS of the input"
    case "feature-spread": "largest feature : typical one"
    case "feature-offset": "distance of the features from zero"
    case "distinct-rows": "different rows"
    case "balance": "balance of the losses"
    case "loss-ratio": "loss : reference"
    case "update-ratio": "update : weight"
    default: id.replacing("-", with: " ")
    }
  }

  /// A value, short and with its unit: `7.5 decades`, `84 %`.
  func text(_ value: Double) -> String { figure(value) + unit }

  /// The values between two: `-1 to 1.5 decades`.
  func text(_ range: ClosedRange<Double>) -> String {
    "\(figure(range.lowerBound)) to \(text(range.upperBound))"
  }

  /// On which side of its threshold a value raised the alarm: `alarm above`.
  func alarm(at value: Double, _ threshold: Double) -> String {
    value == threshold ? "alarm at" : value < threshold ? "alarm below" : "alarm above"
  }

  private func figure(_ value: Double) -> String {
    switch id {
    case "input-size", "feature-spread": Wording.short(pow(10, value))
    default: Wording.short(isPercentage ? value * 100 : value)
    }
  }

  private var isPercentage: Bool { id.hasSuffix("-share") || ["fall", "lost-gain"].contains(id) }

  private var unit: String {
    switch id {
    case "attenuation", "growth", "drop", "balance": " decades"
    case "slope": " decades a layer"
    case "feature-spread", "loss-ratio": " times"
    case "feature-offset": " standard deviations"
    case "leaps": " steps"
    default: isPercentage ? " %" : ""
    }
  }
}
