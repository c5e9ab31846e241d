import GradientHealth

/// How often runs of a model, as it stands or with a fault, are called worse than baselines of its other seeds.
struct BaselineRow: Sendable {
  /// The runs of a baseline, as many as `gradcheck baseline update` trains.
  static let runs = 5

  var subject: BaselineSubject
  /// A run held against a baseline.
  var pairs: [Pair] = []

  struct Pair: Sendable {
    var seed: Int
    var isWorseAtFirst: Bool
    var isWorseAtLast: Bool
    var summary: String?

    var isWorse: Bool { summary != nil }
  }

  /// The pairs that are called worse.
  var worse: [Pair] { pairs.filter(\.isWorse) }

  /// The share of them.
  var share: Double { Double(worse.count) / Double(max(pairs.count, 1)) }

  /// Whether hardly any healthy run is called worse, and nearly each faulty one.
  var isAsItShouldBe: Bool {
    subject.fault == nil ? share <= Self.mostFalse : share >= Self.leastCaught
  }

  static let mostFalse = 0.003
  static let leastCaught = 0.95

  /// Measures a model: baselines of five seeds each, none of them twice, and each run against all those without its seed.
  static func all(
    of name: String, in examples: String, from first: Int, seeds: Int, faultySeeds: Int
  ) async throws -> [BaselineRow] {
    guard let healthy = try BaselineSubject(name, nil, in: examples) else { return [] }
    let runs = try await Self.runs(of: healthy, from: first, seeds: seeds)
    let baselines = try stride(from: 0, through: seeds - Self.runs, by: Self.runs).map { start in
      let places = start..<start + Self.runs
      return (places, try RunBaseline(of: places.map { runs[$0] }))
    }
    func row(_ subject: BaselineSubject, _ runs: [Trace]) throws -> BaselineRow {
      var row = BaselineRow(subject: subject)
      for (place, run) in runs.enumerated() {
        for (places, baseline) in baselines where !places.contains(place) {
          row.pairs.append(Pair(try RunComparison(of: baseline, with: run), seed: first + place))
        }
      }
      return row
    }
    var rows = [try row(healthy, runs)]
    for fault in BaselineFault.allCases {
      guard let faulty = try BaselineSubject(name, fault, in: examples) else { continue }
      rows.append(try row(faulty, await Self.runs(of: faulty, from: first, seeds: faultySeeds)))
    }
    return rows
  }

  /// The runs from so many seeds; the pool has as many threads as the machine cores.
  private static func runs(
    of subject: BaselineSubject, from first: Int, seeds: Int
  ) async throws -> [Trace] {
    try await withThrowingTaskGroup(of: (Int, Trace).self) { group in
      for seed in first..<first + seeds {
        group.addTask { (seed, try subject.run(seed: UInt64(seed))) }
      }
      var runs: [(Int, Trace)] = []
      for try await run in group { runs.append(run) }
      return runs.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}

extension BaselineRow.Pair {
  init(_ comparison: RunComparison, seed: Int) {
    self.seed = seed
    isWorseAtFirst = comparison.start?.isWorse ?? false
    isWorseAtLast = comparison.end.isWorse
    summary = comparison.worseSummary
  }
}

extension RunComparison.Window {
  fileprivate var isWorse: Bool { isLossWorse || !worse.isEmpty }
}
