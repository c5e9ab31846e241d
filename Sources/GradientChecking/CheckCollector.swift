import Backpropagation

/// Runs the parts of a check and gathers their results.
struct CheckCollector {
  let seed: UInt64
  /// The examples of the batch, for recognizing a factor of that size.
  let batch: Int
  let method: CheckMethod
  let isExhaustive: Bool
  private(set) var tensors: [TensorCheck] = []
  private(set) var evaluations = 0

  init(seed: UInt64, batch: Int, method: CheckMethod, isExhaustive: Bool = false) {
    self.seed = seed
    self.batch = batch
    self.method = method
    self.isExhaustive = isExhaustive
  }

  var hasFailed: Bool { tensors.contains { $0.failed > 0 } }

  mutating func check(_ layer: LayerAlone) {
    check(layer.variables)
    evaluations += layer.function.evaluations
  }

  mutating func check(_ loss: LossAlone) {
    check(loss.variables)
    evaluations += loss.function.evaluations
  }

  mutating func check(_ function: FunctionAlone) {
    check(function.variables)
    evaluations += function.function.evaluations
  }

  private mutating func check(_ variables: [Variable]) {
    for variable in variables {
      var source = RandomSource(seed: seed, stream: "entries/\(variable.name)")
      tensors.append(
        TensorChecker(variable: variable, isExhaustive: isExhaustive).checkEntries(
          batch: batch, method: method, from: &source))
    }
    evaluations += variables.first?.tangents?.function.evaluations ?? 0
  }

  /// Checks every layer and loss alone, and where all are right, the wiring of the whole.
  mutating func check(_ point: CheckPoint) {
    let whole = WholeNetwork(point)
    checkLayers(of: whole, at: point)
    if point.isTraining {
      for head in whole.heads {
        check(
          LossAlone(
            head.loss, name: head.name(in: point.network), output: whole.terms(of: head),
            targets: head.targets, divisor: head.divisor, method: method))
      }
    }
    guard !hasFailed else { return }
    if isExhaustive, method.asksDuals {
      checkEveryEntry(of: whole, EndToEndTangents(point, whole.heads, seed: seed))
    }
    checkWiring(of: whole, at: point)
  }

  private mutating func checkLayers(of whole: WholeNetwork, at point: CheckPoint) {
    for index in point.network.nodes.indices.dropFirst(point.network.inputCount) {
      check(whole.alone(index, at: point, method: method, seed: seed))
    }
  }

  /// Checks the wiring of the whole at a point; where that fails, also every layer alone: one of them may be wrong there and
  /// nowhere before, such as one that forgets a bias that starts at zero.
  mutating func checkWiring(of point: CheckPoint) {
    let whole = WholeNetwork(point)
    let before = tensors.count
    checkWiring(of: whole, at: point)
    guard hasFailed else { return }
    let wiring = tensors[before...]
    tensors.removeSubrange(before...)
    checkLayers(of: whole, at: point)
    if !hasFailed { tensors += wiring }
  }

  /// Checks a network's wiring: link by link, and where every link holds, end to end.
  ///
  /// A mistake in the wiring shows at every point. What fails at the network's own point but not at one beside it lies at
  /// a kink, such as a rectifier whose input is exactly zero; several of them along one direction can look smooth.
  ///
  /// Dual numbers see a gradient from end to end however small it is: where they agree, every link holds.
  private mutating func checkWiring(of whole: WholeNetwork, at point: CheckPoint) {
    let network = method.asksDuals ? whole.askingDuals(at: point) : whole
    if method.asksDuals {
      let results = checkEndToEnd(network)
      guard results.contains(where: { $0.failed > 0 }) else {
        tensors += results
        return
      }
    }
    var results = judge(network)
    if results.contains(where: { $0.hasFailed }) {
      for (index, neighbor) in judge(neighbor(of: point)).enumerated() where neighbor.isRight {
        for place in results[index].judgements.indices
        where results[index].judgements[place].outcome == .fail {
          results[index].judgements[place].outcome = .atKink
        }
      }
    }
    tensors += results.map { $0.checker.summary(ofDirections: $0.judgements) }
  }

  private func neighbor(of point: CheckPoint) -> WholeNetwork {
    let neighbor = point.neighbor(seed: seed)
    let network = WholeNetwork(neighbor)
    return method.asksDuals ? network.askingDuals(at: neighbor) : network
  }

  private struct WiringResult {
    var checker: TensorChecker
    var judgements: [Judgement]
    var hasFailed: Bool { judgements.contains { $0.outcome == .fail } }
    var isRight: Bool { judgements.allSatisfy { $0.outcome == .pass } }
  }

  /// Checks every entry of every parameter's gradient, from end to end.
  private mutating func checkEveryEntry(of network: WholeNetwork, _ tangents: EndToEndTangents) {
    let numeric = tangents.gradients()
    evaluations += numeric.evaluations
    for (variable, parameter) in network.parameterVariables {
      tensors.append(
        TensorChecker(variable: variable).check(
          against: numeric.values[parameter], batch: batch))
    }
  }

  private mutating func checkEndToEnd(_ network: WholeNetwork) -> [TensorCheck] {
    network.variables.map { variable in
      var source = RandomSource(seed: seed, stream: "directions/\(variable.name)")
      let checker = TensorChecker(variable: variable)
      let judgements = checker.judgeDirections(by: method, from: &source)
      evaluations += variable.tangents?.function.evaluations ?? 0
      return checker.summary(ofDirections: judgements)
    }
  }

  private mutating func judge(_ network: WholeNetwork) -> [WiringResult] {
    let links = network.links
    var results = links.map { link in
      var source = RandomSource(seed: seed, stream: "links/\(link.local.name)")
      let judgements = TensorChecker(variable: link.local).judgeDirections(
        by: method, from: &source)
      return WiringResult(
        checker: TensorChecker(variable: link.endToEnd ?? link.local),
        judgements: judgements.map { $0.divided(by: link.scale) })
    }
    evaluations += links.reduce(0) { $0 + $1.local.function.evaluations }
    guard !results.contains(where: { $0.hasFailed }) else { return results }
    for (index, link) in links.enumerated() where link.endToEnd != nil {
      var source = RandomSource(seed: seed, stream: "directions/\(link.local.name)")
      let distant = results[index].checker.judgeDirections(
        by: method, from: &source, takingLargeSteps: false)
      // Where the loss is too coarse to tell, the link does.
      for (place, judgement) in distant.enumerated()
      where judgement.outcome == .pass || judgement.outcome == .fail {
        results[index].judgements[place] = judgement
      }
    }
    evaluations += network.endToEnd.evaluations
    return results
  }
}

extension Judgement {
  /// The judgement on a function that was scaled up, in the function's own scale.
  fileprivate func divided(by scale: Double) -> Judgement {
    var result = self
    result.analytic /= scale
    result.numeric /= scale
    result.floor /= scale
    result.slopes = slopes.map { $0.lowerBound / scale...$0.upperBound / scale }
    return result
  }
}

extension WholeNetwork {
  /// One of the network's layers by itself, at the point where the pass over the whole found it.
  func alone(
    _ index: Int, in network: NeuralNetwork? = nil, at point: CheckPoint, method: CheckMethod,
    seed: UInt64
  ) -> LayerAlone {
    let node = (network ?? point.network).nodes[index]
    return LayerAlone(
      node.layer, name: node.name, inputs: node.inputs.map(output(of:)),
      parameters: node.parameters.map { place in
        let parameter = point.network.parameters[place]
        return LayerAlone.Parameter(
          name: parameter.nameInLayer + point.label, view: point.parameters.views[place],
          isTrainable: parameter.isTrainable)
      }, output: output(of: index).shape, context: context, label: point.label,
      hasChannelsFirst: node.hasChannelsFirst, method: method, seed: seed)
  }
}

extension WholeNetwork.WeighedLoss {
  /// What the loss is called: by the layer whose output it takes where there are several.
  func name(in network: NeuralNetwork) -> String {
    network.heads.count == 1 ? "loss" : "loss of \(network.nodes[output].name)"
  }
}
