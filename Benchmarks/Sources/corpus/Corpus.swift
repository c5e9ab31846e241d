import Foundation
import GradientHealth

/// Generates the labelled corpus, diagnoses every run, and writes how well that went.
///
/// `corpus FOLDER [tune|report] [SEEDS [TEXT]]`: so many seeds a family, of the families in a half whose names hold the
/// text. With `--cure` before them, it looks for remedies for the faulty ones instead; with `--preflight`, it says what is
/// known of each before its first step. `corpus --replay FOLDER`: the runs of the half `tune` that `.ci/run` judges again.
/// `corpus --show FAMILY SEED`: one run from near.
@main
struct Corpus {
  static func main() async throws {
    var arguments = Array(CommandLine.arguments.dropFirst())
    // Small products only, and the same sums on every machine.
    MatrixProducts.use(threads: 1)
    if arguments.first == "--replay" {
      guard arguments.count == 2 else { return usage() }
      return try await ReplayFixture.write(to: arguments[1])
    }
    if arguments.first == "--show" {
      guard arguments.count == 3, let seed = UInt64(arguments[2]),
        let family = FamilyCatalog.all.first(where: { $0.name == arguments[1] })
      else { return usage() }
      return print(try CloseUp(family: family, seed: seed).text())
    }
    let mode = arguments.first.flatMap(Mode.init) ?? .diagnose
    if mode != .diagnose { arguments.removeFirst() }
    guard let folder = arguments.first, !folder.hasPrefix("-") else { return usage() }
    arguments.removeFirst()
    let half = arguments.first.flatMap(Half.init)
    if half != nil { arguments.removeFirst() }
    let usual = mode.usualSeeds
    guard arguments.count <= 2, let seeds = arguments.isEmpty ? usual : UInt64(arguments[0]),
      seeds > 0
    else { return usage() }
    let families = FamilyCatalog.all.filter { family in
      (half == nil || family.half == half)
        && (arguments.count < 2 || family.name.contains(arguments[1]))
    }
    let cases = families.flatMap { family in (1...seeds).map { (family, $0) } }
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    switch mode {
    case .diagnose:
      let runs = try await inOrder(cases) { try Examination($0.0, seed: $0.1) }
      try write(CorpusPage(runs: runs).text, to: "\(folder)/README.md")
      try write(RunLines.text(runs), to: "\(folder)/runs.csv")
    case .cure:
      let runs = try await inOrder(cases) { try CureExamination($0.0, seed: $0.1) }
      try write(CuresPage(runs: runs.compactMap(\.self)).text, to: "\(folder)/cures.md")
    case .preflight:
      let runs = try await inOrder(cases) { try PreflightExamination($0.0, seed: $0.1) }
      try write(PreflightPage(runs: runs.compactMap(\.self)).text, to: "\(folder)/preflight.md")
    }
  }

  /// What is made of the runs.
  private enum Mode: String {
    case diagnose
    case cure = "--cure"
    case preflight = "--preflight"

    /// The seeds of a family, unless as many are asked for.
    var usualSeeds: UInt64 {
      switch self {
      case .diagnose: 5
      case .cure: 3
      case .preflight: 1
      }
    }
  }

  private static func usage() {
    FileHandle.standardError.write(
      Data(
        "usage: corpus [--cure | --preflight] FOLDER [tune|report] [SEEDS [TEXT]]\n       corpus --replay FOLDER\n"
          .utf8))
    exit(2)
  }

  static func write(_ text: String, to path: String) throws {
    let file = try FileWriter(path: path)
    try file.write(text)
    try file.close()
  }
}

/// What `work` makes of each item, in their order, as many at a time as there are processors.
func inOrder<Item: Sendable, Result: Sendable>(
  _ items: [Item], _ work: @escaping @Sendable (Item) throws -> Result
) async throws -> [Result] {
  try await withThrowingTaskGroup(of: (Int, Result).self) { group in
    var results = [Result?](repeating: nil, count: items.count)
    var next = 0
    func start() {
      guard next < items.count else { return }
      let place = next
      next += 1
      group.addTask { (place, try work(items[place])) }
    }
    for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { start() }
    while let (place, result) = try await group.next() {
      results[place] = result
      start()
    }
    return results.compactMap { $0 }
  }
}
