import Backpropagation
import Dispatch
import Synchronization

/// The checker's licence to speak: every mistake of ``Mutation`` planted in every gradient of every layer and loss, at every
/// magnitude, and what the checker says of it.
///
/// A checker that is always content passes every test that asks it about right gradients alone. This one asks it about
/// wrong ones: each must be caught, and called by its name.
package struct Selftest: Sendable {
  /// What came of one mutation in one gradient at one magnitude.
  package struct Trial: Sendable {
    package var subject: String
    package var isLoss: Bool
    package var mutation: Mutation
    /// `dense/weight`.
    package var tensor: String
    /// The equation that the mistake breaks.
    package var equation: BackpropagationEquation
    /// The size of the δ that is passed back.
    package var scale: Double
    package var isCaught: Bool
    package var isNamed: Bool
    /// What the checker said.
    package var signature: String?
  }

  /// A right gradient that the checker did not pass.
  package struct FalseAlarm: Sendable {
    package var tensor: String
    package var scale: Double
  }

  /// Says what a check of one gradient comes to.
  typealias Checker = @Sendable (Variable, CheckMethod, UInt64) -> TensorCheck

  package let seed: UInt64
  /// The ids of the subjects in their order, layers first.
  package let subjects: [String]
  package let trials: [Trial]
  package let falseAlarms: [FalseAlarm]
  /// How many right gradients were checked.
  package let rightGradients: Int

  /// The examples of a batch: a number that is no other size of any subject, so that a factor of it is the batch's.
  static let examples = 6
  /// The magnitudes of δ, and with it of every gradient: vanished, ordinary and exploded.
  package static let scales: [Double] = [1, 1e-12, 1e-9, 1e-6, 1e-3, 1e3, 1e6]
  /// The share of the caught mistakes that must be called by their names.
  package static let leastNamed = 0.95

  /// Plants every mutation in every subject; by default in all of the catalogs.
  package init(seed: UInt64 = 1, subjects: [SelftestSubject] = SelftestSubject.all) {
    self.init(seed: seed, subjects: subjects) { variable, method, seed in
      var source = RandomSource(seed: seed, stream: "entries/\(variable.name)")
      return TensorChecker(variable: variable).checkEntries(
        batch: Selftest.examples, method: method, from: &source)
    }
  }

  /// The same with another checker in the place of the real one.
  init(
    seed: UInt64, subjects: [SelftestSubject], scales: [Double] = Selftest.scales,
    checker: @escaping Checker
  ) {
    let results = Mutex([Int: [Bench.Result]]())
    DispatchQueue.concurrentPerform(iterations: subjects.count) { place in
      let result = scales.map {
        Bench(subject: subjects[place], scale: $0, seed: seed, checker: checker).result
      }
      results.withLock { $0[place] = result }
    }
    let all = results.withLock { results in subjects.indices.flatMap { results[$0] ?? [] } }
    self.seed = seed
    trials = all.flatMap(\.trials)
    rightGradients = all.reduce(0) { $0 + $1.rightGradients }
    falseAlarms = all.flatMap(\.falseAlarms)
    self.subjects = subjects.map(\.id).reduce(into: []) { ids, id in
      if !ids.contains(id) { ids.append(id) }
    }
  }

  /// How many mistakes were caught.
  package var caught: Int { trials.count(where: \.isCaught) }
  /// How many of them were called by their names.
  package var named: Int { trials.count(where: \.isNamed) }
  /// The mistakes that were not caught.
  package var missed: [Trial] { trials.filter { !$0.isCaught } }

  /// Whether every mistake is caught and enough are named, and no right gradient is called wrong.
  package var hasPassed: Bool {
    !trials.isEmpty && missed.isEmpty && falseAlarms.isEmpty
      && Double(named) >= Self.leastNamed * Double(trials.count)
  }

  /// What came of a mutation in a subject, over all its gradients and magnitudes.
  package func trials(of subject: String, _ mutation: Mutation) -> [Trial] {
    trials.filter { $0.subject == subject && $0.mutation == mutation }
  }
}
