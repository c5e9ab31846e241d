import Backpropagation
import GradientDiagnosis

/// Whether each parameter that is to be trained gets a gradient within three steps.
///
/// One may stay at zero for a step where what lies above starts at zero, as with a residual branch's last layer, a gate or an
/// adapter; the first update changes that.
struct GradientReach {
  /// The steps that a gradient may take to arrive.
  static let steps = 3

  private let network: NeuralNetwork
  private let expected: [Int]
  /// For each parameter the first step with a gradient, from 1.
  private var arrivals: [Int: Int] = [:]
  private var loss = 0.0

  /// Takes the steps.
  init<Scalar>(_ learner: Learner<Scalar>, on data: Dataset) {
    let network = learner.network
    self.network = network
    let asked = network.nodesBelowLosses
    expected = network.parameters.indices.filter { index in
      network.parameters[index].isTrainable && !learner.summary.parameters[index].isFrozen
        && !asked.isDisjoint(with: network.users(ofParameter: index))
        && !network.isCanceled(parameter: index)
    }
    for step in 1...Self.steps {
      if step == 1 { learner.step(on: data) } else { learner.stepAgain(on: data) }
      if step == 1 { loss = learner.summary.loss }
      for index in expected where arrivals[index] == nil {
        let gradient = learner.summary.parameters[index].update.gradient
        if gradient.zeros < gradient.count { arrivals[index] = step }
      }
    }
  }

  var outcome: PreflightOutcome {
    guard !expected.isEmpty else { return .notChecked("no parameter is to be trained") }
    let missing = expected.filter { arrivals[$0] == nil }
    guard let first = missing.first else {
      let last = arrivals.values.max() ?? 1
      return .passed(
        "\(Wording.count(expected.count)) parameters, "
          + (last == 1 ? "in the first step" : "the last one in step \(last)"))
    }
    guard missing.count < expected.count || loss > 0 || !loss.isFinite else {
      return .notChecked("the loss starts at 0, which leaves nothing to learn")
    }
    let names = missing.map { network.parameters[$0].name }
    let layers = network.nodes.filter { !missing.filter($0.parameters.contains).isEmpty }.map(
      \.name)
    return .warning(
      Preflight.Warning(
        .gradientReach, layers: layers, value: Double(missing.count), limit: 0,
        message:
          "The gradient of \(Wording.list(names, contiguous: false)) is exactly zero in each "
          + "of the first \(Self.steps) steps"
          + (missing.count == expected.count ? ", as are all." : ", while others get one."),
        cause: Cause(
          id: "architecture",
          text: "Nothing that \(network.parameters[first].name) changes reaches the loss: it is "
            + "detached on the way, multiplied by zero, or all units above it are off."),
        remedies: [.checkGraph, .randomInitialization]))
  }
}

extension NeuralNetwork {
  /// The nodes from which a loss that counts is reached; one whose weight is zero asks for nothing.
  fileprivate var nodesBelowLosses: Set<Int> {
    var below = Set(heads.filter { $0.weight != 0 }.map(\.output))
    for node in nodes.indices.reversed() where below.contains(node) {
      below.formUnion(nodes[node].inputs)
    }
    return below
  }

  /// Whether the loss can't depend on a parameter: a bias that batch norm subtracts again, or that of an attention's keys.
  fileprivate func isCanceled(parameter index: Int) -> Bool {
    let name = parameters[index].nameInLayer
    if name == "key/bias" { return true }
    guard name == "bias", let node = nodes.firstIndex(where: { $0.parameters.contains(index) })
    else { return false }
    let consumers = nodes.filter { $0.inputs.contains(node) }
    return !consumers.isEmpty
      && consumers.allSatisfy { $0.layer is BatchNorm || $0.layer is InstanceNorm }
  }
}
