import GradientHealth

/// What was planted in a run, and what tells that it took effect.
struct Fault: Sendable {
  /// The symptom's id, as the diagnosis should have it.
  let symptom: String
  /// The symptoms that a diagnosis may name instead, if it blames `cause`: a learning rate that is too high is not
  /// told by itself where units died of it.
  var aliases: Set<String> = []
  var cause: String?
  /// The layers any of which is the right one; empty where the fault has no place.
  var layers: Set<String> = []
  /// The step at which the fault begins.
  var begins = 0
  /// The same training without the fault.
  let twin: Setup
  /// What is to be seen of it, any of which is enough.
  let effects: [Effect]

  init(
    _ symptom: String, layers: Set<String> = [], aliases: Set<String> = [], cause: String? = nil,
    begins: Int = 0, twin: Setup, effects: [Effect] = [.learnsLess]
  ) {
    self.symptom = symptom
    self.aliases = aliases
    self.cause = cause
    self.layers = layers
    self.begins = begins
    self.twin = twin
    self.effects = effects
  }

  /// Whether the symptom accuses nothing by itself: it has to be told, and the verdict to be left open.
  var isOpen: Bool { symptom == "not-learning" }

  /// Whether a finding names this fault.
  func isNamed(by finding: Finding) -> Bool {
    finding.id == symptom || aliases.contains(finding.id) && finding.cause.id == cause
  }

  /// Whether a symptom, told without a cause, may stand for this fault.
  func isNamed(by id: String) -> Bool { id == symptom || aliases.contains(id) }
}
