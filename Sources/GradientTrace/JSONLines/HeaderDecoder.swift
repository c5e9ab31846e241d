import GzipIO

/// Reads the first line of a log, the run.
struct HeaderDecoder {
  /// The highest version that is read.
  static let version = 1

  typealias Fault = JSONScanner.Fault

  private var header = TraceHeader(producer: "", run: RunDescription(), layers: [])
  private var documents: [String: String] = [:]
  private var format: String?
  private var version: Double?
  private var hasLayers = false
  private var isStep = false

  /// Decodes the line.
  ///
  /// - Throws: A `JSONScanner.Fault` if it isn't JSON of the right shape, an `InputError` if it isn't a header that
  ///   this version reads.
  mutating func decode(
    _ bytes: UnsafeRawBufferPointer, file: String
  ) throws -> (TraceHeader, [String: String]) {
    var scanner = JSONScanner(bytes)
    do {
      try scanner.beginObject()
      while let key = try scanner.nextKey() { try member(key, &scanner) }
      try scanner.end()
    } catch {
      // A later version may have changed what follows, which is no fault of the file.
      try checkVersion(file)
      // A step's line where the header should be is no header with a fault in it.
      if isStep { try checkFormat(file) }
      throw error
    }
    try checkFormat(file)
    guard version != nil else {
      throw InputError(
        file: file, line: 1, "expected \"version\", a number up to \(Self.version), found none")
    }
    try checkVersion(file)
    guard hasLayers else {
      throw InputError(file: file, line: 1, "expected \"layers\", a list, found none")
    }
    return (header, documents)
  }

  private func checkFormat(_ file: String) throws(InputError) {
    guard format != "gradient-trace" else { return }
    let found = format.map { "\"format\": \($0.quoted)" } ?? "no \"format\""
    throw InputError(
      file: file, line: 1,
      "not a trace: expected \"format\": \"gradient-trace\", found \(found)")
  }

  private func checkVersion(_ file: String) throws(InputError) {
    guard let version, version > Double(Self.version) else { return }
    let found = Int(exactly: version).map { "\($0)" } ?? "\(version)"
    throw InputError(
      file: file, line: 1,
      "found version \(found) of the trace format, expected at most \(Self.version)")
  }

  private mutating func member(
    _ key: JSONScanner.Key, _ scanner: inout JSONScanner
  ) throws(Fault) {
    if try scanner.null() { return }
    if key == "format" {
      format = try scanner.string()
    } else if key == "version" {
      version = try scanner.number()
    } else if key == "producer" {
      header.producer = try scanner.string()
    } else if key == "run" {
      try scanner.beginObject()
      while let key = try scanner.nextKey() { try runMember(key, &scanner) }
    } else if key == "step" {
      isStep = true
      try scanner.skipValue()
    } else if key == "layers" {
      hasLayers = true
      try scanner.beginArray()
      while try scanner.nextElement() { header.layers.append(try layer(&scanner)) }
    } else if key == "documents" {
      try scanner.beginObject()
      while let key = try scanner.nextKey() {
        _ = try scanner.peek()
        let start = scanner.position
        try scanner.skipValue()
        documents[key.string] = scanner.text(from: start)
      }
    } else {
      try scanner.skipValue()
    }
  }

  private mutating func runMember(
    _ key: JSONScanner.Key, _ scanner: inout JSONScanner
  ) throws(Fault) {
    if key == "name" {
      header.run.name = try scanner.optionalString()
    } else if key == "model" {
      header.run.model = try scanner.optionalString()
    } else if key == "examplesPerEpoch" {
      header.run.examplesPerEpoch = try scanner.optionalCount()
    } else if key == "plannedSteps" {
      header.run.plannedSteps = try scanner.optionalCount()
    } else if key == "constantLoss" {
      header.run.constantLoss = try scanner.optionalNumber()
    } else if key == "settings", try scanner.peek() == .object {
      try scanner.beginObject()
      while let key = try scanner.nextKey() {
        header.run.settings.append(.init(key.string, try setting(&scanner)))
      }
    } else {
      try scanner.skipValue()
    }
  }

  /// The text of a setting; another producer may write a number or more without quotation marks.
  private func setting(_ scanner: inout JSONScanner) throws(Fault) -> String {
    if try scanner.peek() == .string { return try scanner.string() }
    let start = scanner.position
    try scanner.skipValue()
    return scanner.text(from: start)
  }

  private func layer(_ scanner: inout JSONScanner) throws(Fault) -> LayerDescription {
    let start = scanner
    var layer = LayerDescription(name: "", kind: "")
    var inputs: [String]?
    var isNamed = false
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      if key == "name" {
        layer.name = try scanner.string()
        isNamed = true
      } else if key == "kind" {
        layer.kind = try scanner.optionalString() ?? ""
      } else if key == "inputs" {
        inputs = try scanner.optionalList { (scanner) throws(Fault) in try scanner.string() }
      } else if key == "units" {
        layer.units = try scanner.optionalCount()
      } else if key == "parameters" {
        layer.parameters = try scanner.optionalList(of: parameter) ?? []
      } else {
        try scanner.skipValue()
      }
    }
    guard isNamed else { throw start.unexpected("a layer with a \"name\"") }
    layer.inputs = inputs ?? defaultInputs(of: layer)
    return layer
  }

  /// What feeds a layer that doesn't say so: the layer above.
  private func defaultInputs(of layer: LayerDescription) -> [String] {
    guard layer.kind != "input", let above = header.layers.last else { return [] }
    return [above.name]
  }

  private func parameter(_ scanner: inout JSONScanner) throws(Fault) -> ParameterDescription {
    let start = scanner
    var parameter = ParameterDescription(name: "", shape: [])
    var isNamed = false
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      if key == "name" {
        parameter.name = try scanner.string()
        isNamed = true
      } else if key == "shape" {
        parameter.shape =
          try scanner.optionalList { (scanner) throws(Fault) in try scanner.count() } ?? []
      } else if key == "initialRms" {
        parameter.initialRMS = try scanner.optionalNumber()
      } else if key == "frozen" {
        parameter.frozen = try scanner.null() ? false : try scanner.bool()
      } else {
        try scanner.skipValue()
      }
    }
    guard isNamed else { throw start.unexpected("a parameter with a \"name\"") }
    return parameter
  }
}
