/// All analyzers, in the order in which a diagnosis lists what it checked.
public enum AnalyzerCatalog {
  /// One line an analyzer; a test compares them with the folder `Analyzers`.
  public static let all: [any Analyzer.Type] = [
    VanishingGradient.self,
    ExplodingGradient.self,
    DeadReLU.self,
    BlockedGradient.self,
    NonFinite.self,
    SaturatedActivation.self,
    SymmetricInitialization.self,
    ZeroInitialization.self,
    LearningRateTooHigh.self,
    LearningRateTooLow.self,
    UnnormalizedInput.self,
    UntrainedLayer.self,
    NotLearning.self,
    LossDivergence.self,
    VanishingThroughTime.self,
    ExplodingThroughTime.self,
    LocalBottleneck.self,
    DormantUnits.self,
    Oscillation.self,
    Overfitting.self,
    CollapsedOutput.self,
    ClippingAlwaysOn.self,
    SubnormalGradient.self,
    AdversarialImbalance.self,
  ]

  /// The symptoms that a later version will know.
  public static let later: [String] = []

  /// The explanations of all symptoms, in the catalog's order.
  public static var explanations: [Explanation] { all.map { $0.explanation } }

  /// The explanation of the symptom called `id`, or nil.
  public static func explanation(of id: String) -> Explanation? {
    explanations.first { $0.id == id }
  }
}
