import Foundation
import GzipIO

/// What the thread of a recorder does: takes what waits, writes it, and commits what there is once a second.
struct WriterLoop {
  /// How long something recorded waits for its commit; with the commit itself, less than a second.
  private static let patience = 0.75

  let writer: TraceWriter
  let queue: RecordQueue
  let layout: StepLayout

  func run() {
    do {
      try write()
      queue.end(with: nil)
    } catch {
      writer.abandon()
      queue.end(
        with: error as? InputError
          ?? InputError(file: writer.runningPath, "can't be written: \(error)"))
    }
  }

  private func write() throws {
    let unfinished = StepBlock(layout)
    var deadline = Date(timeIntervalSinceNow: Self.patience)
    while true {
      let batch = queue.take(until: deadline, unfinished: unfinished)
      try writer.write(batch.blocks.map(queue.block), unfinished: unfinished)
      queue.release(batch.blocks)
      for note in batch.notes { try write(note) }
      if batch.closing { return try writer.close(rename: batch.renaming) }
      if batch.isDue {
        try writer.checkpoint()
        deadline = Date(timeIntervalSinceNow: Self.patience)
      }
    }
  }

  private func write(_ note: TraceNote) throws {
    switch note {
    case .document(let name, let json): try writer.write(document: json, named: name)
    case .timing(let name, let seconds): try writer.write(seconds: seconds, named: name)
    }
  }
}
