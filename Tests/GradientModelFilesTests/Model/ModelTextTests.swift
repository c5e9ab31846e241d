import Backpropagation
import Foundation
import GradientModelFiles
import GzipIO
import Testing

/// A model file changed as text: what is not touched stays as it was, and what is written says what was meant.
@Suite struct ModelTextTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func text(_ content: String) throws -> ModelText {
    try ModelText(contentsOf: folder.file("model.yaml", content.utf8))
  }

  private let plain = """
    # A model.
    model:
      name: small   # its name
      input: [4]
      layers:
        - dense: 8
        # a gate
        - sigmoid
        - dense: {units: 2, initializer: {normal: {standard-deviation: 0.5}}}   # the last
    loss: softmax-cross-entropy
    data:
      file: ../data/a.csv
    training:
      epochs: 3
      optimizer: {sgd: {learning-rate: 0.1, momentum: 0.9}}
    """

  @Test func whatIsNotTouchedStays() throws {
    #expect(try text(plain).text == plain)
  }

  @Test func layersAreEditedInPlace() throws {
    var text = try text(plain)
    text.replaceLayer(1, by: WrittenMember("relu"))
    text.set("initializer", ofLayer: 0, to: .text("he-normal"))
    text.set("initializer", ofLayer: 2, to: .text("xavier-normal"))
    text.insertLayer(WrittenMember("batch-norm"), at: 1, name: nil, from: [])
    #expect(
      text.text
        == plain
        .replacing(
          "- dense: 8\n", with: "- dense: {units: 8, initializer: he-normal}\n    - batch-norm\n"
        )
        .replacing("- sigmoid", with: "- relu")
        .replacing("{normal: {standard-deviation: 0.5}}", with: "xavier-normal"))
  }

  @Test func argumentsAreTakenAway() throws {
    var text = try text(plain)
    text.set("initializer", ofLayer: 2, to: nil)
    #expect(
      text.text
        == plain.replacing(
          "{units: 2, initializer: {normal: {standard-deviation: 0.5}}}", with: "{units: 2}"))
  }

  @Test func settingsAreAddedBehindTheOthers() throws {
    var text = try text(plain)
    text.set("training", "clip", to: .map(["global-norm": .integer(1)]))
    text.set("data", "normalize", to: .text("standard"))
    text.set("learning-rate", ofOptimizerTo: .number(0.01))
    text.prependSchedule(WrittenMember("warmup", [.init("steps", .integer(100))]))
    text.set("training", "stop", "patience", to: .integer(5))
    #expect(
      text.text
        == plain.replacing("learning-rate: 0.1", with: "learning-rate: 0.01")
        .replacing("a.csv\n", with: "a.csv\n  normalize: standard\n") + """

            clip: {global-norm: 1}
            schedule: [{warmup: {steps: 100}}]
            stop: {patience: 5}

          """)
  }

  @Test func layersAreTakenOutAndPutAtEitherEnd() throws {
    var text = try text(plain)
    text.removeLayer(1)
    text.insertLayer(WrittenMember("flatten"), at: 0, name: "start", from: ["input"])
    text.insertLayer(
      WrittenMember("add"), at: 3, name: "sum", from: ["dense-1", "dense-2"])
    let edited = text.text
    #expect(edited.contains("layers:\n    - flatten: {name: start, from: input}\n    - dense: 8"))
    #expect(edited.contains("# the last\n    - add: {name: sum, from: [dense-1, dense-2]}\nloss"))
    #expect(!edited.contains("sigmoid"))
  }

  @Test func unusualLayoutsKeepTheirContent() throws {
    let unusual = """
      {"model": {input: [4], layers: [dense: {units: 8, name: "a, b"}, sigmoid,
        {dense: 2}]}, loss: softmax-cross-entropy,
       training: {steps: 5, optimizer: 'adam'}}
      """.replacing("a, b", with: "ab")
    var text = try text(unusual)
    text.replaceLayer(1, by: WrittenMember("relu"))
    text.set("learning-rate", ofOptimizerTo: .number(0.5))
    let file = try text.modelFile(at: text.path, allowOutside: false)
    #expect(file.layers.map(\.layer.kind) == ["dense", "relu", "dense"])
    #expect(file.training?.optimizer.learningRate == 0.5)
  }

  @Test func aBlockOfLinesIsEdited() throws {
    let block = plain.replacing(
      "- dense: 8\n", with: "- dense:\n        units: 8   # wide\n        initializer: zeros\n")
    var text = try text(block)
    text.set("initializer", ofLayer: 0, to: nil)
    text.set("bias", ofLayer: 0, to: .boolean(false))
    #expect(text.text == block.replacing("initializer: zeros", with: "bias: false"))
  }

  @Test func groupsAndOutputsAreChanged() throws {
    var text = try text(
      plain.replacing(
        "loss: softmax-cross-entropy",
        with: """
          losses:
            - {output: dense-2, loss: softmax-cross-entropy}
          """) + """

            groups:
              - {layers: dense-1, learning-rate: 0.5}
              - {layers: dense-2, frozen: true}
          """)
    text.set("output", ofLoss: 0, to: .text("last"))
    text.set("learning-rate", ofGroup: 0, to: .number(0.05))
    text.removeGroup(1)
    #expect(text.text.contains("  - {output: last, loss: softmax-cross-entropy}\n"))
    #expect(text.text.hasSuffix("groups:\n    - {layers: dense-1, learning-rate: 0.05}\n"))
    text.removeGroup(0)
    #expect(!text.text.contains("groups"))
  }

  @Test func filesAreRenamedWhereverTheyStand() throws {
    var text = try text(plain + "\nweights: w.safetensors\n")
    text.mapFiles { "x/\($0)" }
    text.rename { "\($0)-2" }
    #expect(text.text.contains("file: x/../data/a.csv"))
    #expect(text.text.contains("weights: x/w.safetensors"))
    #expect(text.text.contains("name: small-2   # its name"))
  }

  @Test func wordsAreQuotedWhereTheyWouldBeReadAsSomethingElse() throws {
    for word in ["true", "12", "a: b", "null", "", "*", "it's \"x\" \\ y", "- a", "#"] {
      var text = try text(plain)
      text.rename { _ in word }
      // An empty name counts as none.
      guard !word.isEmpty else { continue }
      let name = try text.modelFile(at: text.path, allowOutside: false).name
      #expect(name == runName(ofFileAt: text.path, declared: word), "\(word)")
    }
  }

  @Test func whatIsNoModelIsRefused() throws {
    #expect(throws: InputError(file: folder.file("model.yaml"), "is empty, expected a model")) {
      try text("# nothing\n")
    }
  }
}
