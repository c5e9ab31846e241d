import Foundation
import GradientHealth

/// Some runs of the half `tune`, small enough to be committed and judged at every change: as many healthy ones as ones
/// with a fault, of every kind of either.
///
/// The half `report` stays out of it: what is looked at whenever a test fails is no longer unseen.
enum ReplayFixture {
  /// The most runs of one planted symptom.
  private static let mostOfASymptom = 2
  /// The most records, a layer at a step, of a run that is taken.
  private static let mostRecords = 3200

  /// Writes the traces, and `runs.csv` with what was planted in each.
  static func write(to folder: String) async throws {
    let families = FamilyCatalog.all.filter { $0.half == .tune }
    let runs = try await inOrder(families) { family -> LabelledRun? in
      let run = try family.setup.run(seed: 1)
      let records = run.steps.count * run.header.layers.count
      guard records <= mostRecords, run.paired.isEmpty,
        family.confirms(run, twin: try family.fault?.twin.run(seed: 1))
      else { return nil }
      return LabelledRun(family: family, run: run)
    }.compactMap { $0 }
    let faulty = faulty(of: runs)
    let healthy = evenly(faulty.count, of: runs.filter { $0.family.fault == nil })

    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for run in faulty + healthy {
      try run.run.condensed.writeJSONLines(to: "\(folder)/\(run.fileName)")
    }
    let lines = ["file,symptom,aliases,cause,layers"] + (faulty + healthy).map(\.line)
    try Corpus.write(lines.map { $0 + "\n" }.joined(), to: "\(folder)/runs.csv")
  }

  private struct LabelledRun: Sendable {
    let family: Family
    let run: RecordedRun

    var fileName: String {
      family.name.replacingOccurrences(of: "/", with: "~") + ".jsonl.gz"
    }

    var line: String {
      let fault = family.fault
      return [
        fileName, fault?.symptom ?? "", fault?.aliases.sorted().joined(separator: " ") ?? "",
        fault?.cause ?? "", fault?.layers.sorted().joined(separator: " ") ?? "",
      ].joined(separator: ",")
    }
  }

  /// For each planted symptom some runs, from its families evenly.
  private static func faulty(of runs: [LabelledRun]) -> [LabelledRun] {
    let symptoms = Set(runs.compactMap { $0.family.fault?.symptom }).sorted()
    return symptoms.flatMap { symptom in
      evenly(mostOfASymptom, of: runs.filter { $0.family.fault?.symptom == symptom })
    }
  }

  private static func evenly(_ count: Int, of runs: [LabelledRun]) -> [LabelledRun] {
    guard count < runs.count else { return runs }
    return (0..<count).map { runs[$0 * runs.count / count] }
  }
}
