import Backpropagation
import GradientModelFiles

/// What is done to the data before they reach the network.
enum DataTreatments {
  static let all = [normalizeInput, dropMissing]

  private static let normalizeInput = Treatment("normalize-input") {
    recipe, _ throws(Inapplicable) in
    guard recipe.normalization != .standard else {
      throw Inapplicable("the inputs are standardized already")
    }
    guard !recipe.layers.contains(where: { $0.layer.vocabulary != nil }) else {
      throw Inapplicable("the inputs are indices of a vocabulary")
    }
    return [
      try recipe.dose("standardized inputs") { recipe throws(Inapplicable) in
        try recipe.apply(.setNormalization(.standard))
      }
    ]
  }

  private static let dropMissing = Treatment("check-data") { recipe, _ throws(Inapplicable) in
    guard recipe.missing == .error else {
      throw Inapplicable("missing values are left out already")
    }
    return [
      try recipe.dose("without examples that lack a value") { recipe throws(Inapplicable) in
        try recipe.apply(.setMissing(.dropRow))
      }
    ]
  }
}
