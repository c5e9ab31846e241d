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
    #expect(run.trials.first { $0.heals }?.remedy == "random-initialization")
    #expect(
      run.story.hasPrefix("zero-initialization (initial-scale); random-initialization: heals"))
    let page = CuresPage(runs: [run]).text
    #expect(page.contains("| both | 1 | 1/1, 100.0 %"))
    #expect(page.contains("| both, data that can be learned | 1 | 1/1, 100.0 %"))
    #expect(page.contains("\n| zero-initialization | 1 | 1/1, 100.0 %"))
  }

  /// Labels that say nothing of the inputs are no fault of the model, and nothing may seem to heal them.
  @Test func whatCantBeLearnedIsNotHealed() throws {
    let run = try #require(
      try CureExamination(family("dense-2-tanh-adam/random-labels"), seed: 1))
    #expect(!run.isHealed && run.story.hasPrefix("not-learning (unknown); check-targets: –"))
    let page = CuresPage(runs: [run]).text
    #expect(page.contains("| both | 1 | 0/1, 0.0 %"))
    #expect(page.contains("| both, data that can be learned | 0 | –"))
  }

  @Test(arguments: [
    "rnn-1-over-30-sgd/recurrent-times-0.5", "rnn-1-over-20-sgd/recurrent-times-3.0",
    "dense-2-tanh-adam/loss-times-1e-37", "dense-3-gelu-momentum/quiet-0.7-of-1",
    "dense-2-tanh-adam/shut-above-1",
  ])
  func whatIsOfferedFirstHeals(_ name: String) throws {
    let run = try #require(try CureExamination(family(name), seed: 1))
    #expect(run.isHealedByFirst, "\(run.story)")
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
