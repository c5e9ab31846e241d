import Backpropagation

/// Runs the parts of a check and gathers their results.
struct CheckCollector {
  let seed: UInt64
  /// The examples of the batch, for recognizing a factor of that size.
  let batch: Int
  private(set) var tensors: [TensorCheck] = []
  private(set) var evaluations = 0

  init(seed: UInt64, batch: Int) {
    self.seed = seed
    self.batch = batch
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

  private mutating func check(_ variables: [Variable]) {
    for variable in variables {
      var source = RandomSource(seed: seed, stream: "entries/\(variable.name)")
      tensors.append(TensorChecker(variable: variable).checkEntries(batch: batch, from: &source))
    }
  }

  /// Checks a network's wiring: link by link, and where every link holds, end to end.
  ///
  /// A mistake in the wiring shows at every point. What fails at the network's own point but not at one beside it lies at
  /// a kink, such as a rectifier whose input is exactly zero; several of them along one direction can look smooth.
  mutating func checkWiring(of network: WholeNetwork, besides makeNeighbor: () -> WholeNetwork) {
    var results = judge(network)
    if results.contains(where: { $0.hasFailed }) {
      for (index, neighbor) in judge(makeNeighbor()).enumerated() where !neighbor.hasFailed {
        for place in results[index].judgements.indices
        where results[index].judgements[place].outcome == .fail {
          results[index].judgements[place].outcome = .atKink
        }
      }
    }
    tensors += results.map { $0.checker.summary(ofDirections: $0.judgements) }
  }

  private struct WiringResult {
    var checker: TensorChecker
    var judgements: [Judgement]
    var hasFailed: Bool { judgements.contains { $0.outcome == .fail } }
  }

  private mutating func judge(_ network: WholeNetwork) -> [WiringResult] {
    let links = network.links
    var results = links.map { link in
      var source = RandomSource(seed: seed, stream: "links/\(link.local.name)")
      let judgements = TensorChecker(variable: link.local).judgeDirections(from: &source)
      return WiringResult(
        checker: TensorChecker(variable: link.endToEnd ?? link.local),
        judgements: judgements.map { $0.divided(by: link.scale) })
    }
    evaluations += links.reduce(0) { $0 + $1.local.function.evaluations }
    guard !results.contains(where: { $0.hasFailed }) else { return results }
    for (index, link) in links.enumerated() where link.endToEnd != nil {
      var source = RandomSource(seed: seed, stream: "directions/\(link.local.name)")
      let distant = results[index].checker.judgeDirections(
        from: &source, takingLargeSteps: false)
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
    return result
  }
}
