import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

/// Runs of the labelled corpus, from the half that thresholds are set by, judged again: what was found stays found.
///
/// `Scripts/corpus` writes them; Reports/corpus tells of the whole corpus.
@Suite struct CorpusReplayTests {
  /// One run with what was planted in it.
  private struct Run {
    let path: String
    let symptom: String
    let aliases: Set<String>
    let cause: String
    let layers: Set<String>

    init(_ line: Substring, in folder: URL) throws {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      try #require(fields.count == 5, "expected 5 fields: \(line)")
      path = folder.appending(path: fields[0]).path
      symptom = fields[1]
      aliases = Set(fields[2].split(separator: " ").map(String.init))
      cause = fields[3]
      layers = Set(fields[4].split(separator: " ").map(String.init))
    }

    var isHealthy: Bool { symptom.isEmpty }

    func isNamed(by finding: Finding) -> Bool {
      finding.id == symptom || aliases.contains(finding.id) && finding.cause.id == cause
    }
  }

  /// How a run was judged, at its end and while it went on.
  private struct Judgment {
    let diagnosis: Diagnosis
    var hasAlarmed: Bool

    init(_ run: Run) throws {
      let trace = try Trace(contentsOf: run.path)
      var live = LiveDiagnosis(header: trace.header)
      var hasAlarmed = false
      try trace.forEachStep { step in
        live.observe(step)
        // Windows are judged every 5 steps.
        if run.isHealthy, step.step % 5 == 4 { hasAlarmed = hasAlarmed || !live.alarms().isEmpty }
      }
      diagnosis = live.diagnosis()
      self.hasAlarmed = hasAlarmed || diagnosis.root != nil
    }

    /// A loss that doesn't fall accuses nothing by itself, but it is told, and the verdict left open.
    func isLeftOpen(_ run: Run) -> Bool {
      run.symptom == NotLearning.explanation.id && diagnosis.verdict == .inconclusive
        && diagnosis.findings.contains(where: run.isNamed)
    }

    func hasFound(_ run: Run) -> Bool {
      isLeftOpen(run)
        || diagnosis.findings.contains { $0.severity > .info && run.isNamed(by: $0) }
    }

    func hasRightRoot(_ run: Run) -> Bool {
      isLeftOpen(run) || diagnosis.root.map(run.isNamed) ?? false
    }

    /// Whether one finding asks for a lower learning rate and another one for a higher.
    var contradictsItself: Bool {
      let offered = Set(diagnosis.findings.flatMap(\.remedies).map(\.id))
      return offered.isSuperset(of: ["lower-learning-rate", "higher-learning-rate"])
    }

    /// Whether something follows from a finding that matters less.
    var hasLesserCause: Bool {
      diagnosis.findings.contains { finding in
        finding.causedBy.map { diagnosis.findings[$0].severity < finding.severity } ?? false
      }
    }

    func hasRightLayer(_ run: Run) -> Bool {
      run.layers.isEmpty || diagnosis.root?.layer.map(run.layers.contains) ?? false
    }
  }

  private static func runs() throws -> [Run] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/corpus")
    let table = try String(contentsOf: folder.appending(path: "runs.csv"), encoding: .utf8)
    return try table.split(separator: "\n").dropFirst().map { try Run($0, in: folder) }
  }

  @Test func judgesTheCommittedRunsNoWorseThanEver() throws {
    let runs = try Self.runs()
    let faulty = runs.filter { !$0.isHealthy }
    let judged = try faulty.map { ($0, try Judgment($0)) }
    #expect(faulty.count >= 30 && runs.count >= 2 * faulty.count)
    #expect(Set(faulty.map(\.symptom)).count >= 20)

    let missed = judged.filter { !$1.hasFound($0) }.map(\.0.path)
    let wrongRoots = judged.filter { !$1.hasRightRoot($0) }.map(\.0.path)
    let wrongLayers = judged.filter { !$1.hasRightLayer($0) }.map(\.0.path)
    let falseAlarms = try runs.filter { try $0.isHealthy && Judgment($0).hasAlarmed }.map(\.path)
    #expect(missed == [])
    #expect(wrongRoots == [])
    #expect(wrongLayers == [])
    #expect(falseAlarms == [])
    #expect(judged.filter { $1.contradictsItself }.map(\.0.path) == [])
    #expect(judged.filter { $1.hasLesserCause }.map(\.0.path) == [])
  }
}
