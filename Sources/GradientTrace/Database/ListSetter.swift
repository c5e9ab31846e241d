/// Which list of a record a row of the table `list` holds.
enum ListSetter {
  case activationHistogram, deltaHistogram
  case gradientHistogram(Int)
  case deltaRMSByTime, unitMeans, unitDeviations, unitDeltas

  /// The setter of a list, or nil for one that this version doesn't know.
  init?(_ role: TensorRole, _ name: String) {
    switch (role, name) {
    case (.activation, "histogram"): self = .activationHistogram
    case (.delta, "histogram"): self = .deltaHistogram
    case (.parameter(let place), "gradientHistogram"): self = .gradientHistogram(place)
    case (.layer, "deltaRmsByTime"): self = .deltaRMSByTime
    case (.layer, "unitMeans"): self = .unitMeans
    case (.layer, "unitDeviations"): self = .unitDeviations
    case (.layer, "unitDeltas"): self = .unitDeltas
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
    case .deltaRMSByTime, .unitMeans, .unitDeviations, .unitDeltas:
      guard let values = NumberList.decode(bytes, as: type) else { return false }
      switch self {
      case .deltaRMSByTime: record.deltaRMSByTime = values
      case .unitMeans: record.unitMeans = values
      case .unitDeltas: record.unitDeltas = values
      default: record.unitDeviations = values
      }
    }
    return true
  }
}
