import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct AdversarialImbalanceTests {
  private func player(_ loss: @escaping (_ step: Int) -> Double) -> SyntheticRun {
    var run = SyntheticRun(depth: 2)
    run.run = RunDescription(plannedSteps: 100)
    run.loss = loss
    return run
  }

  private var generator: SyntheticRun { player { 0.7 + 0.05 * Double($0) } }
  private var discriminator: SyntheticRun { player { 0.7 * pow(0.9, Double($0)) } }

  @Test func aDiscriminatorThatIsNeverWrongHasWon() throws {
    let diagnosis = try Diagnosis(of: generator.trace, paired: discriminator.trace)
    let finding = try #require(diagnosis.findings.first { $0.id == "adversarial-imbalance" })
    // The loser's loss diverges, which is worse than the imbalance alone.
    #expect(finding.severity == .error)
    #expect(finding.value > 1.5)
    #expect(
      finding.message.hasPrefix("The winner is the paired run: the loss of this run stands at "))
    #expect(finding.remedies.first?.id == "balance-players")
    let mirrored = try Diagnosis(of: discriminator.trace, paired: generator.trace)
    let won = try #require(mirrored.findings.first { $0.id == "adversarial-imbalance" })
    #expect(won.message.hasPrefix("The winner is this run: "))
    #expect(won.severity == .warning && won.value == -finding.value)
  }

  @Test func thePlayersAreNamed() throws {
    var (own, other) = (generator, discriminator)
    own.run.name = "generator"
    other.run.name = "gan/critic"
    let diagnosis = try Diagnosis(of: own.trace, paired: other.trace)
    let finding = try #require(diagnosis.findings.first { $0.id == "adversarial-imbalance" })
    #expect(
      finding.message.hasPrefix("The winner is gan/critic: the loss of ‘generator’ stands at "))
    #expect(
      finding.cause.text.hasPrefix(
        "Of the two gan/critic learns faster than ‘generator’ can follow;"))
    #expect(
      finding.remedies.first?.text
        == "Lower the learning rate of gan/critic, or let ‘generator’ take several steps for each of "
        + "its.")
  }

  @Test func losesThatSwingAreHealthy() throws {
    let one = player { 0.7 + 0.3 * sin(Double($0)) }
    let two = player { 0.7 - 0.3 * sin(Double($0)) }
    let diagnosis = try Diagnosis(of: one.trace, paired: two.trace)
    #expect(!diagnosis.findings.contains { $0.id == "adversarial-imbalance" })
    #expect(diagnosis.passed.contains { $0.id == "adversarial-imbalance" })
    // Both may fall together, as where one helps the other.
    let falling = player { 0.7 * pow(0.9, Double($0)) }
    #expect(
      try Diagnosis(of: falling.trace, paired: player { _ in 0.6 }.trace).findings
        .allSatisfy { $0.id != "adversarial-imbalance" })
  }

  @Test func withoutAPairNothingIsSaid() throws {
    let diagnosis = try Diagnosis(of: generator.trace)
    #expect(
      diagnosis.notChecked.first { $0.id == "adversarial-imbalance" }?.reason
        == "no paired trace with a loss")
    let critic = player { -1 - Double($0) }
    #expect(
      try Diagnosis(of: generator.trace, paired: critic.trace).notChecked
        .first { $0.id == "adversarial-imbalance" }?.reason
        == "losses that are not above zero, of which no ratio tells who wins")
  }
}
