import Backpropagation
import Dispatch
import Synchronization

/// Mutations planted in whole networks as people build them, each found through the door that people take:
/// `GradientCheck(network, on: data)`.
///
/// A mistake in one layer makes every gradient below it wrong. It is to be caught, the layer at fault and no other is to be
/// named, and the mistake called by its name.
package struct NetworkSelftest: Sendable {
  /// What came of one mutation at one place of one network.
  package struct Trial: Sendable {
    package var sample: String
    /// The gradient that is wrong: `dense-2/weight`.
    package var tensor: String
    package var mutation: Mutation
    package var method: CheckMethod
    package var passes: PlantedLayer.Passes
    package var isCaught: Bool
    /// Whether the gradient that is wrong is the one that fails, and no other.
    package var isLocated: Bool
    package var isNamed: Bool
    /// The tensors that fail.
    package var found: [String]
    package var signature: String?
  }

  package let seed: UInt64
  package let samples: [String]
  package let methods: [CheckMethod]
  package let trials: [Trial]
  /// What stands in the way of a check, which nothing should: the text of an error, or a right network that isn't passed.
  package let faults: [String]

  /// A layer or loss of a network, to be checked by a method.
  private struct Job: Sendable {
    var sample: NetworkSample
    var site: NetworkBench.Site
    var passes: PlantedLayer.Passes
    var method: CheckMethod
    /// Which of the mutations that apply are planted: one of every `share`, from this one on.
    var first: Int
  }

  /// Plants mutations at every place of every network, and checks each by every one of the methods.
  ///
  /// All that apply are planted, or one of every `share`, each place beginning with another.
  package init(
    seed: UInt64 = 1, samples: [NetworkSample] = NetworkSample.all,
    methods: [CheckMethod] = [.automatic], share: Int = 1
  ) {
    var jobs: [Job] = [], faults: [String] = []
    for sample in samples {
      do {
        let network = try sample.network()
        let nodes = network.nodes.indices.dropFirst(network.inputCount)
        for method in methods {
          func add(_ site: NetworkBench.Site, _ passes: PlantedLayer.Passes = .all) {
            jobs.append(
              Job(
                sample: sample, site: site, passes: passes, method: method,
                first: jobs.count % share))
          }
          nodes.forEach { add(.node($0)) }
          network.heads.indices.forEach { add(.loss($0)) }
          nodes.forEach { add(.node($0), .evaluating) }
          let check = try GradientCheck(
            network, on: sample.examples(GradientCheck.batch, for: network, seed: seed),
            method: method, seed: seed)
          if check.verdict != .pass {
            faults.append("\(sample.id), right: \(check.verdict.rawValue) by \(method.rawValue)")
          }
        }
      } catch { faults.append("\(sample.id): \(error.message)") }
    }
    let results = Mutex([Int: [Trial]]()), errors = Mutex([String]())
    DispatchQueue.concurrentPerform(iterations: jobs.count) { [jobs] place in
      let job = jobs[place]
      do throws(NetworkError) {
        let bench = try NetworkBench(
          job.sample, at: job.site, when: job.passes, method: job.method, seed: seed)
        let trials = try bench?.trials(from: job.first, oneOfEvery: share) ?? []
        results.withLock { $0[place] = trials }
      } catch { errors.withLock { $0.append("\(job.sample.id): \(error.message)") } }
    }
    self.seed = seed
    self.samples = samples.map(\.id)
    self.methods = methods
    self.faults = faults + errors.withLock { $0.sorted() }
    trials = results.withLock { results in jobs.indices.flatMap { results[$0] ?? [] } }
  }

  /// Whether every mistake is caught; and, where dual numbers are asked, found where it is and enough of them named.
  package var hasPassed: Bool {
    let exact = trials.filter(\.method.asksDuals)
    return !trials.isEmpty && faults.isEmpty && trials.allSatisfy(\.isCaught)
      && exact.allSatisfy(\.isLocated)
      && Double(exact.count(where: \.isNamed)) >= Selftest.leastNamed * Double(exact.count)
  }
}
