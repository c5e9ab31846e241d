import GzipIO

extension TraceHeader {
  /// The most layers that a trace may have: each step holds a record for every one.
  static let mostLayers = 10_000
  /// The most parameters that a layer may have.
  static let mostParameters = 1_000

  /// Throws if two layers or two parameters of one have the same name, or if there are more than a trace can hold.
  func check(file: String, line: Int? = nil) throws(InputError) {
    guard layers.count <= Self.mostLayers else {
      throw InputError(
        file: file, line: line,
        "found \(layers.count) layers, expected at most \(Self.mostLayers)")
    }
    var names: Set<String> = []
    for layer in layers {
      guard names.insert(layer.name).inserted else {
        throw InputError(
          file: file, line: line, "found two layers named \(layer.name.quoted), expected one")
      }
      guard layer.parameters.count <= Self.mostParameters else {
        throw InputError(
          file: file, line: line,
          "found \(layer.parameters.count) parameters of layer \(layer.name.quoted), "
            + "expected at most \(Self.mostParameters)")
      }
      var parameters: Set<String> = []
      for parameter in layer.parameters
      where !parameters.insert(parameter.name).inserted {
        throw InputError(
          file: file, line: line,
          "found two parameters named \(parameter.name.quoted) of layer \(layer.name.quoted), "
            + "expected one")
      }
    }
  }
}
