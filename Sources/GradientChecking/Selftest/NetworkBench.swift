import Backpropagation

/// One layer or loss of a network, right and with every mutation that applies, each checked as people check a network.
struct NetworkBench {
  /// A node or a loss of one of the samples.
  enum Site: Sendable {
    case node(Int)
    case loss(Int)
  }

  let sample: NetworkSample
  let site: Site
  let passes: PlantedLayer.Passes
  private let method: CheckMethod
  private let seed: UInt64
  private let data: Dataset
  private let start: CheckPoint
  private let whole: WholeNetwork

  /// Prepares a site; nil where the network does the same in evaluation, which is all that is asked about.
  ///
  /// - Throws: A `NetworkError` if the sample is of no network.
  init?(
    _ sample: NetworkSample, at site: Site, when passes: PlantedLayer.Passes, method: CheckMethod,
    seed: UInt64
  ) throws(NetworkError) {
    self.sample = sample
    self.site = site
    self.passes = passes
    self.method = method
    self.seed = seed
    let network = try sample.network()
    data = sample.examples(GradientCheck.batch, for: network, seed: seed)
    let start = CheckPoint(network, ParameterStore(network, seed: seed), data, .add)
    if passes == .evaluating, !start.hasOtherEvaluation { return nil }
    self.start = passes == .evaluating ? start.inEvaluation : start
    // What is claimed is asked here, and not whether it is right: no oracle need be built.
    whole = WholeNetwork(self.start)
  }

  /// What comes of the mutations that apply here, or of one of every `share`, from the one at place `first` on.
  ///
  /// - Throws: A `NetworkError` if a network with a mutation can't be checked at all.
  func trials(
    from first: Int = 0, oneOfEvery share: Int = 1
  ) throws(NetworkError) -> [NetworkSelftest.Trial] {
    var trials: [NetworkSelftest.Trial] = []
    var applying = 0
    for (place, right) in zip(places, try variables(planting: nil)) {
      var made = [right.gradient]
      for mutation in Mutation.allCases where mutation.concerns(place) {
        let planting = NetworkSample.Planting(
          index: index, place: place, mutation: mutation, passes: passes)
        guard
          let wrong = try variables(planting: planting).first(where: { $0.name == right.name }),
          made.allSatisfy({ right.differs(wrong.gradient, from: $0) })
        else { continue }
        made.append(wrong.gradient)
        applying += 1
        guard applying % share == first else { continue }
        trials.append(try trial(planting, wrong))
      }
    }
    return trials
  }

  private var index: Int {
    switch site {
    case .node(let index), .loss(let index): index
    }
  }

  /// Where mutations are planted, in the order of ``variables(planting:)``.
  private var places: [GradientPlace] {
    guard case .node(let index) = site else { return [.loss] }
    let node = start.network.nodes[index]
    return SelftestSubject.layer(
      node.layer, id: node.name, inputs: node.inputs.map { start.network.nodes[$0].shape }
    ).places
  }

  /// The gradients that are claimed of the site alone.
  private func variables(
    planting: NetworkSample.Planting?
  ) throws(NetworkError) -> [Variable] {
    let network = try sample.network(planting: planting)
    switch site {
    case .node(let index):
      return whole.alone(index, in: network, at: start, method: .finiteDifference, seed: seed)
        .variables
    case .loss(let index):
      let head = whole.heads[index]
      return LossAlone(
        network.heads[index].loss, name: head.name(in: network), output: whole.terms(of: head),
        targets: head.targets, divisor: head.divisor, method: .finiteDifference
      ).variables
    }
  }

  private func trial(
    _ planting: NetworkSample.Planting, _ wrong: Variable
  ) throws(NetworkError) -> NetworkSelftest.Trial {
    let check = try GradientCheck(
      sample.network(planting: planting), on: data, method: method, seed: seed)
    let failures = check.failures
    let recognized = failures.first { $0.name == wrong.name }
    let isNamed = planting.mutation.isNamed(
      by: recognized?.recognized, batch: data.count, outputs: wrong.outputs)
    return NetworkSelftest.Trial(
      sample: sample.id, tensor: wrong.name, mutation: planting.mutation, method: method,
      passes: passes, isCaught: check.verdict == .fail,
      isLocated: failures.map(\.name) == [wrong.name] && failures[0].layer == wrong.layer,
      isNamed: isNamed && recognized?.equation == wrong.equation, found: failures.map(\.name),
      signature: recognized?.signature)
  }
}
