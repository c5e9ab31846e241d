import GRDB
import GzipIO

/// The rows of a trace file that hold its header: the tables `run`, `setting`, `layer` and `parameter`.
enum HeaderRows {
  static func insert(_ header: TraceHeader, into db: Database) throws {
    let run = header.run
    let facts: [(String, (any DatabaseValueConvertible)?)] = [
      ("producer", header.producer), ("name", run.name), ("model", run.model),
      ("examplesPerEpoch", run.examplesPerEpoch), ("plannedSteps", run.plannedSteps),
      ("constantLoss", run.constantLoss.map(Real.init)),
    ]
    for case (let name, let value?) in facts {
      try db.execute(sql: "INSERT INTO run VALUES (?, ?)", arguments: [name, value])
    }
    for setting in run.settings {
      try db.execute(
        sql: "INSERT INTO setting (name, value) VALUES (?, ?)",
        arguments: [setting.name, setting.value])
    }
    for (id, layer) in header.layers.enumerated() {
      var inputs = JSONText()
      inputs.array(layer.inputs) { $0.string($1) }
      try db.execute(
        sql: "INSERT INTO layer VALUES (?, ?, ?, ?, ?)",
        arguments: [id, layer.name, layer.kind, inputs.text, layer.units])
      for (place, parameter) in layer.parameters.enumerated() {
        var shape = JSONText()
        shape.array(parameter.shape) { $0.integer($1) }
        try db.execute(
          sql: "INSERT INTO parameter VALUES (?, ?, ?, ?, ?, ?)",
          arguments: [
            id, place, parameter.name, shape.text, parameter.initialRMS.map(Real.init),
            parameter.frozen,
          ])
      }
    }
  }

  /// Reads the header of the trace file that the user calls `file`.
  static func read(from db: Database, file: String) throws -> TraceHeader {
    var header = TraceHeader(producer: "", run: RunDescription(), layers: [])
    let facts = try Row.fetchCursor(db, sql: "SELECT name, value FROM run")
    while let row = try facts.next() {
      switch row.text(0) {
      case "producer": header.producer = row.text(1) ?? ""
      case "name": header.run.name = row.text(1)
      case "model": header.run.model = row.text(1)
      case "examplesPerEpoch": header.run.examplesPerEpoch = row.count(1)
      case "plannedSteps": header.run.plannedSteps = row.count(1)
      case "constantLoss": header.run.constantLoss = row.real(1)
      default: break
      }
    }
    let settings = try Row.fetchCursor(db, sql: "SELECT name, value FROM setting ORDER BY id")
    while let row = try settings.next() {
      header.run.settings.append(.init(row.text(0) ?? "", row.text(1) ?? ""))
    }
    let layers = try Row.fetchCursor(
      db, sql: "SELECT id, name, kind, inputs, units FROM layer ORDER BY id")
    while let row = try layers.next() {
      guard row.count(0) == header.layers.count, let name = row.text(1), let kind = row.text(2),
        let inputs = row.text(3).flatMap(JSONScanner.strings)
      else { throw InputError(file: file, "row \(header.layers.count) of table layer is damaged") }
      header.layers.append(
        LayerDescription(name: name, kind: kind, inputs: inputs, units: row.count(4)))
    }
    let parameters = try Row.fetchCursor(
      db,
      sql: """
        SELECT layer, place, name, shape, initial_rms, frozen FROM parameter ORDER BY layer, place
        """)
    while let row = try parameters.next() {
      guard let layer = row.count(0), layer < header.layers.count,
        row.count(1) == header.layers[layer].parameters.count, let name = row.text(2),
        let shape = row.text(3).flatMap(JSONScanner.counts)
      else { throw InputError(file: file, "table parameter is damaged") }
      header.layers[layer].parameters.append(
        ParameterDescription(
          name: name, shape: shape, initialRMS: row.real(4), frozen: row.count(5) == 1))
    }
    return header
  }
}
