/// Everything recorded of one run: its header, its steps in order, and what was measured besides.
///
/// The steps may lie in a file larger than memory, so they are read in one pass: fold over them with
/// ``forEachStep(_:)``.
public struct Trace: Sendable {
  /// What was known of the run before its first step.
  public let header: TraceHeader
  private let source: any TraceSource

  /// Creates a trace that reads its steps from `source`.
  public init(header: TraceHeader, source: any TraceSource) {
    self.header = header
    self.source = source
  }

  /// Creates a trace of steps that are in memory.
  public init(header: TraceHeader, steps: [StepRecord], documents: [String: String] = [:]) {
    self.init(header: header, source: StepsInMemory(steps: steps, documents: documents))
  }

  /// The file that it was opened from, as the user named it; nil for steps in memory.
  public var path: String? { source.path }

  /// Calls `body` with each step in order, from the first that is whole.
  ///
  /// - Throws: what reading the trace throws (an `InputError`), or what `body` throws.
  public func forEachStep(_ body: (StepRecord) throws -> Void) throws {
    try source.forEachStep(body)
  }

  /// Calls `body` with the rows of the steps before those, merged because the trace outgrew its budget, in order.
  ///
  /// - Throws: what reading the trace throws (an `InputError`), or what `body` throws.
  public func forEachMergedStep(_ body: (MergedSteps) throws -> Void) throws {
    try source.forEachMergedStep(body)
  }

  /// The step from which on the trace is whole, where earlier ones were merged; nil where none was.
  ///
  /// - Throws: what reading the trace throws.
  public func firstWholeStep() throws -> Int? { try source.firstWholeStep() }

  /// A JSON document that was kept with the run under `name` (`"check"`, `"training"`), or nil.
  ///
  /// - Throws: what reading the trace throws.
  public func document(_ name: String) throws -> String? { try source.document(name) }

  /// The names of the JSON documents that were kept with the run, in alphabetical order.
  ///
  /// - Throws: what reading the trace throws.
  public func documentNames() throws -> [String] { try source.documentNames() }

  /// How long the parts of the run took, in seconds, in alphabetical order of their names; none for a log.
  ///
  /// - Throws: what reading the trace throws.
  public func timings() throws -> [Timing] { try source.timings() }

  /// The lines of a log that the last pass over its steps left out, where that was asked for.
  public var skippedLines: Int { source.skippedLines }
}

/// How long a part of a run took.
public struct Timing: Sendable, Equatable {
  /// The part: `check`, `training`.
  public let name: String
  /// Its duration.
  public let seconds: Double

  /// Says how long a part took.
  public init(name: String, seconds: Double) {
    self.name = name
    self.seconds = seconds
  }
}

/// Where the steps of a trace come from.
public protocol TraceSource: Sendable {
  /// The file that they are read from, if from one.
  var path: String? { get }
  /// Calls `body` with each step in order.
  func forEachStep(_ body: (StepRecord) throws -> Void) throws
  /// Calls `body` with each row of merged steps in order.
  func forEachMergedStep(_ body: (MergedSteps) throws -> Void) throws
  /// The first step that is whole, where earlier ones were merged.
  func firstWholeStep() throws -> Int?
  /// A JSON document kept with the run, or nil.
  func document(_ name: String) throws -> String?
  /// The names of the documents, in alphabetical order.
  func documentNames() throws -> [String]
  /// How long the parts of the run took.
  func timings() throws -> [Timing]
  /// The lines that the last pass left out.
  var skippedLines: Int { get }
}

extension TraceSource {
  public var path: String? { nil }
  public func forEachMergedStep(_ body: (MergedSteps) throws -> Void) throws {}
  public func firstWholeStep() throws -> Int? { nil }
  public func documentNames() throws -> [String] { [] }
  public func timings() throws -> [Timing] { [] }
  public var skippedLines: Int { 0 }
}

/// Steps that are in memory.
struct StepsInMemory: TraceSource {
  var steps: [StepRecord]
  var documents: [String: String]

  func forEachStep(_ body: (StepRecord) throws -> Void) throws { try steps.forEach(body) }
  func document(_ name: String) throws -> String? { documents[name] }
  func documentNames() throws -> [String] { documents.keys.sorted() }
}
