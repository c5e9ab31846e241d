import GradientDiagnosis
import Testing

@Suite struct WordingTests {
  @Test(arguments: [
    ("dense-1", "dense-1"), ("encoder/attention", "encoder/attention"), ("0", "0"),
    ("first", "‘first’"), ("my-layer", "my-layer"), ("", ""),
  ])
  func aNameThatReadsAsAWordStandsInQuotes(name: String, cited: String) {
    #expect(Wording.name(name) == cited)
  }

  @Test func aListQuotesWhatReadsAsAWord() {
    #expect(Wording.list(["gate"], contiguous: false) == "‘gate’")
    #expect(Wording.list(["input", "dense-1"], contiguous: true) == "‘input’ and dense-1")
    #expect(Wording.list(["a", "d-1", "d-2"], contiguous: true) == "‘a’ … d-2")
    #expect(Wording.joined(["dead ReLU", "oscillation"]) == "dead ReLU and oscillation")
  }

  /// ‖W‖ is that of the weights after the step, so that a step many times their size makes a ratio of 1.
  @Test func aStepOfAboutTheWeightsSizeIsAtLeastThat() {
    #expect(Wording.movement(0.66) == "0.66 times its own size")
    #expect(Wording.movement(0.99999) == "as much as all its weights amount to, or more")
    #expect(Wording.movement(1, ofMany: true) == "as much as they amount to, or more")
    #expect(Wording.movement(2, ofMany: true) == "2 times their own size")
  }

  @Test func remediesAreOneText() {
    let remedies = [Remedy(id: "a", text: "Use a."), Remedy(id: "b", text: "Clip b.")]
    #expect(Remedy.list(remedies) == "Use a. Or: clip b.")
    #expect(Remedy.list([]) == "")
  }
}
