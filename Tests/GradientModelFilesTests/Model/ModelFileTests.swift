import Backpropagation
import Foundation
import GradientModelFiles
import GzipIO
import Testing

struct ModelFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func model(_ text: String, at name: String = "digits/model.yaml") throws -> ModelFile {
    try ModelFile(contentsOf: folder.file(name, text.utf8))
  }

  static let digits = """
    version: 1
    model:
      input: [64]
      layers:
        - dense: {units: 32, initializer: he-normal, name: hidden}
        - relu
        - dense: 10
    loss: softmax-cross-entropy
    data:
      file: ../data/digits.csv.gz
      normalize: standard
      split: {train: 0.7, validation: 0.1, test: 0.2, seed: 3}
    training:
      seed: 7
      batch: 32
      epochs: 2
      optimizer: {sgd: {learning-rate: 0.1, momentum: 0.9}}
    health:
      fail-on: error
      thresholds: {vanishing-gradient.attenuation: 3.0}
      allow:
        - finding: dead-relu
          until: 2027-01-01
    """

  @Test func severalLossesAreRead() throws {
    let model = try model(
      """
      model:
        input: [4]
        layers:
          - dense: {units: 3, name: shared}
          - dense: {units: 3, from: shared, name: kind}
          - dense: {units: 1, from: shared, name: size}
      losses:
        - output: size
          loss: {huber: 0.5}
          weight: 0.3
          target: millimeters
        - {output: kind, loss: {softmax-cross-entropy: {class-weights: [1, 2, 0.5]}}}
      """)
    let heads = model.network.heads
    #expect(heads.map { model.network.nodes[$0.output].name } == ["size", "kind"])
    #expect(heads.map(\.weight) == [0.3, 1])
    #expect(heads.map(\.target) == ["millimeters", nil])
    #expect((heads[0].loss as? Huber)?.delta == 0.5)
    #expect(heads[1].loss.classWeights == [1, 2, 0.5])
  }

  @Test func everyWayOfTrainingIsRead() throws {
    let model = try model(
      """
      model: {input: [4], layers: [{dense: {units: 3, name: hidden}}, relu, {dense: 2}]}
      loss: softmax-cross-entropy
      training:
        steps: 500
        accumulate: 4
        optimizer: {adamw: {betas: [0.8, 0.9]}}
        groups:
          - {layers: [hidden, "dense-*"], learning-rate: 0.1, weight-decay: 0}
          - {layers: hidden, frozen: true}
        regularization: {l1: 0.5, l2: 0.25}
        schedule: [{warmup: 100}, cosine]
        clip: {global-norm: 2}
        stop: {patience: 5, min-delta: 0.1, loss: 0.01, seconds: 60, finding: error, non-finite: true}
      """)
    let training = try #require(model.training)
    #expect(training.accumulate == 4 && training.optimizer.id == "adamw")
    #expect(
      training.groups == [
        ParameterGroup(layers: "hidden", "dense-*", learningRate: 0.1, weightDecay: 0),
        ParameterGroup(layers: "hidden", isFrozen: true),
      ])
    #expect(training.regularization == Regularization(l1: 0.5, l2: 0.25))
    #expect(training.schedule.map(\.id) == ["warmup", "cosine"])
    #expect(training.clipping == .globalNorm(2))
    #expect(
      training.stopping
        == StoppingCriteria(
          patience: 5, minimumDelta: 0.1, loss: 0.01, seconds: 60, nonFinite: true))
    #expect(training.stopFinding == .error)
    let rule = try #require(model.trainer).rule
    // The last group that fits a layer counts.
    let optimizers = try rule.optimizers(for: model.network)
    #expect(optimizers.map { $0?.learningRate } == [nil, nil, 0.1, 0.1])
  }

  @Test func everySectionIsRead() throws {
    let model = try model(Self.digits)
    #expect(model.name == "digits")
    #expect(model.network.nodes.map(\.name) == ["input", "hidden", "relu-1", "dense-2"])
    #expect(model.network.parameterCount == 64 * 32 + 32 + 32 * 10 + 10)
    #expect(model.network.loss.id == "softmax-cross-entropy")
    let training = try #require(model.training)
    #expect(training.seed == 7 && training.batch == 32 && training.precision == .float)
    #expect(training.length == .epochs(2))
    let optimizer = try #require(training.optimizer as? SGD)
    #expect(optimizer.learningRate == 0.1 && optimizer.momentum == 0.9)
    #expect(model.trainer?.seed == 7)
    let data = try #require(model.data)
    #expect(data.source.file == folder.file("data/digits.csv.gz"))
    #expect(data.source.labels == .classes)
    #expect(data.normalization == .standard)
    #expect(
      data.split
        == DataSettings.Split(train: 0.7, validation: 0.1, test: 0.2, seed: 3, stratify: true))
    let health = try #require(model.health)
    #expect(
      health.value
        == .map([
          "fail-on": .text("error"),
          "thresholds": .map(["vanishing-gradient.attenuation": .number(3)]),
          "allow": .list([
            .map(["finding": .text("dead-relu"), "until": .text("2027-01-01")])
          ]),
        ]))
    #expect(health.line(at: ["thresholds", "vanishing-gradient.attenuation"]) == 20)
    #expect(health.line(at: ["allow", "0", "until"]) == 23)
    #expect(health.line(at: ["allow", "1"]) == 21)
  }

  @Test func dataAreReadSplitAndNormalized() throws {
    let model = try model(Self.digits)
    try FileManager.default.createDirectory(
      atPath: folder.file("data"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: fixture("digits.csv.gz"), toPath: folder.file("data/digits.csv.gz"))
    let data = try #require(try model.readData())
    #expect(data.description == "no header, 64 features, target: last column, 10 classes")
    #expect(data.split.training.count + data.split.validation.count + data.split.test.count == 1797)
    let inputs = data.split.training.inputs
    let mean = stride(from: 10, to: inputs.count, by: 64).map { inputs[$0] }.reduce(0, +)
    #expect(abs(mean) < 1e-6)
    let result = try #require(model.trainer).train(on: data.split, for: .epochs(2))
    #expect(result.wasStopped == false)
  }

  @Test func whatIsNotSaidHasItsDefault() throws {
    let model = try model(
      """
      model: {input: [2], layers: [dense: 1]}
      loss: sum-of-squares
      data: {file: xy.csv}
      training: {steps: 10, optimizer: {sgd: 0.5}}
      """, at: "curve.yaml")
    #expect(model.name == "curve")
    #expect(model.health == nil)
    let training = try #require(model.training)
    #expect(training.seed == 1 && training.batch == 64 && training.length == .steps(10))
    let data = try #require(model.data)
    #expect(
      data.source
        == CSVSource(file: folder.file("xy.csv"), targets: [.last], labels: .numbers))
    #expect(data.normalization == .none)
    #expect(
      data.split
        == DataSettings.Split(train: 0.7, validation: 0.1, test: 0.2, seed: 1, stratify: true))
  }

  @Test func aModelAloneIsEnough() throws {
    let model = try model("model: {input: [2], layers: [dense: 2]}\nloss: softmax-cross-entropy")
    #expect(model.data == nil && model.training == nil && model.trainer == nil)
    #expect(try model.readData() == nil)
  }

  @Test func theDataSectionSaysHowTheFileIsWritten() throws {
    let model = try model(
      """
      model: {input: [3], layers: [dense: 2]}
      loss: half-squared-error
      data:
        input: {file: exercise.csv, columns: [Chins, 2, "3", 4-6]}
        target: {file: physiological.csv, column: [Weight, 2]}
        header: true
        skip-rows: 2
        delimiter: ";"
        missing: mean
        normalize: min-max
        split: {test: 0.5, stratify: false}
        stream: false
      """)
    let data = try #require(model.data)
    #expect(
      data.source
        == CSVSource(
          file: folder.file("digits/exercise.csv"),
          targetFile: folder.file("digits/physiological.csv"),
          columns: ["Chins", 2, .name("3"), .range(4, 6)], targets: ["Weight", 2],
          header: .present, skipRows: 2, delimiter: .semicolon, missing: .mean, labels: .numbers))
    #expect(data.normalization == .minMax)
    #expect(
      data.split
        == DataSettings.Split(train: 0.5, validation: 0, test: 0.5, seed: 1, stratify: false))
  }

  @Test func layersBranchMeetAndShareWeights() throws {
    let model = try model(
      """
      model:
        name: residual
        input: [4]
        layers:
          - dense: {units: 4, name: a, bias: false, initializer: {normal: {standard-deviation: 0.1}}}
          - relu:
          - dense: {units: 4, name: b, weights-of: a, bias: false}
          - add: {from: [b, a]}
          - concatenate: {from: [add-1, input], name: both/sides}
          - dense: {units: 2, from: both/sides}
      loss: sum-of-squares
      """)
    #expect(model.name == "residual")
    let network = model.network
    #expect(
      network.nodes.map(\.name) == ["input", "a", "relu-1", "b", "add-1", "both/sides", "dense-3"])
    #expect(network.nodes[5].shape == [8])
    #expect(network.nodes[1].parameters == network.nodes[3].parameters)
    #expect(network.parameterCount == 16 + 8 * 2 + 2)
  }

  @Test func missingInputsTakeTheMeanOfTheTrainingPart() throws {
    // No mean of several powers of two is one, so what was filled in can be told.
    let powers = Set((0..<10).map { Double(1 << $0) })
    let rows = (0..<10).map { $0 == 4 ? "?,0" : "\(1 << $0),\($0 % 2)" }
    _ = try folder.file("digits/xy.csv", rows.joined(separator: "\n").utf8)
    let model = try model(
      """
      model: {input: [1], layers: [dense: 2]}
      loss: softmax-cross-entropy
      data: {file: xy.csv, missing: mean, split: {train: 0.5, test: 0.5, stratify: false}}
      """)
    let data = try #require(try model.readData()).split
    let known = data.training.inputs.filter(powers.contains)
    let filled = (data.training.inputs + data.test.inputs).filter { !powers.contains($0) }
    #expect(filled == [known.reduce(0, +) / Double(known.count)])
  }

  @Test(arguments: [
    ("a/digits/model.yaml", nil, "digits"), ("a/digits/trace.gradtrace", nil, "digits"),
    ("a/digits/deep.yaml", nil, "deep"), ("run.jsonl.gz", nil, "run"),
    ("b.running.gradtrace", nil, "b"), ("/model.yaml", nil, "model"), ("a/.yaml", nil, "yaml"),
    ("a/model.yaml", "my net", "my net"), ("a/model.yaml", "../../etc", "-..-etc"),
    ("a/model.yaml", "..", "a"), ("a/model.yaml", "x\u{1b}[0m\u{202e}", "x-[0m-"),
    ("a/model.yaml", "", "a"), ("a/ä ö.yaml", nil, "ä ö"),
  ])
  func runsAreNamedAfterTheirModel(path: String, declared: String?, name: String) {
    #expect(runName(ofFileAt: path, declared: declared) == name)
  }
}
