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

  /// Checks link by link, and where every link holds, end to end.
  mutating func check(_ network: WholeNetwork) {
    let links = network.links
    var judged: [[Judgement]] = []
    for link in links {
      var source = RandomSource(seed: seed, stream: "links/\(link.local.name)")
      judged.append(
        TensorChecker(variable: link.local).judgeDirections(from: &source).map {
          $0.divided(by: link.scale)
        })
      evaluations += link.local.function.evaluations
    }
    let holds = !judged.joined().contains { $0.outcome == .fail }
    for (link, local) in zip(links, judged) {
      let checker = TensorChecker(variable: link.endToEnd ?? link.local)
      guard holds, link.endToEnd != nil else {
        tensors.append(checker.summary(ofDirections: local))
        continue
      }
      var source = RandomSource(seed: seed, stream: "directions/\(link.local.name)")
      let distant = checker.judgeDirections(from: &source)
      // Where the loss is too coarse to tell, the links do.
      let decided = zip(distant, local).map { distant, local in
        distant.outcome == .pass || distant.outcome == .fail ? distant : local
      }
      tensors.append(checker.summary(ofDirections: decided))
    }
    evaluations += network.endToEnd.evaluations
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
