extension Selftest {
  /// The page that says which mutation applies to which gradients of which layer: what `gradcheck selftest --markdown` prints
  /// and Documentation/selftest.md holds.
  package var markdown: String {
    """
    # What the checker is tested with

    `gradcheck selftest` plants each of these mistakes in each gradient of every layer and loss, one at a time, at
    magnitudes from \(Self.extremes), and asks the checker. A mistake that changes nothing somewhere, or makes the
    same gradient as one above it, does not apply there. Every one that applies is to be caught, and at least \(Int(100 * Self.leastNamed)) %
    are to be called by their names; the right gradients are to pass.

    This page is what `gradcheck selftest --markdown` prints.

    ## The mistakes

    | | mutation | the gradient is | and is named, for example |
    |---|---|---|---|
    \(Mutation.allCases.enumerated().map { legendRow($0.offset, $0.element) }.joined(separator: "\n"))

    ## Where they apply

    w: the gradient of a weight or scale, b: of a bias, δ: what is passed back to an input, or the topmost delta of a loss.
    What is in brackets is caught, but not always named.

    \(table("layer", subjects.filter { !isLoss($0) }))

    \(table("loss", subjects.filter(isLoss)))

    """
  }

  private static var extremes: String {
    "1e\(exponent(scales.min() ?? 1)) to 1e\(exponent(scales.max() ?? 1))"
  }

  private static func exponent(_ scale: Double) -> Int {
    var exponent = 0, rest = scale
    while rest < 0.5 { (rest, exponent) = (rest * 10, exponent - 1) }
    while rest > 5 { (rest, exponent) = (rest / 10, exponent + 1) }
    return exponent
  }

  private func isLoss(_ subject: String) -> Bool {
    trials.first { $0.subject == subject }?.isLoss ?? false
  }

  private func legendRow(_ place: Int, _ mutation: Mutation) -> String {
    let example = trials.first { $0.mutation == mutation && $0.isNamed }?.signature
    return "| \(place + 1) | `\(mutation.rawValue)` | \(mutation.summary) | \(example ?? "–") |"
  }

  private func table(_ noun: String, _ subjects: [String]) -> String {
    let numbers = Mutation.allCases.indices.map { "\($0 + 1)" }.joined(separator: " | ")
    let rule = String(repeating: "|---", count: Mutation.allCases.count + 1) + "|"
    let rows = subjects.map { subject in
      "| `\(subject)` | "
        + Mutation.allCases.map { cell(trials(of: subject, $0)) }.joined(separator: " | ") + " |"
    }
    return (["| \(noun) | \(numbers) |", rule] + rows).joined(separator: "\n")
  }

  /// The kinds of gradient that a mutation applies to.
  private func cell(_ trials: [Trial]) -> String {
    let letters: [(BackpropagationEquation, String)] = [
      (.weight, "w"), (.bias, "b"), (.recursion, "δ"), (.outputDelta, "δ"),
    ]
    return letters.map { equation, letter in
      let own = trials.filter { $0.equation == equation }
      if own.isEmpty { return "" }
      return own.allSatisfy(\.isNamed) ? letter : "(\(letter))"
    }.joined()
  }
}
