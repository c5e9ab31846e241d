import GradientHealth

/// Runs of one model, on which its baseline is measured.
struct MeasuredRuns {
  /// What the model is called.
  let name: String
  private var runs: [(path: String, trace: Trace, policy: HealthPolicy)]
  /// Where the traces lie that are made for the measurement; nil of traces that there were.
  private let folder: TemporaryFolder?

  /// Trains a model with so many seeds, the first being its own; its data and their split stay.
  init(
    ofModel path: String, seeds: Int, _ options: SubjectOptions, quiet: Bool,
    interruption: Interruption
  ) throws {
    let session = try Session(path, options.computing)
    let data = try session.requireData()
    let folder = try TemporaryFolder()
    let policy = try session.file.policy ?? .standard
    name = session.file.name
    self.folder = folder
    runs = []
    for number in 0..<UInt64(seeds) where interruption.status == nil {
      let recording = "\(folder.path)/\(number).gradtrace"
      _ = try session.training(withSeed: session.seed &+ number).train(
        on: data, recordingTo: recording, stopOn: nil, quiet: quiet, interruption: interruption)
      runs.append((path, try Trace(contentsOf: recording), policy))
    }
  }

  /// Takes a run that was recorded.
  init(ofTrace path: String, _ options: SubjectOptions) throws {
    let trace = try options.open(path)
    name = runName(ofFileAt: path, declared: trace.header.run.name)
    folder = nil
    runs = [(path, trace, .standard)]
  }

  /// Takes in traces of the same name; models of one name can't be told apart.
  mutating func join(_ others: MeasuredRuns) throws {
    guard folder == nil, others.folder == nil else {
      throw InputError(
        file: others.runs[0].path,
        "is called \(name.quoted) like \(runs[0].path.quotable), expected another name")
    }
    runs += others.runs
  }

  /// What they amount to.
  ///
  /// - Throws: An `InputError` if one of them has no steps, or other weights than the first.
  func baseline() throws -> RunBaseline {
    let first = try RunBaseline(of: [runs[0].trace])
    for run in runs {
      guard try run.trace.lastStep() != nil else {
        throw InputError(file: run.path, "no step is recorded, expected some to measure")
      }
      if let difference = first.difference(from: run.trace.header) {
        throw InputError(
          file: run.path,
          "is not a run of the model of \(runs[0].path.quotable): \(difference)")
      }
    }
    return try RunBaseline(of: runs.map(\.trace))
  }

  /// What speaks against taking them as a standard: those that aren't healthy.
  func doubts() throws -> [String] {
    try runs.compactMap { run in
      let diagnosis = try Diagnosis(of: run.trace, policy: run.policy)
      return diagnosis.verdict == .healthy
        ? nil : "a run is not healthy: \(diagnosis.root?.headline ?? diagnosis.reason)"
    }
  }
}
