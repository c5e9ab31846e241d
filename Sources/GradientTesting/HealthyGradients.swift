public import GradientHealth

/// Expects a recorded run to be healthy: nothing found at or above what the policy fails on, and a loss that fell.
///
/// ```swift
/// @Test func learnsHealthily() throws {
///   try expectHealthyGradients(in: Trace(contentsOf: "run.jsonl.gz"))
/// }
/// ```
/// The test fails at this line, in Swift Testing and in XCTest, with the root finding as the message: what, where, since
/// when, how much, why, and what to try. The report is attached, and lies in the folder that the environment variable
/// `GRADIENT_REPORTS` names, else in the temporary one. A run that nothing can be said of fails as well: one without steps,
/// or too short. Warnings below what fails are recorded as warnings. Outside of a test nothing is reported.
///
/// `trace`: the run. `policy`: by which thresholds it is judged, and what is tolerated.
///
/// - Returns: What was found.
/// - Throws: What reading the trace throws (an `InputError`).
@discardableResult
public func expectHealthyGradients(
  in trace: Trace, policy: HealthPolicy = .standard, fileID: StaticString = #fileID,
  filePath: StaticString = #filePath, line: UInt = #line, column: UInt = #column
) throws -> Diagnosis {
  try expectHealth(
    of: trace, policy: policy,
    at: TestLocation(fileID: fileID, filePath: filePath, line: line, column: column))
}

/// Expects a training to be healthy, which is done here and now: so many steps from the trainer's seed, recorded in memory.
///
/// ```swift
/// @Test func learnsHealthily() throws {
///   try expectHealthyGradients(training: trainer, on: digits, steps: 200)
/// }
/// ```
/// It fails as ``expectHealthyGradients(in:policy:fileID:filePath:line:column:)`` does. 200 steps tell most faults; one
/// that needs more to show needs a longer training here too.
///
/// `trainer`: the network with its optimizer. `data`: what it is trained on. `steps`: how many updates. `policy`: by
/// which thresholds it is judged, and what is tolerated.
///
/// - Returns: What was found.
/// - Throws: A `NetworkError` if the data don't fit the network.
@discardableResult
public func expectHealthyGradients(
  training trainer: Trainer, on data: DataSplit, steps: Int = 200,
  policy: HealthPolicy = .standard, fileID: StaticString = #fileID,
  filePath: StaticString = #filePath, line: UInt = #line, column: UInt = #column
) throws -> Diagnosis {
  let memory = RunMemory()
  try trainer.train(on: data, for: .steps(steps), observer: memory.recording())
  return try expectHealth(
    of: memory.trace, policy: policy,
    at: TestLocation(fileID: fileID, filePath: filePath, line: line, column: column))
}

/// Expects the model of a YAML file to train healthily, as the file says but for so many steps at most.
///
/// `path`: the model file. `steps`: the most updates; nil for as many as the file says. `policy`: by which thresholds it
/// is judged; nil for what the file's `health` says.
///
/// - Returns: What was found.
/// - Throws: An `InputError` with the line of what is wrong in the file or its data.
@discardableResult
public func expectHealthyGradients(
  ofModel path: String, steps: Int? = nil, policy: HealthPolicy? = nil,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column
) throws -> Diagnosis {
  let model = try ModelRun(path, steps: steps, policy: policy)
  return try expectHealth(
    of: model.trace, policy: model.policy,
    at: TestLocation(fileID: fileID, filePath: filePath, line: line, column: column))
}

/// Judges a run and fails the test where it isn't healthy.
func expectHealth(
  of trace: Trace, policy: HealthPolicy, at location: TestLocation
) throws -> Diagnosis {
  let diagnosis = try Diagnosis(of: trace, policy: policy)
  if policy.accepts(diagnosis) {
    for finding in diagnosis.findings where finding.severity == .warning {
      location.warn(diagnosis.summary(of: finding))
    }
  } else {
    let report = ReportFolders.write(Report(trace, diagnosis), at: location)
    location.fail([diagnosis.summary, report].joined(separator: "\n"))
  }
  return diagnosis
}

extension HealthPolicy {
  /// Whether a run passes: a verdict there must be, and nothing found that fails.
  func accepts(_ diagnosis: Diagnosis) -> Bool {
    diagnosis.verdict != .inconclusive && !fails(diagnosis)
  }
}
