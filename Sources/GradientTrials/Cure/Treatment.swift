import Backpropagation
import GradientDiagnosis

/// What a remedy does to a description: a small change, in one dose or in several of rising strength.
struct Treatment: Sendable {
  /// The id of the remedy that it carries out.
  let id: String
  /// The doses for a recipe in which `finding` was found, the mildest first.
  let doses: @Sendable (_ recipe: Recipe, _ finding: Finding) throws(Inapplicable) -> [Dose]

  init(
    _ id: String,
    doses: @escaping @Sendable (Recipe, Finding) throws(Inapplicable) -> [Dose]
  ) {
    self.id = id
    self.doses = doses
  }
}

/// A recipe after a treatment.
struct Dose: Sendable {
  /// What was changed, in a few words: `12 sigmoid → relu`.
  let label: String
  let recipe: Recipe
}

extension Recipe {
  /// This recipe with something changed, as a dose.
  func dose(
    _ label: String, _ change: (inout Recipe) throws(Inapplicable) -> Void
  ) throws(Inapplicable) -> Dose {
    var recipe = self
    try change(&recipe)
    return Dose(label: label, recipe: recipe)
  }
}

/// The doses of those variants that apply.
///
/// - Throws: Why none does.
func applicable<Variant>(
  _ variants: [Variant], _ dose: (Variant) throws(Inapplicable) -> Dose
) throws(Inapplicable) -> [Dose] {
  var doses: [Dose] = []
  var refusal: Inapplicable?
  for variant in variants {
    do { doses.append(try dose(variant)) } catch { refusal = error }
  }
  if doses.isEmpty, let refusal { throw refusal }
  return doses
}
