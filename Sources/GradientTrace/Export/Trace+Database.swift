extension Trace {
  /// Writes the trace as a `.gradtrace` file, which appears under its name when it is complete.
  ///
  /// - Returns: The number of steps.
  /// - Throws: An `InputError` if the trace can't be read or the file can't be written.
  @discardableResult public func writeTrace(to path: String) throws -> Int {
    let recorder = try TraceRecorder(to: path, header: header)
    var count = 0
    do {
      try forEachStep { step in
        try recorder.record(step)
        count += 1
      }
      for name in try documentNames() {
        if let json = try document(name) { try recorder.attach(document: json, named: name) }
      }
      try recorder.finish()
    } catch {
      recorder.discard()
      throw error
    }
    return count
  }
}
