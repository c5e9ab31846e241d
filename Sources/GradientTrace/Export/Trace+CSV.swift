import GzipIO

extension Trace {
  /// Writes the scalars of the trace as CSV, gzip if the name ends with `.gz`; the file appears when it is complete.
  ///
  /// The form is long: a row for each number, with the columns `step,layer,tensor,statistic,value`. δ is per example.
  ///
  /// - Throws: An `InputError` if the trace can't be read or the file can't be written.
  public func writeCSV(to path: String) throws {
    let file = try FileWriter(path: path)
    try writeCSV { try file.write($0) }
    try file.close()
  }

  /// Gives `write` the rows of the CSV form, those of a step at a time.
  ///
  /// - Throws: An `InputError` if the trace can't be read, or what `write` throws.
  public func writeCSV(_ write: ([UInt8]) throws -> Void) throws {
    try write(Array("step,layer,tensor,statistic,value\n".utf8))
    // The names are escaped once, not for each of a million rows.
    let layers = header.layers.map { layer in
      (name: layer.name.csvCell, parameters: layer.parameters.map(\.name.csvCell))
    }
    try forEachStep { step in
      var rows = ""
      for field in StepRecord.fields {
        guard let value = field.get(step) else { continue }
        rows += "\(step.step),,,\(field.name),\(csvCell { $0.number(value) })\n"
      }
      if let optimizer = step.optimizer {
        rows += "\(step.step),,,optimizer,\(optimizer.csvCell)\n"
      }
      forEachScalar(of: [step], in: header) { scalar in
        guard let value = scalar.values[0] else { return }
        let layer = layers[scalar.layer]
        let tensor = scalar.role.place.map { layer.parameters[$0] } ?? scalar.role.name
        rows += "\(step.step),\(layer.name),\(tensor),\(scalar.name),"
        rows += csvCell { $0.statistic(value) } + "\n"
      }
      try write(Array(rows.utf8))
    }
  }
}

/// The number that `write` writes, without the quotation marks that JSON puts around a non-finite one.
private func csvCell(_ write: (inout JSONText) -> Void) -> String {
  var json = JSONText()
  write(&json)
  return json.text.filter { $0 != "\"" }
}

extension String {
  /// This text as a cell: in quotation marks where it needs them, and never a formula.
  fileprivate var csvCell: String {
    let text = first.map { "=+-@".contains($0) } ?? false ? "'" + self : self
    guard text.contains(where: { ",\"".contains($0) || $0.isNewline }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
