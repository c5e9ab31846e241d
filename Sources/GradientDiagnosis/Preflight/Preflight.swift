/// What was found out about a model before its first step, on copies of its weights.
///
/// It is kept in the trace of the run that follows, where the diagnosis takes it as evidence: whether a handful of examples
/// can be learned tells a fault of gradients or capacity from one of data or learning rate.
public struct Preflight: Sendable, Equatable {
  /// What is looked at, in this order.
  public enum Check: String, Sendable, CaseIterable {
    /// Whether activations keep their scale from layer to layer.
    case initialScale = "initial-scale"
    /// Whether the loss starts near that of guessing.
    case initialLoss = "initial-loss"
    /// Whether each parameter gets a gradient within three steps.
    case gradientReach = "gradient-reach"
    /// Whether the examples of a batch leave each other alone.
    case exampleIndependence = "example-independence"
    /// Whether a handful of examples can be learned by heart.
    case overfit
  }

  /// Something that will most likely keep the run from learning.
  public struct Warning: Sendable, Equatable {
    /// What was looked at.
    public var check: Check
    /// The layers at fault, the one to look at first in front; none where it is the run as a whole.
    public var layers: [String]
    /// What was measured.
    public var value: Double
    /// The limit that it passed.
    public var limit: Double
    /// What and where, in one or two sentences.
    public var message: String
    /// The setting at fault.
    public var cause: Cause
    /// What to try, best first.
    public var remedies: [Remedy]

    /// Creates a warning.
    public init(
      _ check: Check, layers: [String] = [], value: Double, limit: Double, message: String,
      cause: Cause, remedies: [Remedy]
    ) {
      self.check = check
      self.layers = layers
      self.value = value
      self.limit = limit
      self.message = message
      self.cause = cause
      self.remedies = remedies
    }
  }

  /// How large a layer's numbers are at the start, in the first forward and backward pass.
  public struct LayerScale: Sendable, Equatable, Codable {
    /// The layer's name.
    public var name: String
    /// The root mean square of its output.
    public var activationRMS: Double
    /// The L2 norm of its δ per example; nil where none is computed.
    public var deltaNorm: Double?

    /// Creates an entry.
    public init(name: String, activationRMS: Double, deltaNorm: Double?) {
      self.name = name
      self.activationRMS = activationRMS
      self.deltaNorm = deltaNorm
    }
  }

  /// How learning a handful of examples by heart went.
  public struct Overfit: Sendable, Equatable, Codable {
    /// The examples.
    public var examples: Int
    /// The steps that it took; nil where it did not succeed.
    public var steps: Int?

    /// Creates a result.
    public init(examples: Int, steps: Int?) {
      self.examples = examples
      self.steps = steps
    }
  }

  /// What was found, in the order of the checks.
  public var warnings: [Warning] = []
  /// What was looked at and is fine, with the figures that show it; the ids are those of the checks.
  public var passed: [CheckedSymptom] = []
  /// What could not be looked at, and why.
  public var notChecked: [UncheckedSymptom] = []
  /// The layers' scales, in the order of the forward pass.
  public var layers: [LayerScale] = []
  /// How learning a handful of examples by heart went; nil where that was not tried.
  public var overfit: Overfit?
  /// The seed of the weights and of the examples' choice.
  public var seed: UInt64

  /// Creates a result to be filled.
  public init(seed: UInt64) { self.seed = seed }
}

/// What a single check of a preflight came to.
package enum PreflightOutcome: Sendable, Equatable {
  case warning(Preflight.Warning)
  case passed(String)
  case notChecked(String)
}

extension Preflight {
  /// This result with the warnings that a policy tolerates among what is fine, with the reason.
  public func tolerated(by policy: HealthPolicy) -> Preflight {
    var result = self
    result.warnings = []
    for warning in warnings {
      let id = warning.check.rawValue
      guard let allowance = policy.allowance(for: id, layer: warning.layers.first) else {
        var warning = warning
        warning.message += policy.expiryNote(for: id, layer: warning.layers.first)
        result.warnings.append(warning)
        continue
      }
      result.passed.append(
        CheckedSymptom(id: id, evidence: "\(warning.message) Tolerated: \(allowance.reason)."))
    }
    return result
  }

  /// Takes in what a check came to.
  package mutating func add(_ check: Check, _ outcome: PreflightOutcome) {
    switch outcome {
    case .warning(let warning): warnings.append(warning)
    case .passed(let evidence):
      passed.append(CheckedSymptom(id: check.rawValue, evidence: evidence))
    case .notChecked(let reason):
      notChecked.append(UncheckedSymptom(id: check.rawValue, reason: reason))
    }
  }

  /// The result in one line for a screen: what came to light, or what was looked at.
  package var summary: String {
    guard warnings.isEmpty else {
      return warnings.map(\.headline).joined(separator: "; ")
    }
    let checks =
      "\(passed.count) checks" + (notChecked.isEmpty ? "" : ", \(notChecked.count) not made")
    guard let overfit, let steps = overfit.steps else { return checks }
    return "\(checks) · \(overfit.examples) examples learned by heart in \(steps) "
      + (steps == 1 ? "step" : "steps")
  }
}

extension Preflight.Check {
  /// What is looked at, in a table.
  package var title: String {
    switch self {
    case .initialScale: "activations keep their scale at the start"
    case .initialLoss: "the loss starts near that of guessing"
    case .gradientReach: "a gradient reaches every parameter"
    case .exampleIndependence: "examples of a batch leave each other alone"
    case .overfit: "a handful of examples can be learned by heart"
    }
  }
}

extension Preflight.Warning {
  /// What and where, in a few words.
  package var headline: String {
    let place = layers.isEmpty ? "" : " in \(Wording.list(layers, contiguous: layers.count > 2))"
    switch check {
    case .initialScale: return "initial scale" + place
    case .initialLoss: return "loss at the start"
    case .gradientReach: return "no gradient" + place
    case .exampleIndependence: return "examples mixed" + place
    case .overfit: return "a handful of examples can't be learned"
    }
  }
}
