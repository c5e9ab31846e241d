import GzipIO

/// What the thread of a recorder does: takes what waits, writes it, and commits once a second.
struct WriterLoop {
  /// How long something recorded waits for its commit; with the commit itself, less than a second.
  private static let patience = Duration.milliseconds(750)

  let writer: TraceWriter
  let queue: RecordQueue

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
    var oldest: ContinuousClock.Instant?
    var batch = RecordQueue.Batch()
    while true {
      queue.take(into: &batch, patience: Self.patience, oldest: oldest)
      for index in batch.entries.indices {
        // Moved out, so that a record is the writer's alone and can go back into the pool.
        var entry = TraceEntry.taken
        swap(&entry, &batch.entries[index])
        try write(entry)
        queue.recycle(&writer.finished)
      }
      if batch.closing { return try writer.close(rename: batch.renaming) }
      oldest = oldest ?? batch.arrival
      if let arrival = oldest, arrival.duration(to: .now) >= Self.patience {
        try writer.commit()
        oldest = nil
      }
    }
  }

  private func write(_ entry: TraceEntry) throws {
    switch entry {
    case .step(let step): try writer.append(step)
    case .document(let name, let json): try writer.write(document: json, named: name)
    case .timing(let name, let seconds): try writer.write(seconds: seconds, named: name)
    case .taken: break
    }
  }
}
