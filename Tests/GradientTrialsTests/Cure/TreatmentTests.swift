import Backpropagation
import Foundation
import GradientDiagnosis
import GradientModelFiles
import Testing

@testable import GradientTrials

/// What each treatment changes, in the description that is tried and in the file that is written.
@Suite struct TreatmentTests {
  private let folder: ModelFolder

  init() throws { folder = try ModelFolder() }

  private let finding = Finding(
    id: "clipping-always-on", severity: .error, layer: "dense-1", firstStep: 0, raisedAtStep: 0,
    lastStep: 0, statistic: "clip-factor", value: 0.01, threshold: 0.1,
    cause: Cause(id: "unknown", text: ""), message: "", remedies: [])

  private func doses(_ id: String, of file: ModelFile) throws -> [Dose] {
    let treatment = try #require(TreatmentCatalog.treatment(for: id))
    return try treatment.doses(try #require(Recipe(file)), finding)
  }

  private func kinds(_ id: String, of file: ModelFile) throws -> [String] {
    try #require(try doses(id, of: file).first).recipe.layers.map(\.layer.kind)
  }

  private func refusal(_ id: String, of file: ModelFile) throws -> String {
    do {
      _ = try doses(id, of: file)
      return "applies"
    } catch let error as Inapplicable {
      return error.reason
    }
  }

  /// Models in which every treatment finds something to change, layers being referred to by their numbers.
  private func models() throws -> [ModelFile] {
    let chain = [
      "dense: 16   # comment", "sigmoid", "dense: {units: 16, initializer: {normal: 0.5}}", "tanh",
      "dense: {units: 16, bias-initializer: {constant: -1}}", "relu",
      "dense: {units: 16, initializer: zeros}", "relu", "dense: 10",
    ]
    return [
      try folder.model(
        "chain", layers: chain, optimizer: "{sgd: {learning-rate: 0.7, momentum: 0.95}}"),
      try folder.model(
        "named",
        layers: [
          "dense: {units: 16, name: first}", "layer-norm", "tanh: {name: bent}",
          "dense: {units: 16, from: bent}", "sigmoid",
          "add: {from: [sigmoid-1, bent]}", "dense: {units: 16, from: add-1}", "layer-norm",
          "tanh", "dense: {units: 16, weights-of: dense-2, from: tanh-2}", "relu: {from: dense-4}",
          "multiply: {from: [relu-1, layer-norm-2]}", "dense: 10", "sigmoid",
        ], optimizer: "{sgd: 0.5}",
        more: """
            clip: {norm: 2}
            groups: [{layers: first, learning-rate: 0.03}, {layers: dense-2, frozen: true}]
          """),
      try folder.model(
        "recurrent",
        layers: [
          "rnn: {units: 8, output: sequence}",
          "rnn: {units: 8, bidirectional: true, output: sequence}",
          "gru: 8", "dense: 10",
          "softmax",
        ], optimizer: "adam", more: "  schedule: cosine\n  clip: {value: 0.001}", input: "[8, 8]"),
      try folder.model(
        "light", layers: ["dense: {units: 10, name: head}"],
        loss: "losses: [{output: head, loss: softmax-cross-entropy, weight: 1e-30}]"),
    ]
  }

  @Test(arguments: TreatmentCatalog.all.map(\.id))
  func theFileSaysWhatWasTried(id: String) throws {
    var count = 0
    for file in try models()
      + ["vanishing", "exploding", "dead-relu", "digits-convolution", "digits-transformer"].map(
        example)
    {
      var found = finding
      found.layer = file.network.nodes[1].name
      let treatment = try #require(TreatmentCatalog.treatment(for: id))
      let recipe = try #require(Recipe(file))
      guard let doses = try? treatment.doses(recipe, found) else { continue }
      for dose in doses {
        count += 1
        #expect(!dose.label.isEmpty && !dose.recipe.changes.isEmpty)
        #expect(!dose.recipe.isTrained(like: recipe), "\(id) changes nothing in \(file.path)")
        var text = try ModelText(contentsOf: file.path)
        for change in dose.recipe.changes { text.apply(change) }
        let read = try text.modelFile(at: file.path, allowOutside: true)
        #expect(
          try #require(Recipe(read)).isTrained(like: dose.recipe), "\(id) in \(file.path)")
      }
    }
    #expect(count > 0 || ["check-data", "normalize-input"].contains(id))
  }

  @Test func theListHasNoIdTwice() {
    let ids = TreatmentCatalog.all.map(\.id)
    #expect(Set(ids).count == ids.count)
  }

  @Test func reluTakesThePlaceOfWhatIsFlat() throws {
    let file = try folder.model(
      "flat",
      layers: ["dense: {units: 8, initializer: zeros}", "sigmoid", "dense: 8", "tanh", "dense: 10"])
    let dose = try #require(try doses("use-relu", of: file).first)
    #expect(dose.label == "2 × sigmoid, tanh → relu")
    #expect(
      dose.recipe.changes == [
        .replace(layer: 1, by: WrittenMember("relu")),
        .setArgument(layer: 0, name: "initializer", .text("he-normal")),
        .replace(layer: 3, by: WrittenMember("relu")),
      ])
  }

  @Test func gatesAndOutputsKeepTheirActivation() throws {
    let gated = try folder.model(
      "gated",
      layers: [
        "dense: {units: 8, name: a}", "sigmoid", "dense: {units: 8, from: a, name: b}",
        "multiply: {from: [sigmoid-1, b]}", "dense: 10", "sigmoid",
      ])
    #expect(
      try refusal("use-relu", of: gated) == "no activation between layers is flat at both ends")
    let recurrent = try folder.model(
      "recurrent", layers: ["lstm: 8", "dense: 10"], input: "[8, 8]")
    #expect(
      try refusal("use-relu", of: recurrent) == "no activation between layers is flat at both ends")
    #expect(try refusal("use-lstm", of: recurrent) == "there is no plain rnn")
  }

  @Test func recurrentWeightsStartOrthogonal() throws {
    let file = try folder.model(
      "stacked",
      layers: [
        "gru: {units: 8, output: sequence, recurrent-initializer: zeros}", "lstm: 8", "dense: 10",
      ], input: "[8, 8]")
    let dose = try #require(try doses("orthogonal-initialization", of: file).first)
    #expect(dose.label == "orthogonal recurrent weights in 2 layers")
    for place in 0..<2 {
      let layer = try #require(dose.recipe.layers[place].layer as? any RecurrentLayer)
      #expect(layer.recurrentInitializer is Orthogonal)
    }
    let random = try #require(try doses("random-initialization", of: file).first)
    #expect(
      random.recipe.changes == [.setArgument(layer: 0, name: "recurrent-initializer", nil)])
    let orthogonal = try folder.model(
      "orthogonal", layers: ["rnn: {units: 8, recurrent-initializer: orthogonal}", "dense: 10"],
      input: "[8, 8]")
    #expect(
      try refusal("orthogonal-initialization", of: orthogonal)
        == "no recurrent layer starts from anything else")
  }

  @Test func gatesHoldForTheSequence() throws {
    let plain = try folder.model(
      "plain", layers: ["rnn: {units: 8, layers: 2, output: sequence}", "flatten", "dense: 10"],
      input: "[8, 8]")
    #expect(
      try doses("use-lstm", of: plain).map(\.recipe.changes)
        == ["lstm", "gru"].map {
          [
            .replace(
              layer: 0,
              by: WrittenMember(
                $0,
                [
                  .init("units", .integer(8)), .init("layers", .integer(2)),
                  .init("output", .text("sequence")), .init("memory", .integer(8)),
                ]))
          ]
        })
    #expect(
      try refusal("longer-memory", of: plain) == "no gates hold for less than the sequence")
    let gated = try folder.model(
      "gated", layers: ["gru: 8", "dense: 10"], input: "[8, 8]")
    let dose = try #require(try doses("longer-memory", of: gated).first)
    #expect(dose.recipe.changes == [.setArgument(layer: 0, name: "memory", .integer(8))])
    #expect((dose.recipe.layers[0].layer as? GRU)?.memory == 8)
    let patient = try folder.model(
      "patient", layers: ["lstm: {units: 8, memory: 8}", "dense: 10"], input: "[8, 8]")
    #expect(
      try refusal("longer-memory", of: patient) == "no gates hold for less than the sequence")
  }

  @Test func theHeaviestLossWeighsOne() throws {
    let layers = ["dense: {units: 8, name: a}", "dense: {units: 10, name: b}", "identity"]
    let file = try folder.model(
      "weighed", layers: layers,
      loss: "losses: [{output: identity-1, loss: softmax-cross-entropy, weight: 2e-20}]")
    let dose = try #require(try doses("scale-loss", of: file).first)
    #expect(dose.label == "loss weight 2e-20 → 1")
    #expect(dose.recipe.losses.map(\.weight) == [1])
    let heavy = try folder.model(
      "heavy", layers: layers,
      loss: "losses: [{output: identity-1, loss: softmax-cross-entropy, weight: 3}]")
    #expect(try refusal("scale-loss", of: heavy) == "no weight makes the loss small")
  }

  @Test func normalizationStandsBeforeTheActivation() throws {
    let file = try folder.model(
      "plain", layers: ["dense: 8", "relu", "dense: 8", "layer-norm", "relu", "dense: 10"])
    #expect(
      try kinds("batch-normalization", of: file) == [
        "dense", "batch-norm", "relu", "dense", "layer-norm", "relu", "dense",
      ])
    let sequence = try folder.model(
      "sequence", layers: ["dense: 8", "tanh", "flatten", "dense: 10"], input: "[8, 8]")
    #expect(
      try kinds("batch-normalization", of: sequence) == [
        "dense", "layer-norm", "tanh", "flatten", "dense",
      ])
  }

  @Test func shortcutsLeadPastLayersOfOneShape() throws {
    let file = try folder.model(
      "blocks", layers: ["dense: 8", "tanh", "dense: 8", "tanh", "dense: 8", "tanh", "dense: 10"])
    let recipe = try #require(try doses("residual-connections", of: file).first).recipe
    #expect(
      recipe.layers.map(\.layer.kind) == [
        "dense", "tanh", "dense", "tanh", "add", "dense", "tanh", "add", "dense",
      ])
    #expect(recipe.layers[4].inputs == ["tanh-2", "tanh-1"])
    #expect(recipe.layers[7].inputs == ["tanh-3", "shortcut-1"])
  }

  @Test func whatLayersAreCalledByTheirNumberIsStillMeant() throws {
    let file = try models()[1]
    let recipe = try #require(try doses("batch-normalization", of: file).last).recipe
    let product = try #require(recipe.layers.first { $0.layer is Multiply })
    #expect(product.inputs == ["relu-1", "layer-norm-3"], "the second of those before")
  }

  @Test func aGroupThatWouldNameOthersForbidsTheChange() throws {
    let file = try folder.model(
      "grouped", layers: ["dense: 8", "tanh", "dense: 8", "layer-norm", "tanh", "dense: 10"],
      more: "  groups: [{layers: layer-norm-1, learning-rate: 0.5}]")
    #expect(
      try doses("batch-normalization", of: file).map(\.label)
        == ["batch-norm before 1 activation"])
    let treatment = try #require(TreatmentCatalog.treatment(for: "batch-normalization"))
    // Of so small a batch, batch-norm is not even thought of.
    var recipe = try #require(Recipe(file))
    recipe.trainer.batch = 4
    #expect(throws: Inapplicable("training.groups would name other layers by layer-norm-1")) {
      try treatment.doses(recipe, finding)
    }
  }

  @Test func whatHasNothingToChangeSaysSo() throws {
    let file = try example("digits")
    let expected = [
      "use-relu": "no activation between layers is flat at both ends",
      "zero-bias": "all biases start at zero",
      "random-initialization": "no layer's weights start all alike",
      "normalize-input": "the inputs are standardized already",
      "residual-connections": "no layer with an activation gives the shape that it takes",
      "higher-clipping-limit": "gradients are not clipped",
      "train-layer": "no group of training.groups names the layer",
      "fewer-layers": "no layers can be left out",
      "fit-output": "the last layer gives what the loss takes",
      "longer-memory": "no gates hold for less than the sequence",
      "constant-learning-rate": "the learning rate is constant",
      "orthogonal-initialization": "no recurrent layer starts from anything else",
      "scale-loss": "no weight makes the loss small",
    ]
    for (id, reason) in expected { #expect(try refusal(id, of: file) == reason) }
    #expect(
      try refusal("normalize-input", of: example("digits-transformer"))
        == "the inputs are indices of a vocabulary")
  }

  @Test func dosesRise() throws {
    let file = try example("digits")
    #expect(
      try doses("lower-learning-rate", of: file).map(\.label) == [
        "learning rate 0.1 → 0.01", "learning rate 0.1 → 0.001", "learning rate 0.1 → 1e-4",
      ])
    #expect(
      try doses("higher-clipping-limit", of: models()[1]).map(\.label) == [
        "clipping limit 2 → 600", "without clipping",
      ])
  }
}
