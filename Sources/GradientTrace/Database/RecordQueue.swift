import Foundation
import GzipIO

/// What waits for the writer.
enum TraceEntry {
  case step(StepRecord)
  case document(name: String, json: String)
  case timing(name: String, seconds: Double)
  /// What was in its place has been written.
  case taken
}

/// The bounded queue between a run and the thread that writes its trace.
///
/// As many records are under way as a pool has: in the queue, or with the writer, which keeps them until their block is
/// complete. When all are, the run waits. A run that exchanges its records gets back those that have been written.
final class RecordQueue: @unchecked Sendable {
  /// What the writer takes at once.
  struct Batch {
    var entries: [TraceEntry] = []
    /// When the first of them arrived.
    var arrival: ContinuousClock.Instant?
    /// Whether the file is to be closed now, and if so, whether it gets its final name.
    var closing = false
    var renaming = false
  }

  /// The number of entries for which the writer is woken.
  private static let worthWriting = 64
  /// The records that may be under way: what the writer may hold of an unfinished block, what it is woken for, and half as
  /// much again for the run to go on.
  private static let poolSize = Int(TraceSchema.blockSteps) + worthWriting + 32
  /// The most entries that wait.
  private static let capacity = 256

  /// Guards everything below.
  private let condition = NSCondition()
  private var entries: [TraceEntry] = []
  /// How many further records may be under way.
  private var free = RecordQueue.poolSize
  /// The records that are not; made when a run first exchanges one.
  private var pool: [StepRecord] = []
  private let header: TraceHeader
  private var exchanges = false
  private var arrival: ContinuousClock.Instant?
  private var lastStep = -1
  private var closing = false
  private var renaming = false
  private var closed = false
  private var failure: InputError?

  init(_ header: TraceHeader) {
    entries.reserveCapacity(Self.capacity)
    self.header = header
  }

  /// Adds the record of a step, waiting until it may be under way.
  func add(_ step: StepRecord, file: String) throws {
    condition.lock()
    defer { condition.unlock() }
    try waitForRoom(file: file) { free == 0 }
    guard step.step > lastStep else {
      throw InputError(
        file: file,
        "step \(step.step) was recorded after step \(lastStep), expected ascending steps")
    }
    lastStep = step.step
    free -= 1
    append(.step(step))
  }

  /// Adds the record of a step in exchange for one that has been written.
  func exchange(_ step: inout StepRecord, file: String) throws {
    try add(step, file: file)
    condition.lock()
    defer { condition.unlock() }
    if !exchanges {
      exchanges = true
      pool = (0..<Self.poolSize).map { _ in StepRecord(blankFor: header) }
    }
    step = pool.popLast() ?? StepRecord(blankFor: header)
  }

  /// Adds an entry, waiting for room.
  func add(_ entry: TraceEntry, file: String) throws {
    condition.lock()
    defer { condition.unlock() }
    try waitForRoom(file: file) { entries.count >= Self.capacity }
    append(entry)
  }

  private func waitForRoom(file: String, while isFull: () -> Bool) throws {
    while isFull(), failure == nil, !closing { condition.wait() }
    if let failure { throw failure }
    guard !closing else { throw InputError(file: file, "the trace is closed already") }
  }

  private func append(_ entry: TraceEntry) {
    entries.append(entry)
    if entries.count == 1 {
      arrival = .now
      condition.broadcast()
    } else if entries.count == Self.worthWriting {
      condition.broadcast()
    }
  }

  /// Gives records that have been written back to the pool.
  func recycle(_ records: inout [StepRecord]) {
    guard !records.isEmpty else { return }
    condition.lock()
    defer { condition.unlock() }
    // Moved, so that nobody else holds what is in them.
    while let record = records.popLast() {
      free += 1
      if exchanges { pool.append(record) }
    }
    condition.broadcast()
  }

  /// Waits for the writer to write everything and to close the file.
  func close(renaming: Bool) throws {
    condition.lock()
    defer { condition.unlock() }
    if !closing {
      closing = true
      self.renaming = renaming
      condition.broadcast()
    }
    while !closed { condition.wait() }
    if let failure { throw failure }
  }

  /// Waits until there is enough to write, until something has waited for `patience`, or until the file is to close.
  ///
  /// `oldest` is when the first entry arrived that the writer holds without having committed it. The batch's own entries,
  /// all taken, make room for the ones to come.
  func take(into batch: inout Batch, patience: Duration, oldest: ContinuousClock.Instant?) {
    condition.lock()
    defer { condition.unlock() }
    while entries.count < Self.worthWriting, !closing {
      guard let first = oldest ?? arrival else {
        condition.wait()
        continue
      }
      let left = patience - first.duration(to: .now)
      guard left > .zero else { break }
      _ = condition.wait(until: Date(timeIntervalSinceNow: left / .seconds(1)))
    }
    batch.entries.removeAll(keepingCapacity: true)
    swap(&entries, &batch.entries)
    entries.reserveCapacity(Self.capacity)
    batch.arrival = arrival
    batch.closing = closing
    batch.renaming = renaming
    arrival = nil
    condition.broadcast()
  }

  /// Reports that the writer has ended, with the error that ended it.
  func end(with failure: InputError?) {
    condition.lock()
    defer { condition.unlock() }
    self.failure = failure
    closed = true
    condition.broadcast()
  }
}
