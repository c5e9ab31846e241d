import Foundation
import GzipIO

/// What is kept with a run beside its steps.
enum TraceNote {
  case document(name: String, json: String)
  case timing(name: String, seconds: Double)
}

/// The bounded queue between a run and the thread that writes its trace: a ring of blocks of steps.
///
/// The run fills one block after the other. When all are waiting to be written, it waits.
final class RecordQueue: @unchecked Sendable {
  /// What the writer takes at once.
  struct Batch {
    /// The numbers of the blocks that are full.
    var blocks: Range<Int>
    /// Whether the deadline has passed, or the file is closing: the steps of the block that is being filled were copied.
    var isDue: Bool
    var notes: [TraceNote]
    /// Whether the file is to be closed now, and if so, whether it gets its final name.
    var closing: Bool
    var renaming: Bool
  }

  /// The bytes that the ring's numbers may take, as long as it has its least number of blocks.
  private static let size = 4 << 20
  private static let blockCounts = 3...16
  /// The most notes that wait.
  private static let mostNotes = 256

  private let ring: [StepBlock]
  /// The number of full blocks for which the writer is woken: what it does once a batch is shared among many steps.
  private let worthWriting: Int

  /// Guards everything below, and what is in the block that is being filled.
  private let condition = NSCondition()
  /// The number of the block that is being filled; those before it are full, of which the writer has taken and written so
  /// many.
  private var filling = 0
  private var taken = 0
  private var written = 0
  private var notes: [TraceNote] = []
  private var lastStep: Int?
  private var closing = false
  private var renaming = false
  private var closed = false
  private var failure: InputError?

  init(_ layout: StepLayout) {
    let bytes = max(layout.count, 1) * StepBlock.capacity * MemoryLayout<Double>.size
    let counts = Self.blockCounts
    ring = (0..<min(max(Self.size / bytes, counts.lowerBound), counts.upperBound)).map { _ in
      StepBlock(layout)
    }
    worthWriting = ring.count / 2
  }

  /// Adds a step, waiting while all blocks are full.
  func add(_ row: StepRow, file: String) throws {
    condition.lock()
    defer { condition.unlock() }
    let block = try blockWithRoom(for: row.head.step, file: file)
    if lastStep == nil { for block in ring { block.reserve(like: row) } }
    block.append(row)
    stepWasAdded(row.head.step, to: block)
  }

  /// Adds a step, waiting while all blocks are full.
  func add(_ step: StepRecord, file: String) throws {
    condition.lock()
    defer { condition.unlock() }
    let block = try blockWithRoom(for: step.step, file: file)
    block.append(step)
    stepWasAdded(step.step, to: block)
  }

  /// Adds a note, waiting for room.
  func add(_ note: TraceNote, file: String) throws {
    condition.lock()
    defer { condition.unlock() }
    try wait(file: file) { notes.count >= Self.mostNotes }
    notes.append(note)
    if notes.count == Self.mostNotes { condition.broadcast() }
  }

  private func blockWithRoom(for step: Int, file: String) throws -> StepBlock {
    try wait(file: file) { filling - written == ring.count }
    if let lastStep, step <= lastStep {
      throw InputError(
        file: file, "step \(step) was recorded after step \(lastStep), expected ascending steps")
    }
    return block(filling)
  }

  private func wait(file: String, while isFull: () -> Bool) throws {
    while isFull(), failure == nil, !closing { condition.wait() }
    if let failure { throw failure }
    guard !closing else { throw InputError(file: file, "the trace is closed already") }
  }

  private func stepWasAdded(_ step: Int, to block: StepBlock) {
    lastStep = step
    guard block.isFull else { return }
    filling += 1
    if filling - taken == worthWriting { condition.broadcast() }
  }

  /// The block of a number, among those that the ring holds.
  func block(_ number: Int) -> StepBlock { ring[number % ring.count] }

  /// Waits until there is enough to write or no more room for notes, until `deadline`, or until the file is to close.
  ///
  /// At the deadline and at the end, the steps of the block that is being filled are copied to `unfinished`.
  func take(until deadline: Date, unfinished: StepBlock) -> Batch {
    condition.lock()
    defer { condition.unlock() }
    while filling - taken < worthWriting, notes.count < Self.mostNotes, !closing {
      guard condition.wait(until: deadline) else { break }
    }
    let isDue = closing || Date() >= deadline
    unfinished.removeAll()
    if isDue, filling - written < ring.count { unfinished.append(stepsOf: block(filling)) }
    let batch = Batch(
      blocks: taken..<filling, isDue: isDue, notes: notes, closing: closing, renaming: renaming)
    taken = filling
    if notes.count == Self.mostNotes { condition.broadcast() }
    notes = []
    return batch
  }

  /// Gives blocks that have been written back to the run.
  func release(_ blocks: Range<Int>) {
    guard !blocks.isEmpty else { return }
    for number in blocks { block(number).removeAll() }
    condition.lock()
    defer { condition.unlock() }
    written = blocks.upperBound
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

  /// Reports that the writer has ended, with the error that ended it.
  func end(with failure: InputError?) {
    condition.lock()
    defer { condition.unlock() }
    self.failure = failure
    closed = true
    condition.broadcast()
  }
}
