import Backpropagation
import Dispatch
import Synchronization

/// Every layer of the catalog, right, in networks in which its gradients are hard to check: none may be called wrong.
package struct RightNetworkSelftest: Sendable {
  /// One network, at one seed, by one method.
  package struct Trial: Sendable {
    package var layer: String
    package var weather: Weather
    package var examples: Int
    package var seed: UInt64
    package var method: CheckMethod
    /// Entries and directions.
    package var checked: Int
    package var failed: Int
    package var unverifiable: Int
    package var atKink: Int
    /// The tensors that failed; where none did, those with entries that are unverifiable.
    package var tensors: [String]
  }

  package let seeds: ClosedRange<UInt64>
  package let methods: [CheckMethod]
  package let trials: [Trial]
  /// The networks that could not be checked at all, and why.
  package let faults: [String]

  /// The oracles together and each alone.
  package static let methods = CheckMethod.allCases
  /// The sizes of batches: alone, an example has no other that its gradient could be mixed up with.
  static let batches = [1, 8]

  /// Checks every layer at every seed, in every weather, batch and by every method; or where `isSample`, in one of these
  /// combinations each, all of which then come up in turn.
  package init(
    seeds: ClosedRange<UInt64>, methods: [CheckMethod] = RightNetworkSelftest.methods,
    samples: [LayerSample] = LayerSample.all, isSample: Bool
  ) {
    var combinations: [(Weather, Int, CheckMethod)] = []
    for method in methods {
      for weather in Weather.allCases {
        combinations += Self.batches.map { (weather, $0, method) }
      }
    }
    var jobs: [(LayerSample, UInt64, Weather, Int, CheckMethod)] = []
    for sample in samples {
      for seed in seeds {
        // A stride without a factor in common with their number, so that layers and seeds meet all of them.
        let own = isSample ? [combinations[jobs.count * 5 % combinations.count]] : combinations
        jobs += own.map { (sample, seed, $0.0, $0.1, $0.2) }
      }
    }
    let results = Mutex([Int: Trial]()), faults = Mutex([String]())
    DispatchQueue.concurrentPerform(iterations: jobs.count) { [jobs] place in
      let (sample, seed, weather, examples, method) = jobs[place]
      do {
        let trial = try Self.trial(
          sample, weather: weather, examples: examples, seed: seed, method: method)
        results.withLock { $0[place] = trial }
      } catch {
        faults.withLock { $0.append("\(sample), \(weather.rawValue), seed \(seed): \(error)") }
      }
    }
    self.seeds = seeds
    self.methods = methods
    trials = results.withLock { results in jobs.indices.compactMap { results[$0] } }
    self.faults = faults.withLock { $0.sorted() }
  }

  /// The networks that are called wrong, or by dual numbers unverifiable.
  package var falseAlarms: [Trial] {
    trials.filter { $0.failed > 0 || $0.method.asksDuals && $0.unverifiable > 0 }
  }

  /// Whether nothing right is called wrong, nor unverifiable where dual numbers are asked.
  package var hasPassed: Bool { !trials.isEmpty && faults.isEmpty && falseAlarms.isEmpty }

  private static func trial(
    _ sample: LayerSample, weather: Weather, examples: Int, seed: UInt64, method: CheckMethod
  ) throws -> Trial {
    let layer = try sample.layer()
    guard let inputs = LayerSample.smallInputs(of: layer) else {
      throw ShapeError("takes none of the inputs that there are")
    }
    let description = weather.network(over: layer, called: sample.id, inputs: inputs, seed: seed)
    let network = try description.network()
    let check = try GradientCheck(
      network, on: description.examples(examples, for: network, seed: seed), method: method,
      seed: seed)
    func sum(_ count: KeyPath<TensorCheck, Int>) -> Int {
      check.tensors.reduce(0) { $0 + $1[keyPath: count] }
    }
    return Trial(
      layer: sample.id, weather: weather, examples: examples, seed: seed, method: method,
      checked: sum(\.checked), failed: sum(\.failed), unverifiable: sum(\.unverifiable),
      atKink: sum(\.atKink),
      tensors: (check.failures.isEmpty
        ? check.tensors.filter { $0.unverifiable > 0 } : check.failures).map(\.name))
  }
}
