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

  /// A loss that doesn't fall accuses nothing by itself: it has to be told, and the verdict left open.
  @Test func leavesOpenWhatNothingExplains() throws {
    let family = try #require(
      FamilyCatalog.all.first { $0.name == "dense-2-tanh-adam/random-labels" })
    let run = try Examination(family, seed: 1)
    #expect(run.isConfirmed && run.isAlarmed && run.isFound && run.hasRightRoot)
    #expect(run.alarms.isEmpty && run.diagnosis.verdict == .inconclusive)
    let learning = Family("learning", Self.usual, Fault("not-learning", twin: Self.usual))
    let other = try Examination(learning, seed: 1)
    #expect(!other.isConfirmed && !other.isAlarmed && !other.isFound && !other.hasRightRoot)
  }

  @Test func countsTheStepsToAnAlarmFromTheFaultAndFromItsFirstFullWindow() throws {
    let missing = try #require(
      FamilyCatalog.all.first { $0.name == "dense-2-tanh-momentum/missing-number" })
    let atOnce = try Examination(missing, seed: 1)
    #expect(atOnce.delay == 0 && atOnce.delayAfterWindow == 0)
    let forgotten = try #require(
      FamilyCatalog.all.first { $0.name == "dense-3-relu-momentum/forgets-1" })
    let later = try Examination(forgotten, seed: 1)
    #expect(later.delay == 49 && later.delayAfterWindow == 0)
    let leap = try #require(
      FamilyCatalog.all.first { $0.name == "dense-3-tanh-sgd/leap-at-80" })
    let leapt = try Examination(leap, seed: 1)
    #expect(leapt.liveAlarm == leapt.delay.map { 80 + $0 })
  }

  /// A run that had learned and lost it again shows its fault from the first window on in which it has.
  @Test func datesTheEffectOfARunThatLosesWhatItHadLearned() throws {
    func run(_ loss: (Int) -> Double) -> RecordedRun {
      RecordedRun(
        header: TraceHeader(
          producer: "tests 1", run: RunDescription(constantLoss: 1), layers: []),
        steps: (0..<200).map { StepRecord(step: $0, loss: loss($0)) }, result: nil)
    }
    #expect(run { $0 < 100 ? 0.2 : 0.9 }.step(fromWhichTheFallIsBelow: 0.5) == 124)
    #expect(run { _ in 0.9 }.step(fromWhichTheFallIsBelow: 0.5) == 49)
    #expect(run { _ in 0.2 }.step(fromWhichTheFallIsBelow: 0.5) == 199)
  }

  /// δ that fades through time only once weights have grown is not told before.
  @Test func datesWhatFadesThroughTimeLaterInARun() {
    func run(from start: Int) -> RecordedRun {
      RecordedRun(
        header: TraceHeader(producer: "tests 1", run: RunDescription(), layers: []),
        steps: (0..<200).map {
          StepRecord(
            step: $0, layers: [LayerRecord(deltaRMSByTime: [$0 < start ? 0.1 : 1e-6, 0.5, 1])])
        }, result: nil)
    }
    #expect(run(from: 0).step(atWhichDeltaHasFadedBy: 3) == 49)
    #expect(run(from: 100).step(atWhichDeltaHasFadedBy: 3) == 124)
    #expect(run(from: 300).step(atWhichDeltaHasFadedBy: 3) == nil)
  }

  @Test func judgesTwoNetworksThatTrainAgainstEachOther() throws {
    let uneven = Setup(Duel(drawing: 1e-5, judging: 0.02, rounds: 1))
    let fault = Fault(
      "adversarial-imbalance", twin: Setup(Duel()), effects: [.losesTheDuel])
    let lost = try Examination(Family("uneven", uneven, fault), seed: 2)
    #expect(lost.isConfirmed && lost.hasRightRoot)
    let even = try Examination(Family(healthy: "even", Setup(Duel())), seed: 2)
    #expect(even.isConfirmed && even.alarms.isEmpty)
  }

  /// Four digits of what analyzers ask are enough for the same judgment.
  @Test(arguments: ["dense-12-sigmoid-momentum/vanishing", "dense-2-relu-momentum"])
  func condensesARunWithoutChangingItsDiagnosis(_ name: String) throws {
    let family = try #require(FamilyCatalog.all.first { $0.name == name })
    let run = try family.setup.run(seed: 1)
    let whole = try Diagnosis(of: Trace(header: run.header, steps: run.steps))
    let condensed = try Diagnosis(of: run.condensed)
    #expect(condensed.verdict == whole.verdict)
    #expect(condensed.findings.map(\.id) == whole.findings.map(\.id))
    #expect(condensed.root?.layer == whole.root?.layer)
    #expect(condensed.root?.firstStep == whole.root?.firstStep)
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
