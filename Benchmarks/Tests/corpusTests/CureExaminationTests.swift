import GradientHealth
import Testing

@testable import corpus

struct CureExaminationTests {
  private func family(_ name: String) throws -> Family {
    try #require(FamilyCatalog.all.first { $0.name == name })
  }

  @Test func aRunIsCountedWhereARemedyHeals() throws {
    let run = try #require(
      try CureExamination(family("dense-2-tanh-momentum/zeros"), seed: 1))
    #expect(run.isHealed && run.isHealedByFirst)
    #expect(run.healers.first == "random-initialization")
    #expect(
      run.story.hasPrefix("zero-initialization (initial-scale); random-initialization: heals"))
    let page = CuresPage(runs: [run]).text
    #expect(page.contains("| both | 1 | 1/1, 100.0 %"))
    #expect(page.contains("\n| zero-initialization | 1 | 1/1, 100.0 %"))
  }

  @Test func whatIsNotFoundIsNotHealed() throws {
    // A short healthy training stands for one in which a fault is overlooked.
    let twin = Setup(Stack(depth: 2))
    let overlooked = Family("overlooked", twin, Fault("dead-relu", twin: twin, effects: []))
    #expect(try CureExamination(overlooked, seed: 1) == nil, "it shows no effect")
    let forgotten = try family("lstm-1-over-8-momentum/forgets-lstm-1")
    let run = try #require(try CureExamination(forgotten, seed: 1))
    #expect(run.isHealed == (run.cure.finding != nil))
    #expect(CuresPage(runs: [run]).text.contains(run.isHealed ? "1/1, 100.0 %" : "0/1, 0.0 %"))
  }
}
