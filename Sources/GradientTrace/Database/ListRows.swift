import Foundation

/// A list of numbers of one step, encoded: a row of the table `list`.
struct EncodedList {
  var layer: Int
  var role: TensorRole
  var name: String
  var type: ElementType
  var data: Data
}

/// Calls `body` with every histogram and every other list of numbers of a step, except unit windows.
func forEachList(of step: StepRecord, _ body: (EncodedList) throws -> Void) rethrows {
  for case (let layer, let record?) in step.layers.enumerated() {
    func histogram(_ histogram: Log2Histogram?, _ role: TensorRole, _ name: String) throws {
      guard let histogram else { return }
      try body(
        EncodedList(
          layer: layer, role: role, name: name, type: .varint, data: histogram.encoded))
    }
    func numbers(_ values: [Double]?, _ name: String) throws {
      guard let values else { return }
      let (type, data) = NumberList.encode(values)
      try body(EncodedList(layer: layer, role: .layer, name: name, type: type, data: data))
    }
    try histogram(record.activation?.histogram, .activation, "histogram")
    try histogram(record.delta?.histogram, .delta, "histogram")
    for (place, parameter) in record.parameters.enumerated() {
      try histogram(parameter?.gradientHistogram, .parameter(place), "gradientHistogram")
    }
    try numbers(record.deltaRMSByTime, "deltaRmsByTime")
    try numbers(record.unitMeans, "unitMeans")
    try numbers(record.unitDeviations, "unitDeviations")
  }
}

/// Which list of a record a row of the table `list` holds.
enum ListSetter {
  case activationHistogram, deltaHistogram
  case gradientHistogram(Int)
  case deltaRMSByTime, unitMeans, unitDeviations

  /// The setter of a list, or nil for one that this version doesn't know.
  init?(_ role: TensorRole, _ name: String) {
    switch (role, name) {
    case (.activation, "histogram"): self = .activationHistogram
    case (.delta, "histogram"): self = .deltaHistogram
    case (.parameter(let place), "gradientHistogram"): self = .gradientHistogram(place)
    case (.layer, "deltaRmsByTime"): self = .deltaRMSByTime
    case (.layer, "unitMeans"): self = .unitMeans
    case (.layer, "unitDeviations"): self = .unitDeviations
    default: return nil
    }
  }

  /// Sets the list in `record`, whose list of parameters is complete.
  ///
  /// - Returns: false if the bytes are not those of such a list.
  func set(
    _ bytes: UnsafeRawBufferPointer, as type: ElementType, in record: inout LayerRecord
  ) -> Bool {
    switch self {
    case .activationHistogram, .deltaHistogram, .gradientHistogram:
      guard type == .varint, let histogram = Log2Histogram(encoded: bytes) else { return false }
      switch self {
      case .activationHistogram:
        record.activation.modify(orCreate: TensorStatistics()) { $0.histogram = histogram }
      case .gradientHistogram(let place):
        record.parameters[place].modify(orCreate: ParameterStatistics()) {
          $0.gradientHistogram = histogram
        }
      default: record.delta.modify(orCreate: TensorStatistics()) { $0.histogram = histogram }
      }
    case .deltaRMSByTime, .unitMeans, .unitDeviations:
      guard let values = NumberList.decode(bytes, as: type) else { return false }
      switch self {
      case .deltaRMSByTime: record.deltaRMSByTime = values
      case .unitMeans: record.unitMeans = values
      default: record.unitDeviations = values
      }
    }
    return true
  }
}

extension Log2Histogram {
  /// The number of the first bin that is not empty, then the counts from there to the last such, as varints.
  var encoded: Data {
    guard let first = counts.firstIndex(where: { $0 > 0 }),
      let last = counts.lastIndex(where: { $0 > 0 })
    else { return Data() }
    return NumberList.encode(varints: [UInt64(first)] + counts[first...last].map(UInt64.init))
  }

  /// The histogram of such bytes, or nil if they are something else.
  init?(encoded bytes: UnsafeRawBufferPointer) {
    guard let numbers = NumberList.decodeVarints(bytes) else { return nil }
    var counts = [UInt32](repeating: 0, count: Self.binCount)
    if let first = numbers.first {
      guard first < UInt64(Self.binCount), numbers.count - 1 <= Self.binCount - Int(first) else {
        return nil
      }
      for (bin, number) in numbers.dropFirst().enumerated() {
        guard let count = UInt32(exactly: number) else { return nil }
        counts[Int(first) + bin] = count
      }
    }
    self.init(counts: counts)
  }
}
