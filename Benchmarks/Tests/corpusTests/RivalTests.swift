import GradientHealth
import Testing

@testable import corpus

/// The rules of others alarm on what they are made for, and not on a network that learns in the usual way.
@Suite struct RivalTests {
  private static func run(_ family: String) throws -> RecordedRun {
    try #require(FamilyCatalog.all.first { $0.name == family }).setup.run(seed: 1)
  }

  @Test func allSeeADeepSigmoidVanish() throws {
    let run = try Self.run("dense-50-sigmoid-sgd/vanishing")
    for rival in RivalCatalog.all {
      #expect(rival.alarms(in: run).contains(.vanishing), "\(rival.name)")
    }
  }

  @Test func allSeeAMissingNumber() throws {
    let run = try Self.run("dense-2-tanh-momentum/missing-number")
    for rival in RivalCatalog.all {
      #expect(rival.alarms(in: run).contains(.nonFinite), "\(rival.name)")
    }
  }

  @Test func threeSeeUnitsThatNeverFire() throws {
    let run = try Self.run("dense-5-relu-adam/sunk-1.0-of-4")
    for rival in [SMDebug.self, DeepDiagnosis.self, TheDeepChecker.self] as [any Rival.Type] {
      #expect(rival.alarms(in: run).contains(.dead), "\(rival.name)")
    }
    #expect(!TorchDiag.alarms(in: run).contains(.dead))
  }

  @Test func noneSeesAVanishingInAnOrdinaryNetwork() throws {
    let run = try Self.run("dense-2-tanh-momentum")
    for rival in RivalCatalog.all {
      #expect(!rival.alarms(in: run).contains(.vanishing), "\(rival.name)")
      #expect(!rival.alarms(in: run).contains(.nonFinite), "\(rival.name)")
    }
  }
}
