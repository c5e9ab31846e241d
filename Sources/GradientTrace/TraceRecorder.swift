import Foundation
import GzipIO

/// Records a run into a trace file, while it goes on.
///
/// Steps wait in a bounded queue for a thread of the recorder's own, which writes them. When the queue is full,
/// ``record(_:)-(StepRecord)`` waits: nothing is dropped. What was recorded is in the file at most a second later, whatever happens
/// to the process. An error in writing is thrown by the next call; what the file holds by then stays readable.
///
///     let recorder = try TraceRecorder(to: "run.gradtrace", header: header)
///     for step in 0..<300 { try recorder.record(train(step)) }
///     try recorder.finish()
public final class TraceRecorder: Sendable {
  /// The bytes of a trace from which on older steps are merged, where nothing else is said: 256 MiB.
  public static let defaultBudget: Int = 256 << 20

  /// The name of the file when it is finished.
  public let path: String
  /// The name of the file while the run goes on: `NAME.running.gradtrace`.
  public let runningPath: String
  /// What was known of the run before its first step.
  public let header: TraceHeader
  private let queue: RecordQueue

  /// Begins the trace of a run in `NAME.running.gradtrace`, to be called `path` when it is finished.
  ///
  /// - Parameters:
  ///   - path: The trace's final name; what stands there stays until ``finish()``.
  ///   - header: The run and its layers.
  ///   - budget: The bytes past which older steps are merged pairwise to mean, minimum and maximum.
  /// - Throws: An `InputError` if the file can't be written, or if two layers have one name.
  public init(
    to path: String, header: TraceHeader, budget: Int = TraceRecorder.defaultBudget
  ) throws {
    try header.check(file: path)
    let layout = StepLayout(header)
    let writer = try TraceWriter(path: path, layout: layout, budget: budget)
    let queue = RecordQueue(layout)
    self.path = path
    self.header = header
    self.queue = queue
    runningPath = writer.runningPath
    // The writer is made here, so that this throws what is wrong with the path, and used there alone from now on.
    nonisolated(unsafe) let handedOver = writer
    let thread = Thread { WriterLoop(writer: handedOver, queue: queue, layout: layout).run() }
    thread.name = "TraceRecorder"
    thread.start()
  }

  deinit { try? queue.close(renaming: false) }

  /// Records the next step; waits while the queue is full.
  ///
  /// - Throws: An `InputError` if an earlier step couldn't be written, if the trace was closed, or if the step doesn't
  ///   come after the one before it.
  public func record(_ step: StepRecord) throws {
    precondition(
      step.layers.count <= header.layers.count,
      "expected a record for at most \(header.layers.count) layers, got \(step.layers.count)")
    try queue.add(step, file: path)
  }

  /// Records the next step from a row, which may be filled anew then; waits while the queue is full.
  ///
  /// - Throws: As ``record(_:)-(StepRecord)`` does.
  public func record(_ row: StepRow) throws { try queue.add(row, file: path) }

  /// Keeps a JSON document with the run, in the place of an earlier one of that name.
  ///
  /// - Throws: An `InputError` if it isn't JSON, if an earlier step couldn't be written, or if the trace was closed.
  public func attach(document json: String, named name: String) throws {
    guard JSONScanner.isWhole(json) else {
      throw InputError(file: path, "the document \(name.quoted) is not JSON")
    }
    try queue.add(TraceNote.document(name: name, json: json), file: path)
  }

  /// Keeps a duration with the run.
  ///
  /// Timings are left out of exports, so that equal runs give equal exports.
  ///
  /// - Throws: An `InputError` if an earlier step couldn't be written, or if the trace was closed.
  public func attach(seconds: Double, named name: String) throws {
    try queue.add(TraceNote.timing(name: name, seconds: seconds), file: path)
  }

  /// Keeps with the run how long its layers take; left out of exports like every duration.
  ///
  /// - Throws: As ``attach(seconds:named:)`` does.
  public func attach(_ layers: [LayerTiming]) throws {
    for timing in layers.flatMap(\.timings) {
      try attach(seconds: timing.seconds, named: timing.name)
    }
  }

  /// Writes what is waiting, closes the file and gives it its final name; to be called once more does nothing.
  ///
  /// - Throws: An `InputError` if a step or the file's end couldn't be written.
  public func finish() throws { try queue.close(renaming: true) }

  /// Writes what is waiting and closes the file under its running name: for a run that was interrupted.
  ///
  /// - Throws: An `InputError` if a step or the file's end couldn't be written.
  public func close() throws { try queue.close(renaming: false) }

  /// Closes the file and removes it: for a trace of which nothing is worth keeping.
  public func discard() {
    try? close()
    for suffix in TraceWriter.suffixes { unlink(runningPath + suffix) }
  }
}
