import Backpropagation
import Foundation
import GradientDiagnosis
import GradientModelFiles
import GzipIO
import Testing

@testable import GradientTrials

/// The theory's own remedies heal, and what doesn't heal is not said to.
@Suite struct CureTests {
  private let folder: ModelFolder

  init() throws { folder = try ModelFolder() }

  private func cure(_ file: ModelFile, steps: Int = 400) throws -> Cure {
    try #require(try Cure(of: file, limits: .init(steps: steps)))
  }

  private func attempt(_ id: String, in cure: Cure) throws -> Attempt {
    try #require(cure.attempts.first { $0.remedies.map(\.id) == [id] })
  }

  @Test func reluHealsAVanishingGradient() throws {
    let cure = try cure(example("vanishing"))
    #expect(cure.finding?.id == "vanishing-gradient")
    #expect(cure.healing?.remedies.map(\.id) == ["use-relu"])
    let trial = try #require(cure.healing?.trial)
    #expect(trial.hasLearned && trial.diagnosis.verdict == .healthy)
    #expect(trial.lastLoss < cure.before.lastLoss / 4)
    #expect(try #require(trial.accuracy) > 0.8)
  }

  @Test func batchNormalizationHealsAnExplodingGradient() throws {
    let cure = try cure(example("exploding"))
    #expect(cure.finding?.id == "exploding-gradient")
    #expect(try attempt("batch-normalization", in: cure).heals)
    #expect(try attempt("he-initialization", in: cure).heals)
    // The gradient grows over depth whatever the rate is.
    #expect(try !attempt("lower-learning-rate", in: cure).heals)
  }

  @Test func aLowerRateHealsAnExplodingGradientThatItBroughtAbout() throws {
    let file = try folder.model(
      "fast", layers: ["dense: 32", "elu", "dense: 32", "elu", "dense: 10"],
      optimizer: "{sgd: {learning-rate: 20}}")
    let cure = try cure(file)
    #expect(cure.finding?.cause.id == "learning-rate")
    #expect(["exploding-gradient", "non-finite"].contains(cure.finding?.id))
    #expect(cure.attempts.first?.remedies.map(\.id) == ["lower-learning-rate"])
    #expect(cure.attempts.first?.heals == true)
  }

  @Test func aLowerRateHealsDeadUnits() throws {
    let cure = try cure(example("dead-relu"))
    #expect(cure.finding?.id == "dead-relu")
    #expect(cure.attempts.first?.remedies.map(\.id) == ["lower-learning-rate"])
    #expect(cure.attempts.first?.heals == true)
  }

  @Test func gatesAndOrthogonalWeightsHealADeltaThatGrowsThroughTime() throws {
    let file = try folder.model(
      "growing",
      layers: [
        "rnn: {units: 32, activation: relu, recurrent-initializer: {normal: 0.7}}", "dense: 10",
      ], input: "[8, 8]")
    let cure = try cure(file)
    #expect(cure.finding?.id == "exploding-through-time")
    #expect(cure.attempts.first?.remedies.map(\.id) == ["use-lstm"])
    #expect(try attempt("use-lstm", in: cure).heals)
    #expect(try attempt("orthogonal-initialization", in: cure).heals)
  }

  @Test func aWeightOfOneHealsALossThatIsTooSmallForItsNumbers() throws {
    let file = try folder.model(
      "light", layers: ["dense: 32", "tanh", "dense: {units: 10, name: head}"],
      loss: "losses: [{output: head, loss: softmax-cross-entropy, weight: 1e-37}]")
    let cure = try cure(file)
    #expect(cure.finding?.id == "subnormal-gradient")
    #expect(cure.attempts.first?.remedies.map(\.id) == ["scale-loss"])
    #expect(cure.attempts.first?.heals == true)
  }

  @Test func aConstantRateHealsWhatAScheduleBringsAbout() throws {
    let file = try folder.model(
      "waiting", layers: ["dense: 32", "relu", "dense: 10"],
      more: "  schedule: [{warmup: {steps: 1000000, start-factor: 1e-5}}]")
    let cure = try cure(file)
    #expect(cure.finding?.id == "not-learning")
    #expect(try attempt("constant-learning-rate", in: cure).heals)
    let healthy = try #require(try Cure(of: example("vanishing"), limits: .init(steps: 100)))
    #expect(
      !healthy.attempts.contains { $0.remedies.contains { $0.id == "constant-learning-rate" } })
  }

  @Test func aHealthyModelNeedsNoCure() throws {
    var trials: Set<Int> = []
    let cure = try #require(
      try Cure(of: example("digits")) {
        trials.insert($0.trial)
        return .goOn
      })
    #expect(cure.finding == nil && cure.attempts.isEmpty && cure.healing == nil)
    #expect(trials == [1])
  }

  @Test func anActivationBeforeTheLossIsTakenOutFirst() throws {
    let file = try folder.model(
      "twice", layers: ["dense: 32", "relu", "dense: 10", "softmax"],
      optimizer: "{sgd: {learning-rate: 1e-5}}")
    let cure = try cure(file, steps: 60)
    #expect(cure.attempts.first?.remedies.map(\.id) == ["fit-output"])
  }

  @Test func noTrialBeginsWhenTheTimeIsUp() throws {
    let cure = try #require(
      try Cure(of: example("vanishing"), limits: .init(steps: 50, seconds: 1e-9)))
    #expect(cure.finding != nil && cure.ranOutOfTime && cure.healing == nil)
    for attempt in cure.attempts {
      guard case .notTried("the time was up") = attempt.outcome else {
        Issue.record("expected no trial of \(attempt.remedies.map(\.id))")
        continue
      }
    }
  }

  @Test func aTrialThatIsStoppedEndsTheSearch() throws {
    let cure = try #require(
      try Cure(of: example("vanishing"), limits: .init(steps: 100)) {
        $0.trial == 2 ? .stop : .goOn
      })
    #expect(cure.attempts.count { $0.trial != nil } == 1)
    #expect(cure.healing == nil)
  }

  @Test func whereOneRemedyIsTooLittleTwoAreTried() throws {
    // Alone, relu leaves the weights of the last layers at zero, and another start leaves the sigmoids.
    let layers =
      (1...14).flatMap { _ in ["dense: {units: 24, initializer: {normal: 0.02}}", "sigmoid"] }
    let cure = try cure(folder.model("deep", layers: layers + ["dense: 10"]), steps: 200)
    let pairs = cure.attempts.filter { $0.remedies.count == 2 }
    let alone = cure.attempts.filter { $0.remedies.count == 1 }
    #expect(pairs.isEmpty == alone.contains(where: \.heals))
  }

  @Test func aLossThatFallsIsNoCureWhileTheFindingStays() throws {
    let cure = try cure(example("exploding"))
    let clipped = try attempt("gradient-clipping", in: cure)
    let trial = try #require(clipped.trial)
    #expect(trial.lastLoss < cure.before.firstLoss && !clipped.heals)
  }

  @Test func theSearchRepeats() throws {
    let first = try cure(example("dead-relu"), steps: 200)
    let second = try cure(example("dead-relu"), steps: 200)
    #expect(first.attempts.map(\.label) == second.attempts.map(\.label))
    // As text, since not a number is not equal to itself.
    #expect(
      first.attempts.map { $0.trial?.lastLoss.description }
        == second.attempts.map { $0.trial?.lastLoss.description })
  }
}

/// The file that a cure leaves.
@Suite struct CuredModelTests {
  private let folder: ModelFolder

  init() throws { folder = try ModelFolder() }

  private func cured(
    _ file: ModelFile, for path: String
  ) throws -> (model: CuredModel, cure: Cure) {
    let cure = try #require(try Cure(of: file, limits: .init(steps: 200)))
    let healing = try #require(cure.healing)
    return (try CuredModel(healing, of: try #require(cure.finding), in: file, for: path), cure)
  }

  private func deadFile() throws -> ModelFile {
    try folder.model(
      "dead", layers: ["dense: 64", "relu", "dense: 32", "relu", "dense: 10"],
      optimizer: "{sgd: {learning-rate: 2, momentum: 0.9}}   # far too high")
  }

  @Test func itIsTheUsersOwnFile() throws {
    let file = try deadFile()
    let (model, cure) = try cured(file, for: folder.path + "/models/dead.cured.yaml")
    let before = try String(contentsOfFile: file.path, encoding: .utf8)
    let lines = model.text.split(separator: "\n", omittingEmptySubsequences: false)
    let label = try #require(cure.healing?.label)
    #expect(
      lines[0] == "# Cured by gradcheck of: dead ReLU. Remedy: lower-learning-rate (\(label)).")
    let changed = zip(
      lines.dropFirst(), before.split(separator: "\n", omittingEmptySubsequences: false)
    ).filter { $0 != $1 }
    #expect(changed.count == 1)
    #expect(changed.first.map { $0.0.hasSuffix("momentum: 0.9}}   # far too high") } == true)
    try model.write()
    let again = try #require(
      try Cure(of: ModelFile(contentsOf: model.path), limits: .init(steps: 200)))
    #expect(again.finding == nil)
    #expect(again.before.lastLoss == cure.healing?.trial?.lastLoss)
  }

  @Test func itsPathsHoldFromWhereItLies() throws {
    let path = folder.path + "/elsewhere/deep/model.yaml"
    try FileManager.default.createDirectory(
      atPath: folder.path + "/elsewhere/deep", withIntermediateDirectories: true)
    let (model, _) = try cured(deadFile(), for: path)
    #expect(model.text.contains("\n  file: ../../data/digits.csv.gz\n"))
    #expect(model.namesFilesOutside)
    try model.write()
    let file = try ModelFile(contentsOf: path, allowOutside: true)
    #expect(try file.readData() != nil)
    let beside = try cured(deadFile(), for: folder.path + "/elsewhere/model.yaml").model
    #expect(beside.text.contains("\n  file: ../data/digits.csv.gz\n"))
    #expect(!beside.namesFilesOutside)
  }

  @Test func aFileThatChangedMeanwhileIsRefused() throws {
    let file = try deadFile()
    let cure = try #require(try Cure(of: file, limits: .init(steps: 200)))
    let text = try String(contentsOfFile: file.path, encoding: .utf8)
    try Data(text.replacing("batch: 32", with: "batch: 16").utf8)
      .write(to: URL(filePath: file.path))
    #expect(
      throws: InputError(
        file: file.path,
        "has changed since it was tried; expected the file that was read first")
    ) {
      try CuredModel(
        try #require(cure.healing), of: try #require(cure.finding), in: file,
        for: folder.path + "/x.yaml")
    }
  }

  @Test func trainedWeightsThatDoNotFitAreLeftOut() throws {
    let layers = (1...10).flatMap { _ in ["dense: 64", "sigmoid"] } + ["dense: 10"]
    let fresh = try folder.model("fresh", layers: layers)
    var random = RandomSource(seed: 1, stream: "weights")
    var tensors: [String: NumberArray] = [:]
    for parameter in fresh.network.parameters {
      tensors[parameter.name] = NumberArray(
        shape: parameter.shape.sizes,
        numbers: parameter.initializer.values(
          for: parameter.shape, fans: parameter.fans, from: &random))
    }
    try SafeTensors(tensors).write(to: folder.path + "/models/w.safetensors")
    let file = try folder.model("trained", layers: layers, more: "weights: w.safetensors")
    let cure = try #require(try Cure(of: file, limits: .init(steps: 200)))
    let finding = try #require(cure.finding)
    #expect(finding.id == "vanishing-gradient")
    for attempt in cure.attempts where attempt.trial != nil {
      let model = try CuredModel(
        attempt, of: finding, in: file, for: folder.path + "/models/x.yaml")
      let fits = attempt.remedies.map(\.id) == ["use-relu"]
      #expect(model.leavesOutWeights == !fits)
      #expect(model.text.contains("weights: w.safetensors") == fits)
    }
  }
}
