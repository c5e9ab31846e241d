import GradientDiagnosis
public import GradientHealth

/// Expects that no units of a ReLU have died: none is silent for whole windows beyond what chance explains.
///
/// `trace`: the run. `share`: the share of a layer's units that may be dead beyond chance, from 0 to 1.
///
/// - Throws: What reading the trace throws (an `InputError`).
public func expectLiveUnits(
  in trace: Trace, deadBeyondChance share: Double = 0.25, fileID: StaticString = #fileID,
  filePath: StaticString = #filePath, line: UInt = #line, column: UInt = #column
) throws {
  precondition((0...1).contains(share), "expected a share from 0 to 1, got \(share)")
  var policy = HealthPolicy.standard
  try policy.set(["dead-relu.excess": share, "dead-relu.harmless": share])
  try expectNone(
    of: ["dead-relu"], in: trace, policy,
    at: TestLocation(fileID: fileID, filePath: filePath, line: line, column: column))
}

/// Expects that everything recorded is a number: no output, δ, gradient or weight is NaN or infinite.
///
/// - Throws: What reading the trace throws (an `InputError`).
public func expectFiniteGradients(
  in trace: Trace, fileID: StaticString = #fileID, filePath: StaticString = #filePath,
  line: UInt = #line, column: UInt = #column
) throws {
  try expectNone(
    of: ["non-finite"], in: trace, .standard,
    at: TestLocation(fileID: fileID, filePath: filePath, line: line, column: column))
}

/// Expects δ to keep its size on its way to the input: the slope over depth lies within a range.
///
/// Over few layers a slope says little: where all of them differ by less than a decade, it passes.
///
/// `trace`: the run, whose last 50 steps count. `range`: the decades of δ, per example (L2), that may be lost a layer;
/// negative ones are gained.
///
/// - Returns: How δ lies over depth; nil where the test failed since that isn't known.
/// - Throws: What reading the trace throws (an `InputError`).
@discardableResult
public func expectGradientFlow(
  in trace: Trace, decadesPerLayer range: ClosedRange<Double> = -0.15...0.3,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column
) throws -> GradientFlow? {
  let location = TestLocation(fileID: fileID, filePath: filePath, line: line, column: column)
  guard let flow = try GradientFlow(of: trace), let first = flow.sizes.first,
    let last = flow.sizes.last
  else {
    location.fail("no verdict on the gradient flow: fewer than two layers have a finite δ")
    return nil
  }
  guard abs(last.decades - first.decades) >= 1, !range.contains(flow.slope) else { return flow }
  let change = "\(flow.slope > 0 ? "loses" : "gains") \(Wording.short(abs(flow.slope))) decades"
  let window = "median of steps \(flow.steps.lowerBound) to \(flow.steps.upperBound)"
  location.fail(
    "δ \(change) a layer on its way from \(last.layer) (\(Wording.short(last.norm))) to "
      + "\(first.layer) (\(Wording.short(first.norm))), \(window); expected "
      + "\(Wording.short(range.lowerBound)) to \(Wording.short(range.upperBound)) decades")
  return flow
}

/// Expects each update to move its weights by a share of their size that lies within a range: ‖ΔW‖/‖W‖ a step.
///
/// `trace`: the run, whose last 50 steps count: of each layer's weights the median. `range`: the share.
///
/// - Throws: What reading the trace throws (an `InputError`).
public func expectUpdateRatios(
  in trace: Trace, within range: ClosedRange<Double> = 1e-6...1e-1,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column
) throws {
  let location = TestLocation(fileID: fileID, filePath: filePath, line: line, column: column)
  let ratios = try RunBaseline(of: [trace]).sizes(of: .update)
  guard !ratios.isEmpty else {
    location.fail("no verdict on the updates: none was recorded")
    return
  }
  let outside = ratios.filter { !range.contains($0.size) }
  guard let worst = outside.first else { return }
  let names = Wording.list(outside.map(\.layer), contiguous: false)
  let bounds = "\(Wording.short(range.lowerBound)) to \(Wording.short(range.upperBound))"
  let remedy = worst.size > range.upperBound ? "a lower" : "a higher"
  location.fail(
    "the updates of \(names) lie outside of \(bounds) of the weights: "
      + "\(worst.layer) moves by \(Wording.short(worst.size)) of its size a step.\n"
      + "Try: \(remedy) learning rate.")
}

/// Expects a run to be no worse than those that a baseline was measured on.
///
/// Worse is what differs by more than noise, which those runs tell, and lies farther from health: δ over depth farther from
/// flat, an update farther from a thousandth of its weight, a higher loss; and what is zero or not finite where it wasn't.
///
/// `trace`: the run. `baseline`: what it is held against.
///
/// - Returns: What differs.
/// - Throws: What reading the trace throws, or if the baseline is of another model (an `InputError`).
@discardableResult
public func expectNoWorse(
  _ trace: Trace, than baseline: RunBaseline, fileID: StaticString = #fileID,
  filePath: StaticString = #filePath, line: UInt = #line, column: UInt = #column
) throws -> RunComparison {
  if let difference = baseline.difference(from: trace.header) {
    throw InputError(
      file: trace.path ?? "the run", "the baseline is of another model: \(difference)")
  }
  return try RunComparison(of: baseline, with: trace)
    .expectNoWorse(
      at: TestLocation(fileID: fileID, filePath: filePath, line: line, column: column))
}

/// Expects a run to be no worse than the baseline of its model in a file, which `gradcheck baseline update` wrote.
///
/// ```swift
/// @Test func isAsGoodAsEver() throws {
///   try expectNoWorse(Trace(contentsOf: "digits.gradtrace"), thanBaseline: "baseline.json")
/// }
/// ```
/// What is worse is what ``expectNoWorse(_:than:fileID:filePath:line:column:)`` says.
///
/// `trace`: the run. `path`: the file. `name`: the model's name there; nil for the run's.
///
/// - Returns: What differs.
/// - Throws: What reading the trace or the file throws; an `InputError` if it has no such baseline, one of another model, or
///   one of steps that the run doesn't reach.
@discardableResult
public func expectNoWorse(
  _ trace: Trace, thanBaseline path: String, of name: String? = nil,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column
) throws -> RunComparison {
  try BaselineFile(contentsOf: path)
    .comparison(
      of: name ?? runName(ofFileAt: trace.path ?? "", declared: trace.header.run.name), with: trace
    )
    .expectNoWorse(
      at: TestLocation(fileID: fileID, filePath: filePath, line: line, column: column))
}

extension RunComparison {
  /// Fails the test where the run is worse than the baseline, or can't be held against it.
  fileprivate func expectNoWorse(at location: TestLocation) -> RunComparison {
    if steps == nil || entries.isEmpty {
      location.fail("no verdict: the run and the baseline have nothing in common")
    } else if let worseSummary {
      location.fail(worseSummary)
    }
    return self
  }
}

/// Fails the test at the first finding of one of some symptoms that is a warning or an error.
private func expectNone(
  of symptoms: Set<String>, in trace: Trace, _ policy: HealthPolicy, at location: TestLocation
) throws {
  let diagnosis = try Diagnosis(of: trace, policy: policy)
  if let finding = diagnosis.findings.first(where: {
    symptoms.contains($0.id) && $0.severity > .info
  }) {
    let report = ReportFolders.write(Report(trace, diagnosis), at: location)
    location.fail([diagnosis.summary(of: finding), report].joined(separator: "\n"))
  } else if let unchecked = diagnosis.notChecked.first(where: { symptoms.contains($0.id) }) {
    location.fail("no verdict on \(unchecked.id): \(unchecked.reason)")
  }
}
