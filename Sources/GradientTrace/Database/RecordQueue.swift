import Foundation
import GzipIO

/// What waits for the writer.
enum TraceEntry {
  case step(StepRecord)
  case document(name: String, json: String)
  case timing(name: String, seconds: Double)
}

/// The bounded queue between a run and the thread that writes its trace.
final class RecordQueue: @unchecked Sendable {
  /// What the writer takes at once.
  struct Batch {
    var entries: [TraceEntry]
    /// When the first of them arrived.
    var arrival: ContinuousClock.Instant?
    /// Whether the file is to be closed now, and if so, whether it gets its final name.
    var closing: Bool
    var renaming: Bool
  }

  private static let capacity = 256
  /// The number of entries for which the writer is woken.
  private static let worthWriting = 64

  /// Guards everything below.
  private let condition = NSCondition()
  private var entries: [TraceEntry] = []
  private var arrival: ContinuousClock.Instant?
  private var lastStep = -1
  private var closing = false
  private var renaming = false
  private var closed = false
  private var failure: InputError?

  init() { entries.reserveCapacity(Self.capacity) }

  /// Adds an entry, waiting for room.
  func add(_ entry: TraceEntry, file: String) throws {
    condition.lock()
    defer { condition.unlock() }
    while entries.count >= Self.capacity, failure == nil, !closing { condition.wait() }
    if let failure { throw failure }
    guard !closing else { throw InputError(file: file, "the trace is closed already") }
    if case .step(let step) = entry {
      guard step.step > lastStep else {
        throw InputError(
          file: file,
          "step \(step.step) was recorded after step \(lastStep), expected ascending steps")
      }
      lastStep = step.step
    }
    entries.append(entry)
    if entries.count == 1 {
      arrival = .now
      condition.broadcast()
    } else if entries.count == Self.worthWriting {
      condition.broadcast()
    }
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
  /// `oldest` is when the first entry arrived that the writer holds without having committed it.
  func take(patience: Duration, oldest: ContinuousClock.Instant?) -> Batch {
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
    let batch = Batch(
      entries: entries, arrival: arrival, closing: closing, renaming: renaming)
    entries = []
    entries.reserveCapacity(Self.capacity)
    arrival = nil
    condition.broadcast()
    return batch
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
