/// Reads a line of a log that holds a step.
struct StepDecoder {
  typealias Fault = JSONScanner.Fault
  typealias Key = JSONScanner.Key

  private let header: TraceHeader
  /// The records of a step that recorded nothing; one array for all.
  private let blank: [LayerRecord?]
  private let layerNames: NameTable
  private let parameterNames: [NameTable]
  private let tensorFields = FieldTable(TensorStatistics.fields)
  private let layerFields = FieldTable(LayerRecord.fields)
  private let parameterFields = FieldTable(ParameterStatistics.fields)

  init(_ header: TraceHeader) {
    self.header = header
    blank = Array(repeating: nil, count: header.layers.count)
    layerNames = NameTable(header.layers.map(\.name))
    parameterNames = header.layers.map { NameTable($0.parameters.map(\.name)) }
  }

  /// Decodes the line; statistics are rounded as a trace keeps them, and those of δ multiplied by the loss's divisor.
  func decode(_ bytes: UnsafeRawBufferPointer) throws(Fault) -> StepRecord {
    var scanner = JSONScanner(bytes)
    var number: Int?
    var step = StepRecord(step: 0)
    step.layers = blank
    try scanner.beginObject()
    let start = scanner
    while let key = try scanner.nextKey() {
      if key == "step" {
        number = try scanner.count()
      } else if key == "loss" {
        step.loss = try scanner.optionalNumber()
      } else if key == "layers" {
        try layers(&scanner, into: &step.layers)
      } else if key == "learningRate" {
        step.learningRate = try scanner.optionalNumber()
      } else if key == "examples" {
        step.examples = try scanner.optionalCount()
      } else if key == "lossDivisor" {
        step.lossDivisor = try scanner.optional(divisor)
      } else if key == "epoch" {
        step.epoch = try scanner.optionalCount()
      } else if key == "validationLoss" {
        step.validationLoss = try scanner.optionalNumber()
      } else if key == "clipFactor" {
        step.clipFactor = try scanner.optionalNumber()
      } else if key == "optimizer" {
        step.optimizer = try scanner.optionalString()
      } else {
        try scanner.skipValue()
      }
    }
    try scanner.end()
    guard let number else { throw start.unexpected("an object with \"step\", a whole number,") }
    step.step = number
    undoDivisor(of: &step)
    return step
  }

  private func divisor(_ scanner: inout JSONScanner) throws(Fault) -> Double {
    _ = try scanner.peek()
    let start = scanner
    let divisor = try scanner.number()
    guard divisor > 0, divisor.isFinite else { throw start.unexpected("a positive number") }
    return divisor
  }

  /// Makes the statistics of δ those per example.
  private func undoDivisor(of step: inout StepRecord) {
    let divisor = step.lossDivisor ?? 1
    func perExample(_ value: Double?) -> Double? { value.map { ($0 * divisor).atTracePrecision } }
    for layer in step.layers.indices {
      guard let delta = step.layers[layer]?.delta else { continue }
      step.layers[layer]?.delta?.mean = perExample(delta.mean)
      step.layers[layer]?.delta?.rms = perExample(delta.rms)
      step.layers[layer]?.delta?.max = perExample(delta.max)
    }
    for layer in step.layers.indices {
      guard let byTime = step.layers[layer]?.deltaRMSByTime else { continue }
      step.layers[layer]?.deltaRMSByTime = byTime.map { ($0 * divisor).atTracePrecision }
    }
  }

  // MARK: Layers

  private func layers(
    _ scanner: inout JSONScanner, into records: inout [LayerRecord?]
  ) throws(Fault) {
    guard try !scanner.null() else { return }
    var next = 0
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      if try scanner.null() { continue }
      if let place = layerNames.place(of: key, expected: next) {
        records[place] = try layer(place, &scanner)
        next = place + 1
      } else {
        try scanner.skipValue()
      }
    }
  }

  private func layer(
    _ place: Int, _ scanner: inout JSONScanner
  ) throws(Fault) -> LayerRecord? {
    var record = LayerRecord(
      parameters: Array(repeating: nil, count: header.layers[place].parameters.count))
    var chance: Double?
    _ = try scanner.peek()
    let start = scanner
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      if key == "activation" {
        record.activation = try tensor(&scanner, of: &record, &chance, rounding: true)
      } else if key == "delta" {
        record.delta = try tensor(&scanner, of: &record, &chance, rounding: false)
      } else if key == "parameters" {
        try parameters(&scanner, of: place, into: &record.parameters)
      } else {
        try layerMember(key, &scanner, of: &record, &chance)
      }
    }
    if let means = record.unitMeans, let deviations = record.unitDeviations,
      means.count != deviations.count
    {
      throw start.unexpected(
        "as many \"unitMeans\" as \"unitDeviations\", not \(means.count) and \(deviations.count),")
    }
    if let chance { record.unitWindow?.chanceSilent = chance }
    return record
  }

  private func tensor(
    _ scanner: inout JSONScanner, of record: inout LayerRecord, _ chance: inout Double?,
    rounding: Bool
  ) throws(Fault) -> TensorStatistics? {
    guard try !scanner.null() else { return nil }
    var statistics: TensorStatistics?
    var next = 0
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      if let place = tensorFields.place(of: key, expected: next) {
        let field = tensorFields[place]
        if let value = try field.value(&scanner, rounding: rounding) {
          statistics.modify(orCreate: TensorStatistics()) { field.set(&$0, value) }
        }
        next = place + 1
      } else if key == "histogram" {
        if let histogram = try scanner.optional(JSONScanner.histogram) {
          statistics.modify(orCreate: TensorStatistics()) { $0.histogram = histogram }
        }
      } else {
        try layerMember(key, &scanner, of: &record, &chance)
      }
    }
    return statistics
  }

  /// Reads what is of the layer as a whole, which stands in it or in its activation.
  private func layerMember(
    _ key: Key, _ scanner: inout JSONScanner, of record: inout LayerRecord,
    _ chance: inout Double?
  ) throws(Fault) {
    if key == "activeCounts" {
      if let counts = try scanner.optionalList(of: JSONScanner.activeCount),
        record.unitWindow == nil
      {
        record.unitWindow = UnitWindow(steps: 1, activeCounts: counts)
      }
    } else if let place = layerFields.place(of: key, expected: 0) {
      let field = layerFields[place]
      if let value = try field.value(&scanner, rounding: true) { field.set(&record, value) }
    } else if key == "unitWindow" {
      if let window = try scanner.optional(JSONScanner.window) { record.unitWindow = window }
    } else if key == "chanceSilent" {
      chance = try scanner.optionalNumber()
    } else if key == "unitMeans" {
      record.unitMeans = try scanner.optionalList(of: JSONScanner.statistic)
    } else if key == "unitDeviations" {
      record.unitDeviations = try scanner.optionalList(of: JSONScanner.statistic)
    } else if key == "unitDeltas" {
      record.unitDeltas = try scanner.optionalList(of: JSONScanner.statistic)
    } else if key == "deltaRmsByTime" {
      record.deltaRMSByTime =
        try scanner.optionalList { (scanner) throws(Fault) in try scanner.number() }
    } else {
      try scanner.skipValue()
    }
  }

  // MARK: Parameters

  private func parameters(
    _ scanner: inout JSONScanner, of layer: Int, into records: inout [ParameterStatistics?]
  ) throws(Fault) {
    guard try !scanner.null() else { return }
    var next = 0
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      if let place = parameterNames[layer].place(of: key, expected: next) {
        records[place] = try scanner.optional(parameter)
        next = place + 1
      } else {
        try scanner.skipValue()
      }
    }
  }

  private func parameter(_ scanner: inout JSONScanner) throws(Fault) -> ParameterStatistics {
    var statistics = ParameterStatistics()
    var next = 0
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      if key == "frozen" {
        statistics.frozen =
          try scanner.optional { (scanner) throws(Fault) in try scanner.bool() }
      } else if let place = parameterFields.place(of: key, expected: next) {
        let field = parameterFields[place]
        if let value = try field.value(&scanner, rounding: true) {
          field.set(&statistics, value)
        }
        next = place + 1
      } else if key == "gradientHistogram" {
        statistics.gradientHistogram = try scanner.optional(JSONScanner.histogram)
      } else {
        try scanner.skipValue()
      }
    }
    return statistics
  }
}
