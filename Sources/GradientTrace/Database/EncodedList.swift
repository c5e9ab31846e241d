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
