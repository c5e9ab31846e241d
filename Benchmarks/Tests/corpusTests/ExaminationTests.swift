import GradientHealth
import Testing

@testable import corpus

@Suite struct ExaminationTests {
  private static var usual: Setup { Setup(Stack(depth: 2)) }

  @Test func confirmsAndFindsAPlantedFault() throws {
    let family = try #require(
      FamilyCatalog.all.first { $0.name == "dense-12-sigmoid-momentum/vanishing" })
    let run = try Examination(family, seed: 1)
    #expect(run.isConfirmed)
    #expect(run.isFound && run.hasRightRoot && run.hasRightLayer == true)
    #expect(try #require(run.delay) < 100)
    #expect(run.rivals.count == RivalCatalog.all.count)
  }

  @Test func confirmsAHealthyRun() throws {
    let run = try Examination(Family(healthy: "usual", Self.usual), seed: 1)
    #expect(run.isConfirmed && run.alarms.isEmpty && !run.hasRightRoot)
    #expect(run.hasRightLayer == nil && run.delay == nil)
  }

  /// A fault that does nothing is no fault, and a healthy run that learns nothing is not healthy.
  @Test func leavesOutWhatIsNotWhatItsLabelSays() throws {
    let twin = Self.usual
    let harmless = Family("harmless", Self.usual, Fault("vanishing-gradient", twin: twin))
    #expect(try !Examination(harmless, seed: 1).isConfirmed)
    let idle = Family(healthy: "idle", Setup(Stack(depth: 2), .sgd, times: 1e-6))
    let run = try Examination(idle, seed: 1)
    #expect(!run.isConfirmed)
    #expect(Score([run]).runs.isEmpty)
  }

  /// A label that the run doesn't deserve is neither found nor the right root.
  @Test func doesNotFindAnotherFault() throws {
    let family = try #require(
      FamilyCatalog.all.first { $0.name == "dense-2-relu-momentum/zeros" })
    let mislabelled = Family(
      "mislabelled", family.setup, Fault("overfitting", layers: ["dense-1"], twin: Self.usual))
    let run = try Examination(mislabelled, seed: 1)
    #expect(run.isConfirmed && !run.alarms.isEmpty)
    #expect(!run.isFound && !run.hasRightRoot && run.hasRightLayer == false)
  }

  @Test func writesTheSamePageTwice() throws {
    let family = Family(healthy: "usual", Self.usual)
    let pages = try (0..<2).map { _ in
      let runs = [try Examination(family, seed: 1)]
      return CorpusPage(runs: runs).text + RunLines.text(runs)
    }
    #expect(pages[0] == pages[1])
    #expect(pages[0].contains("usual,\(family.half.rawValue),1,healthy,true,"))
  }
}
