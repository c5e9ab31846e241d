import Foundation
import GradientHealth

/// Judges models and traces one after the other, as `gradcheck assert` does.
struct SubjectJudge {
  let options: SubjectOptions
  let judging: JudgeOptions
  let baselines: BaselineFile?
  /// The folder below which reports of those are written that don't pass.
  let reports: String?
  let quiet: Bool
  let interruption: Interruption
  /// The names of the reports so far.
  private var taken: Set<String> = []

  init(
    _ options: SubjectOptions, _ judging: JudgeOptions, baselines: BaselineFile?, reports: String?,
    quiet: Bool, interruption: Interruption
  ) {
    self.options = options
    self.judging = judging
    self.baselines = baselines
    self.reports = reports
    self.quiet = quiet
    self.interruption = interruption
  }

  /// Judges the subject at `path`; one that can't be read is a result as well.
  mutating func result(of path: String) throws -> AssertionResult {
    do {
      return try SubjectOptions.isModel(path) ? judgeModel(path) : judgeTrace(path)
    } catch let error as InputError {
      return AssertionResult(path: pathInProject(path), obstacle: error)
    } catch let error as NetworkError {
      return AssertionResult(
        path: pathInProject(path), obstacle: InputError(file: path, error.description))
    }
  }

  private mutating func judgeModel(_ path: String) throws -> AssertionResult {
    let session = try Session(path, options.computing, judging)
    let data = try session.requireData()
    _ = try session.file.requireTraining()
    var result = AssertionResult(path: pathInProject(path), name: session.file.name)
    result.lines = session.file.layerLines
    let folder = try preparedReport(of: result.name)
    defer { if let folder { rmdir(folder) } }

    let check = try session.check(inDetail: folder != nil)
    result.add(check)
    let preflight = try session.preflight(on: data)
    result.add(preflight, policy: session.policy)
    let temporary = try TemporaryFolder()
    let recording = temporary.path + "/trace.gradtrace"
    _ = try session.train(
      on: data, recordingTo: recording, stopOn: nil, quiet: quiet, interruption: interruption,
      preflight: preflight, documents: [Preflight.document: try preflight.jsonText])
    try judge(
      try Trace(contentsOf: recording), from: path, policy: session.policy, check: check,
      reportTo: folder, &result)
    return result
  }

  private mutating func judgeTrace(_ path: String) throws -> AssertionResult {
    let policy = try judging.policy()
    let trace = try options.open(path)
    policy.tellUnknownLayers(among: trace.header.layers.map(\.name))
    var result = AssertionResult(
      path: pathInProject(path),
      name: runName(ofFileAt: path, declared: trace.header.run.name))
    let folder = try preparedReport(of: result.name)
    defer { if let folder { rmdir(folder) } }
    // What `gradcheck run` found out before the training lies in its trace.
    let check = try trace.keptCheck()
    if let check { result.add(check) }
    if let preflight = try Preflight.kept(in: trace) {
      result.add(preflight.tolerated(by: policy), policy: policy)
    }
    try judge(trace, from: path, policy: policy, check: check, reportTo: folder, &result)
    tellLeftOut(of: trace, at: path)
    return result
  }

  private func judge(
    _ trace: Trace, from path: String, policy: HealthPolicy, check: GradientCheck?,
    reportTo folder: String?, _ result: inout AssertionResult
  ) throws {
    let diagnosis = try Diagnosis(of: trace, policy: policy)
    result.add(diagnosis, policy: policy)
    if let baselines {
      result.add(try baselines.comparison(of: result.name, with: trace, from: path.asArgument))
    }
    if let folder, result.status != .passed {
      result.report = try Report(trace, diagnosis, check).write(to: folder)
    }
  }

  /// The folder of a report, made so that a long training doesn't end with an error that was there from the start.
  private mutating func preparedReport(of name: String) throws -> String? {
    guard let reports else { return nil }
    var unique = name, count = 1
    while !taken.insert(unique).inserted {
      count += 1
      unique = "\(name)-\(count)"
    }
    let folder = "\(reports)/\(unique)"
    try Report.prepare(folder)
    return folder
  }
}

extension Trace {
  /// The gradient check that `gradcheck run` kept with the run; nil where there is none.
  func keptCheck() throws -> GradientCheck? {
    try document("check").map { document in
      guard let check = GradientCheck(json: document) else {
        throw InputError(
          file: path ?? "the trace", "the gradient check kept in the trace can't be read")
      }
      return check
    }
  }
}

/// A path as a service that runs builds takes it: relative to the working folder, where it lies below that.
private func pathInProject(_ path: String) -> String {
  let folder = FileManager.default.currentDirectoryPath + "/"
  if path.hasPrefix(folder), path != folder { return String(path.dropFirst(folder.count)) }
  return path.hasPrefix("./") ? String(path.drop { $0 == "." || $0 == "/" }) : path
}
