import GradientHealth

/// How often an assertion passes, over seeds.
struct FlakeRow {
  var subject: FlakeSubject
  /// By seed, from 1.
  var outcomes: [FlakeOutcome]
  /// The seconds that the fastest of ten took, one after another.
  var seconds: Double

  init(_ subject: FlakeSubject, seeds: UInt64) async throws {
    self.subject = subject
    let clock = ContinuousClock()
    let durations = try (1...10).map { seed in
      try clock.measure { _ = try subject.outcome(seed) }
    }
    seconds = (durations.min() ?? .zero) / .seconds(1)
    // The pool has as many threads as the machine cores.
    outcomes = try await withThrowingTaskGroup(of: (UInt64, FlakeOutcome).self) { group in
      for seed in 1...seeds { group.addTask { (seed, try subject.outcome(seed)) } }
      var outcomes: [(UInt64, FlakeOutcome)] = []
      for try await outcome in group { outcomes.append(outcome) }
      return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// How many pass.
  var passes: Int { outcomes.count(where: \.passes) }

  /// Whether it passes at every seed or fails at every one, as it should.
  var isAsItShouldBe: Bool { passes == (subject.shouldPass ? outcomes.count : 0) }

  /// The seeds at which it isn't as it should be.
  var exceptions: [(seed: Int, outcome: FlakeOutcome)] {
    outcomes.enumerated().filter { $0.element.passes != subject.shouldPass }
      .map { ($0.offset + 1, $0.element) }
  }

  /// What it was found to be, the most frequent first.
  var headlines: String {
    let counts = Dictionary(grouping: outcomes, by: \.headline).mapValues(\.count)
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { counts.count == 1 ? $0.key : "\($0.key) (\($0.value))" }
      .joined(separator: ", ")
  }
}
