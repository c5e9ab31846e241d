/// Writes the lines of a log; ``HeaderDecoder`` and ``StepDecoder`` read them.
struct LineEncoder {
  private let header: TraceHeader
  private var json = JSONText()

  init(_ header: TraceHeader) { self.header = header }

  // MARK: The run

  /// The first line, with the documents that were kept with the run.
  mutating func headerLine(documents: [(name: String, json: String)]) -> [UInt8] {
    json.clear()
    json.object { [header] json in
      json.member("format") { $0.string("gradient-trace") }
      json.member("version") { $0.integer(HeaderDecoder.version) }
      json.member("producer") { $0.string(header.producer) }
      json.member("run") { Self.write(header.run, to: &$0) }
      json.member("layers") { $0.array(header.layers) { Self.write($1, to: &$0) } }
      guard !documents.isEmpty else { return }
      json.member("documents") {
        $0.object { json in
          for document in documents {
            // A line break in JSON is always white space.
            json.member(document.name) {
              $0.raw(String(document.json.map { $0.isNewline ? " " : $0 }))
            }
          }
        }
      }
    }
    return json.line
  }

  private static func write(_ run: RunDescription, to json: inout JSONText) {
    json.object { json in
      json.member("name", run.name) { $0.string($1) }
      json.member("model", run.model) { $0.string($1) }
      json.member("examplesPerEpoch", run.examplesPerEpoch) { $0.integer($1) }
      json.member("plannedSteps", run.plannedSteps) { $0.integer($1) }
      json.member("constantLoss", run.constantLoss) { $0.number($1) }
      guard !run.settings.isEmpty else { return }
      json.member("settings") {
        $0.object { json in
          for setting in run.settings { json.member(setting.name) { $0.string(setting.value) } }
        }
      }
    }
  }

  private static func write(_ layer: LayerDescription, to json: inout JSONText) {
    json.object { json in
      json.member("name") { $0.string(layer.name) }
      json.member("kind") { $0.string(layer.kind) }
      json.member("inputs") { $0.array(layer.inputs) { $0.string($1) } }
      json.member("units", layer.units) { $0.integer($1) }
      json.member("parameters") {
        $0.array(layer.parameters) { json, parameter in
          json.object { json in
            json.member("name") { $0.string(parameter.name) }
            json.member("shape") { $0.array(parameter.shape) { $0.integer($1) } }
            json.member("initialRms", parameter.initialRMS) { $0.number($1) }
            if parameter.frozen { json.member("frozen") { $0.bool(true) } }
          }
        }
      }
    }
  }

  // MARK: Steps

  /// The line of a step; the statistics of δ are those of the loss divided by its divisor, as frameworks have them.
  mutating func line(_ step: StepRecord) -> [UInt8] {
    json.clear()
    json.object { [header] json in
      json.member("step") { $0.integer(step.step) }
      json.member("epoch", step.epoch) { $0.integer($1) }
      json.member("loss", step.loss) { $0.number($1) }
      json.member("validationLoss", step.validationLoss) { $0.number($1) }
      json.member("learningRate", step.learningRate) { $0.number($1) }
      json.member("clipFactor", step.clipFactor) { $0.number($1) }
      json.member("examples", step.examples) { $0.integer($1) }
      json.member("lossDivisor", step.lossDivisor) { $0.number($1) }
      json.member("optimizer", step.optimizer) { $0.string($1) }
      json.member("layers") {
        $0.object { json in
          for (layer, record) in zip(header.layers, step.layers) {
            guard let record else { continue }
            json.member(layer.name) {
              Self.write(record, of: layer, divisor: step.lossDivisor ?? 1, to: &$0)
            }
          }
        }
      }
    }
    return json.line
  }

  private static func write(
    _ record: LayerRecord, of layer: LayerDescription, divisor: Double, to json: inout JSONText
  ) {
    json.object { json in
      json.member("activation") {
        $0.object { json in
          if let activation = record.activation { Self.write(activation, dividedBy: 1, to: &json) }
          for field in LayerRecord.fields {
            json.member(field.name, field.get(record)) { $0.statistic($1) }
          }
          json.member("unitMeans", record.unitMeans) { $0.array($1) { $0.statistic($1) } }
          json.member("unitDeviations", record.unitDeviations) {
            $0.array($1) { $0.statistic($1) }
          }
          if let window = record.unitWindow { Self.write(window, to: &json) }
        }
      }
      json.member("delta", record.delta) { json, delta in
        json.object { Self.write(delta, dividedBy: divisor, to: &$0) }
      }
      json.member("deltaRmsByTime", record.deltaRMSByTime) {
        $0.array($1) { $0.quotient($1, divisor) }
      }
      json.member("unitDeltas", record.unitDeltas) { $0.array($1) { $0.statistic($1) } }
      guard record.parameters.contains(where: { $0 != nil }) else { return }
      json.member("parameters") {
        $0.object { json in
          for (parameter, statistics) in zip(layer.parameters, record.parameters) {
            json.member(parameter.name, statistics) { Self.write($1, to: &$0) }
          }
        }
      }
    }
  }

  private static func write(
    _ statistics: TensorStatistics, dividedBy divisor: Double, to json: inout JSONText
  ) {
    for field in TensorStatistics.fields {
      json.member(field.name, field.get(statistics)) {
        field.scalesWithLoss ? $0.quotient($1, divisor) : $0.statistic($1)
      }
    }
    json.member("histogram", statistics.histogram) { Self.write($1, to: &$0) }
  }

  private static func write(_ statistics: ParameterStatistics, to json: inout JSONText) {
    json.object { json in
      for field in ParameterStatistics.fields where field.name != "frozen" {
        json.member(field.name, field.get(statistics)) { $0.statistic($1) }
      }
      json.member("frozen", statistics.frozen) { $0.bool($1) }
      json.member("gradientHistogram", statistics.gradientHistogram) { Self.write($1, to: &$0) }
    }
  }

  /// Writes a window; one that is nothing but the counts of one step in the plain form.
  private static func write(_ window: UnitWindow, to json: inout JSONText) {
    let counts = UnitWindow(steps: 1, activeCounts: window.activeCounts)
    guard window != counts else {
      return json.member("activeCounts") { $0.array(window.activeCounts) { $0.integer($1) } }
    }
    json.member("unitWindow") {
      $0.object { json in
        json.member("steps") { $0.integer(window.steps) }
        json.member("activeCounts") { $0.array(window.activeCounts) { $0.integer($1) } }
        json.member("lastActive", window.lastActive) {
          $0.array($1) { json, last in
            if let last { json.integer(last) } else { json.null() }
          }
        }
        json.member("deltaMeans", window.deltaMeans) {
          $0.array($1) { $0.statistic(Double($1)) }
        }
        json.member("chanceSilent", window.chanceSilent) { $0.number($1) }
      }
    }
  }

  /// Writes a histogram without the empty bins on both sides.
  private static func write(_ histogram: Log2Histogram, to json: inout JSONText) {
    let first = histogram.counts.firstIndex { $0 > 0 } ?? 0
    let end = (histogram.counts.lastIndex { $0 > 0 } ?? -1) + 1
    json.object { json in
      json.member("lowestExponent") { $0.integer(first + Log2Histogram.lowestExponent) }
      json.member("counts") {
        $0.array(histogram.counts[first..<max(first, end)]) { $0.integer($1) }
      }
    }
  }
}

extension JSONText {
  /// Writes `value / divisor` so that a reader, which multiplies and rounds, gets `value` back.
  fileprivate mutating func quotient(_ value: Double, _ divisor: Double) {
    // The short form of a Float32 is off by half a unit in the last place, which only a power of 2 keeps as small.
    if divisor.significand == 1 {
      statistic(value / divisor)
    } else {
      number(value / divisor)
    }
  }
}
