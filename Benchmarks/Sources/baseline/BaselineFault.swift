import Foundation
import GradientHealth

/// A change of a model that makes it worse, which its baseline should tell.
enum BaselineFault: String, CaseIterable, Sendable {
  case rate = "learning rate × 10"
  case scale = "initial weights × 3"
  case sigmoid = "sigmoid for ReLU"

  /// The text of the model file with the fault in it; nil where it has no place for it.
  func text(of model: String) -> String? {
    switch self {
    case .scale: return model
    case .sigmoid:
      return model.contains("- relu") ? model.replacing("- relu", with: "- sigmoid") : nil
    case .rate:
      return model.firstMatch(of: /learning-rate: ([0-9.e-]+)/).flatMap { match in
        Double(match.1).map {
          model.replacingCharacters(in: match.range, with: "learning-rate: \(10 * $0)")
        }
      }
    }
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
