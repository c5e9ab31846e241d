import Backpropagation
import GradientDiagnosis

/// What is minimized.
enum LossTreatments {
  static let all = [scaleLoss]

  /// The heaviest loss gets a weight of one, the others keep theirs next to it.
  private static let scaleLoss = Treatment("scale-loss") { recipe, _ throws(Inapplicable) in
    let weights = recipe.losses.map(\.weight)
    guard let heaviest = weights.max(), heaviest < 1, heaviest > 0 else {
      throw Inapplicable("no weight makes the loss small")
    }
    return [
      try recipe.dose("loss weight \(Wording.short(heaviest)) → 1") {
        recipe throws(Inapplicable) in
        for (place, weight) in weights.enumerated() {
          try recipe.apply(.setLossWeight(loss: place, weight / heaviest))
        }
      }
    ]
  }
}
