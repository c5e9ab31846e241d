extension SecondOrder: CustomStringConvertible {
  /// The findings as sentences.
  public var description: String { sentences.joined(separator: " ") }

  /// Symmetry, curvature, and what the curvature means for the learning rate.
  public var sentences: [String] {
    [symmetry.sentence, sharpness.sentence(examples: examples), stability].compactMap(\.self)
  }

  /// The learning rate beside the one at which descent turns into ascent.
  private var stability: String? {
    guard let plain = sharpness.stableBelow else {
      return "No direction found curves upward, so no learning rate is too large for it."
    }
    let bound =
      "Plain gradient descent climbs from a learning rate of 2/λ_max = "
      + "\(sharpness.hasConverged ? "" : "at most ")\(plain.figures(2)) on"
    guard let training else { return bound + "." }
    guard let stableBelow = training.stableBelow else {
      return bound + "; \(training.optimizer) scales each weight's step by itself, so that its "
        + "learning rate of \(training.learningRate.figures(2)) is not comparable."
    }
    let share = training.learningRate / stableBelow
    let place =
      share < 1
      ? "\(share.figures(2)) times that: stable at the start"
      : "\(share.figures(2)) times that: too large, unless the curvature falls"
    let own =
      stableBelow == plain
      ? ""
      : ", the model's \(training.optimizer) from "
        + "\(stableBelow.figures(2)) on"
    return bound + own + "; the model's learning rate, \(training.learningRate.figures(2)), is "
      + place + "."
  }
}

extension HessianSymmetry {
  fileprivate var sentence: String {
    let error = relativeError.figures(2)
    return switch verdict {
    case .pass:
      "The Hessian is symmetric, uᵀHv = vᵀHu to \(error), as that of a gradient must be."
    case .fail:
      "The Hessian is NOT symmetric: uᵀHv and vᵀHu differ by \(error) of their size, so what the "
        + "backward pass computes is the gradient of nothing."
    case .unverifiable:
      "Whether the Hessian is symmetric can't be told: kinks or rounding hide its products."
    }
  }
}

extension Sharpness {
  fileprivate func sentence(examples: Int) -> String {
    let count = "\(iterations) \(iterations == 1 ? "iteration" : "iterations")"
    // vᵀHv of a unit vector is never above λ_max.
    let certainty =
      hasConverged
      ? "\(value.figures(3)) (±\(residual.figures(1)) after \(count), "
      : "at least \(value.figures(3)) (not converged after \(count), "
    let negative = mostNegative.map {
      "; the strongest curvature, \($0.figures(3)), is downward"
    }
    return "The top curvature λ_max is \(certainty)mean error of "
      + "\(examples) \(examples == 1 ? "example" : "examples"))\(negative ?? "")."
  }
}
