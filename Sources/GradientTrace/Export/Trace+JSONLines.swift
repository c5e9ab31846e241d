import GzipIO

extension Trace {
  /// Writes the trace as JSON lines, gzip if the name ends with `.gz`; the file appears when it is complete.
  ///
  /// Equal runs give equal bytes: timings are left out.
  ///
  /// - Throws: An `InputError` if the trace can't be read or the file can't be written.
  public func writeJSONLines(to path: String) throws {
    let file = try FileWriter(path: path)
    try writeJSONLines { try file.write($0) }
    try file.close()
  }

  /// Gives `write` the trace as JSON lines, one at a time.
  ///
  /// - Throws: An `InputError` if the trace can't be read, or what `write` throws.
  public func writeJSONLines(_ write: ([UInt8]) throws -> Void) throws {
    var encoder = LineEncoder(header)
    let documents = try documentNames().map { (name: $0, json: try document($0) ?? "null") }
    try write(encoder.headerLine(documents: documents))
    try forEachStep { try write(encoder.line($0)) }
  }
}
