import Foundation
import GradientHealth

extension RecordedRun {
  /// The run's trace with what analyzers ask of it alone, to four digits: a tenth of its size.
  var condensed: Trace { Trace(header: header, steps: steps.map(\.condensed)) }
}

extension StepRecord {
  fileprivate var condensed: StepRecord {
    var step = self
    step.loss = loss.map(rounded)
    step.validationLoss = validationLoss.map(rounded)
    // δ stands per example in memory; divided by nothing it stands so in the file, and keeps its four digits.
    step.lossDivisor = 1
    step.layers = layers.map { $0.map(\.condensed) }
    return step
  }
}

extension LayerRecord {
  fileprivate var condensed: LayerRecord {
    var record = self
    record.activation = activation.map(\.condensed)
    record.delta = delta.map(\.condensed)
    record.parameters = parameters.map { parameter in
      parameter.map {
        ParameterStatistics(
          rms: $0.rms.map(rounded), gradientRMS: $0.gradientRMS.map(rounded),
          updateRMS: $0.updateRMS.map(rounded), nonFinite: $0.nonFinite.flatMap(positive),
          gradientNonFinite: $0.gradientNonFinite.flatMap(positive), distinctRows: $0.distinctRows,
          frozen: $0.frozen)
      }
    }
    record.unitWindow?.deltaMeans = nil
    record.deltaRMSByTime = deltaRMSByTime?.map(rounded)
    record.unitMeans = unitMeans?.map(rounded)
    record.unitDeviations = unitDeviations?.map(rounded)
    return record
  }
}

extension TensorStatistics {
  fileprivate var condensed: TensorStatistics {
    TensorStatistics(
      count: count, rms: rms.map(rounded), nonFinite: nonFinite.flatMap(positive),
      subnormal: subnormal)
  }
}

/// A number to four significant digits.
private func rounded(_ value: Double) -> Double {
  value.isFinite ? Double(String(format: "%.3e", value)) ?? value : value
}

/// A count, or nil where nothing was counted.
private func positive(_ count: Int) -> Int? { count > 0 ? count : nil }
