public import Backpropagation
public import GradientDiagnosis
public import GradientModelFiles
public import GzipIO

/// The search for a remedy that heals a model: each is carried out on the model's description, and tried in a short training.
///
/// ```swift
/// if let file = try Cure(of: ModelFile(contentsOf: "model.yaml")) { print(file.healing?.label ?? "nothing heals") }
/// ```
public struct Cure: Sendable {
  /// How much is tried.
  public struct Limits: Sendable, Equatable {
    /// The most steps of a trial.
    public var steps: Int
    /// The seconds after which no other trial begins.
    public var seconds: Double
    /// The most bytes that are read of a file, unpacked.
    public var bytes: Int

    /// Creates limits.
    public init(steps: Int = 400, seconds: Double = 300, bytes: Int = FileReader.defaultLimit) {
      self.steps = steps
      self.seconds = seconds
      self.bytes = bytes
    }
  }

  /// How far the search is.
  public struct Progress: Sendable {
    /// The number of the trial, from 1; the first is that of the model as it is.
    public let trial: Int
    /// What was changed.
    public let label: String
    /// The steps taken of the trial.
    public let step: Int
    /// The steps of the trial.
    public let steps: Int
  }

  /// Gives the data, prepared as a recipe says.
  typealias Preparation = (Recipe) throws -> any TrainingData

  /// The model as it is.
  public let before: Trial
  /// What it is to be cured of; nil for a model that needs no cure.
  public let finding: Finding?
  /// What was tried, in the order in which the finding offers it, then in pairs.
  public private(set) var attempts: [Attempt] = []
  /// Whether the time was up before everything was tried.
  public private(set) var ranOutOfTime = false

  /// The attempt to be taken: the first after which nothing is found, else the first that heals; nil where none does.
  public var healing: Attempt? {
    let healing = attempts.filter(\.heals)
    return healing.first { $0.trial?.diagnosis.verdict == .healthy } ?? healing.first
  }

  /// Looks for a remedy for the model in a file, with its data.
  ///
  /// - Returns: nil if the file names no data, or doesn't say how to train.
  /// - Throws: An `InputError` or a `NetworkError` where the model can't be trained as it is.
  public init?(
    of file: ModelFile, limits: Limits = Limits(), policy: HealthPolicy = .standard,
    progress: @escaping (Progress) -> TrainingDecision = { _ in .goOn }
  ) throws {
    guard let recipe = Recipe(file), file.data != nil else { return nil }
    let prepared = PreparedData(file, limit: limits.bytes)
    try self.init(
      of: recipe, limits: limits, policy: policy, progress: progress, data: prepared.data)
  }

  /// Looks for a remedy for a model with data in memory; `data` gives them, prepared as the normalization and the treatment
  /// of missing values say.
  ///
  /// - Throws: What `data` throws, or a `NetworkError` where the model can't be trained as it is.
  public init(
    of recipe: Recipe, limits: Limits = Limits(), policy: HealthPolicy = .standard,
    progress: @escaping (Progress) -> TrainingDecision = { _ in .goOn },
    data: @escaping (Normalization, CSVSource.MissingValues) throws -> DataSplit
  ) throws {
    try self.init(of: recipe, limits: limits, policy: policy, progress: progress) {
      try data($0.normalization, $0.missing) as any TrainingData
    }
  }

  private init(
    of recipe: Recipe, limits: Limits, policy: HealthPolicy,
    progress: @escaping (Progress) -> TrainingDecision, data: @escaping Preparation
  ) throws {
    let bench = TrialBench(limits: limits, policy: policy, progress: progress, data: data)
    before = try bench.trial(of: Dose(label: "as it is", recipe: recipe))
    finding = before.diagnosis.ailment
    guard let finding else { return }
    for remedy in Self.remedies(for: finding, in: recipe) {
      let offer = TrialBench.Offer(remedy: remedy, finding: finding)
      attempts.append(try bench.attempt(offer, on: recipe, against: finding))
    }
    let tried = attempts.filter { $0.trial != nil }.prefix(Self.pairedRemedies)
    for (offer, first) in Self.pairs(of: Array(tried), against: finding) where healing == nil {
      attempts.append(try bench.attempt(offer, after: first, on: recipe, against: finding))
    }
    ranOutOfTime = bench.isOutOfTime
  }

  /// What is tried where no remedy heals alone: each of the first few with what is offered against what then remains, then
  /// with one another.
  private static func pairs(
    of tried: [Attempt], against finding: Finding
  ) -> [(offer: TrialBench.Offer, first: Attempt)] {
    let next = tried.compactMap { first -> (TrialBench.Offer, Attempt)? in
      guard let rest = first.trial?.diagnosis.ailment, rest.id != finding.id,
        let remedy = rest.remedies.first(where: { TreatmentCatalog.treatment(for: $0.id) != nil })
      else { return nil }
      return (TrialBench.Offer(remedy: remedy, finding: rest), first)
    }
    let together = tried.enumerated().flatMap { place, first in
      tried.dropFirst(place + 1).flatMap { second in
        second.remedies.map { (TrialBench.Offer(remedy: $0, finding: finding), first) }
      }
    }
    return next + together
  }

  /// Whether something that a diagnosis offers can be tried without a person.
  public static func hasTreatment(for diagnosis: Diagnosis) -> Bool {
    diagnosis.ailment?.remedies.contains { TreatmentCatalog.treatment(for: $0.id) != nil } ?? false
  }

  /// Of the remedies that don't heal alone, the first few are tried in pairs.
  private static let pairedRemedies = 3

  /// The finding's remedies, with those that the description alone suggests: first of all a last layer that fits the loss,
  /// where it doesn't; last a constant learning rate, where another rate is offered and a schedule has a hand in it.
  private static func remedies(for finding: Finding, in recipe: Recipe) -> [Remedy] {
    var remedies = finding.remedies
    if let map = try? LayerMap(recipe), !map.misfits(of: recipe).isEmpty {
      remedies = [.fitOutput] + remedies.filter { $0.id != Remedy.fitOutput.id }
    }
    if !recipe.trainer.schedule.isEmpty, remedies.contains(where: \.changesTheRate),
      !remedies.contains(where: { $0.id == Remedy.constantRate.id })
    {
      remedies.append(.constantRate)
    }
    return remedies
  }
}

extension Remedy {
  /// Whether it says that the learning rate is at fault.
  fileprivate var changesTheRate: Bool {
    ["lower-learning-rate", "higher-learning-rate"].contains(id)
  }
}

extension Diagnosis {
  /// What is to be cured: the root; where nothing explains a loss that doesn't fall, that.
  var ailment: Finding? {
    root ?? (verdict == .inconclusive ? findings.first { !$0.remedies.isEmpty } : nil)
  }
}

/// The examples of a model file, read anew where a recipe prepares them in another way.
private final class PreparedData {
  private var file: ModelFile
  private let limit: Int
  private var read: (any TrainingData)?

  init(_ file: ModelFile, limit: Int) {
    self.file = file
    self.limit = limit
  }

  func data(for recipe: Recipe) throws -> any TrainingData {
    let isAsBefore =
      file.data?.normalization == recipe.normalization
      && file.data?.source.missing == recipe.missing
    if isAsBefore, let read { return read }
    file.data?.normalization = recipe.normalization
    file.data?.source.missing = recipe.missing
    guard let examples = try file.trainingExamples(limit: limit) else { throw file.lackOfData }
    read = examples.data
    return examples.data
  }
}
