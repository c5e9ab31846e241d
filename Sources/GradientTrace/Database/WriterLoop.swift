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
    while true {
      let batch = queue.take(patience: Self.patience, oldest: oldest)
      for entry in batch.entries {
        switch entry {
        case .step(let step): try writer.append(step)
        case .document(let name, let json): try writer.write(document: json, named: name)
        case .timing(let name, let seconds): try writer.write(seconds: seconds, named: name)
        }
      }
      if batch.closing { return try writer.close(rename: batch.renaming) }
      oldest = oldest ?? batch.arrival
      if let arrival = oldest, arrival.duration(to: .now) >= Self.patience {
        try writer.commit()
        oldest = nil
      }
    }
  }
}
