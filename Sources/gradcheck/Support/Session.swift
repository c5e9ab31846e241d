import Foundation
import GradientHealth

/// A model file as a command works with it: read, seeded, its threads set.
struct Session {
  private(set) var file: ModelFile
  let data: TrainingExamples?
  /// The examples that are used instead of the data.
  let batch: Dataset?
  let policy: HealthPolicy
  private(set) var seed: UInt64
  let threads: Int
  private let inputLimit: Int

  /// Reads the model file and its data, or instead of these the examples in the file `batch`; `weights` is a file that takes
  /// the place of the one that the model names.
  init(
    _ path: String, _ computing: ComputeOptions, _ judging: JudgeOptions? = nil,
    weights: String? = nil, batch: String? = nil
  ) throws {
    threads = computing.threads ?? min(4, physicalCores())
    MatrixProducts.use(threads: threads)
    var file = try ModelFile(contentsOf: path, allowOutside: computing.allowOutside)
    if let seed = computing.seed {
      file.training?.seed = seed
      file.data?.split.seed = seed
    }
    if let weights { file.weights = WeightSettings(file: weights, like: file.weights) }
    try file.loadWeights(limit: computing.inputs.maxInput)
    self.file = file
    let limit = computing.inputs.maxInput
    inputLimit = limit
    self.batch = try batch.map { try file.readBatch($0, limit: limit) }
    data = try batch == nil ? file.trainingExamples(limit: limit) : nil
    seed = file.training?.seed ?? computing.seed ?? 1
    policy = try judging?.policy(over: file.health) ?? .standard
    policy.tellUnknownLayers(among: file.network.nodes.map(\.name))
  }

  /// The same with another seed of the training; the data and their split stay.
  func training(withSeed seed: UInt64) -> Session {
    var session = self
    session.file.training?.seed = seed
    session.seed = seed
    return session
  }

  /// The data, which this command can't do without.
  func requireData() throws -> any TrainingData {
    guard let data else { throw file.lackOfData }
    return data.data
  }

  /// Checks the gradients on the first training examples, or on random ones where the file names no data; in detail with
  /// what helps to read the result.
  func check(
    _ method: CheckMethod = .automatic, exhaustive: Bool = false, inDetail: Bool = false
  ) throws -> GradientCheck {
    // Products of a few rows: sharing them among threads takes longer than computing them.
    MatrixProducts.use(threads: 1)
    defer { MatrixProducts.use(threads: threads) }
    let examples = try batch ?? self.examples(GradientCheck.batch)
    do {
      let check = try GradientCheck(
        file.network, on: examples, method: method, exhaustive: exhaustive,
        examples: examples.count, seed: seed)
      return inDetail
        ? try check.withDetails(
          of: file.network, on: examples, examples: examples.count) : check
    } catch {
      throw InputError(file: file.path, error.description)
    }
  }

  /// Tries the model out before it is trained, on copies of its weights.
  func preflight(on data: any TrainingData) throws -> Preflight {
    // Batches of a handful of rows, as in a check.
    MatrixProducts.use(threads: 1)
    defer { MatrixProducts.use(threads: threads) }
    do {
      return try Preflight(try file.requireTraining().trainer, on: data).tolerated(by: policy)
    } catch let error as NetworkError {
      throw InputError(file: file.path, error.description)
    }
  }

  /// Measures the model at several widths and depths, started from so many seeds.
  func sweep(seeds: Int) throws -> Sweep {
    do {
      var sweep = try Sweep(
        file.network, rule: file.trainer?.rule, on: examples(Sweep.mostExamples), seeds: seeds,
        seed: seed)
      if data == nil { sweep.notes.append("no data are named: the examples are drawn at random") }
      if file.weights != nil {
        sweep.notes.append(
          "trained weights have one size: every start is drawn by the initializers")
      }
      return sweep
    } catch let error as NetworkError { throw InputError(file: file.path, error.description) }
  }

  /// Symmetry and curvature of the Hessian at the start, beside the learning rate that the file names.
  func secondOrder() throws -> SecondOrder {
    let examples = try batch ?? self.examples(SecondOrder.mostExamples)
    do {
      return try SecondOrder(
        file.network, on: examples, optimizer: file.training?.optimizer, seed: seed)
    } catch {
      throw InputError(file: file.path, error.description)
    }
  }

  /// The first training examples, or where the file names no data random ones.
  func examples(_ count: Int) throws -> Dataset {
    try data?.data.probe(count) ?? .random(for: file.network, examples: count, seed: seed)
  }

  /// Trains as the file says, recording to a trace, until the end, a finding or a signal.
  func train(
    on data: any TrainingData, recordingTo path: String, stopOn: Severity?, quiet: Bool,
    interruption: Interruption, preflight: Preflight? = nil, documents: [String: String] = [:],
    timings: [String: Duration] = [:], files: TrainingFiles = TrainingFiles()
  ) throws -> TrainingReport {
    let (trainer, length) = try file.requireTraining()
    let stopOn = stopOn ?? file.training?.stopFinding.flatMap { Severity(rawValue: $0.rawValue) }
    let resumed = try files.resumedState(
      of: trainer, examples: data.count(of: .training), limit: inputLimit)
    var recorder: TraceRecorder?
    var live: LiveDiagnosis?
    var losses = TrainingReport.Losses()
    var planned = 1
    var alarm: Finding?
    var progress = ProgressLine(quiet: quiet)
    let clock = ContinuousClock()
    let start = clock.now
    let recording = RunRecording(
      name: file.name, settings: settings,
      begin: { header in
        planned = header.run.plannedSteps ?? 1
        recorder = try TraceRecorder(to: path, header: header)
        for (name, document) in documents.sorted(by: { $0.key < $1.key }) {
          try recorder?.attach(document: document, named: name)
        }
        for (name, duration) in timings {
          try recorder?.attach(seconds: duration / .seconds(1), named: name)
        }
        if stopOn != nil {
          live = LiveDiagnosis(header: header, policy: policy, preflight: preflight)
        }
      },
      record: { row in
        let step = row.head
        losses.observe(step)
        progress.show(
          "step", step.step + 1, of: planned, detail: "loss \(Wording.loss(losses.last))")
        live?.observe(row.record)
        if let stopOn, (step.step + 1).isMultiple(of: Self.stepsPerJudgement) {
          alarm = live?.alarms().first { $0.severity >= stopOn }
        }
        try recorder?.record(row)
        return interruption.status != nil || alarm != nil ? .stop : .goOn
      },
      timed: { try recorder?.attach($0) },
      end: { result in
        try recorder?.attach(document: result.json, named: "training")
        try recorder?.attach(seconds: (clock.now - start) / .seconds(1), named: "training")
      })
    defer { progress.clear() }
    let result = try trainer.train(
      on: data, for: length, observer: recording, resumingFrom: resumed
    ) { try files.save($0, of: trainer, examples: data.count(of: .training)) }
    try recorder?.finish()
    return TrainingReport(
      result: result, losses: losses, seconds: (clock.now - start) / .seconds(1),
      stoppedBy: alarm)
  }

  /// How often a run that stops at a finding is judged.
  private static let stepsPerJudgement = 5

  /// What is kept of the run's settings, in the order in which it is shown.
  private var settings: [RunDescription.Setting] {
    [
      .init("seed", "\(seed)"),
      .init("threads", "\(threads)"),
      .init("products", MatrixProducts.backend),
      .init("data", data?.description ?? "none"),
    ]
  }
}

/// What a training came to, as screens and documents show it.
struct TrainingReport {
  /// Where the loss started and where it stands, by the same measure as the diagnosis.
  struct Losses {
    private var progress = LossProgress(RunDescription())
    /// The loss of the last batch.
    private(set) var last = Double.nan

    mutating func observe(_ step: StepRecord) {
      progress.observe(step)
      last = step.loss ?? last
    }

    /// The loss of the first batch.
    var start: Double { progress.first ?? .nan }
    /// The median of the last batches' losses; the last one where it is not finite.
    var end: Double { last.isFinite ? progress.current ?? last : last }
  }

  var result: TrainingResult
  var losses: Losses
  var seconds: Double
  /// The finding that ended it before its time.
  var stoppedBy: Finding?

  var json: String { result.json }
}

/// The processors of this machine, without hyper-threads where the system tells.
private func physicalCores() -> Int {
  let siblings = (0..<1024).lazy.map { cpu in
    try? String(
      contentsOfFile: "/sys/devices/system/cpu/cpu\(cpu)/topology/thread_siblings_list",
      encoding: .utf8)
  }.prefix { $0 != nil }
  let cores = Set(siblings.compactMap { $0 }).count
  return cores > 0 ? cores : ProcessInfo.processInfo.activeProcessorCount
}
