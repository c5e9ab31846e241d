/// All analyzers, in the order in which a diagnosis lists what it checked.
public enum AnalyzerCatalog {
  /// One line an analyzer; a test compares them with the folder `Analyzers`.
  public static let all: [any Analyzer.Type] = [
    VanishingGradient.self,
    ExplodingGradient.self,
    DeadReLU.self,
    BlockedGradient.self,
    NonFinite.self,
    LossDivergence.self,
    NotLearning.self,
  ]

  /// The symptoms that a later version will know.
  public static let later = [
    "saturated-activation", "symmetric-initialization", "zero-initialization",
    "learning-rate-too-high", "learning-rate-too-low", "unnormalized-input", "untrained-layer",
    "vanishing-through-time", "exploding-through-time", "local-bottleneck", "dormant-units",
    "oscillation", "overfitting", "collapsed-output", "clipping-always-on",
    "subnormal-gradient", "adversarial-imbalance",
  ]

  /// The explanations of all symptoms, in the catalog's order.
  public static var explanations: [Explanation] { all.map { $0.explanation } }

  /// The explanation of the symptom called `id`, or nil.
  public static func explanation(of id: String) -> Explanation? {
    explanations.first { $0.id == id }
  }
}
