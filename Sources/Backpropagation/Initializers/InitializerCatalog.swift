/// The initializers that a model file can name.
public enum InitializerCatalog {
  /// The initializers of this version, one line each.
  public static let all = Catalog<any Initializer>(
    noun: "initializer",
    entries: [
      CatalogEntry("zeros", "Zero everywhere: for biases.") { _ throws(ArgumentError) in .zeros },
      CatalogEntry(
        "constant", "The same value everywhere.",
        arguments: [ArgumentDescription("value", "the value")], shorthand: "value"
      ) { arguments throws(ArgumentError) in Constant(try arguments.number("value")) },
      CatalogEntry(
        "normal", "Normal around 0.",
        arguments: [
          ArgumentDescription("standard-deviation", "a positive number", default: "0.01")
        ], shorthand: "standard-deviation"
      ) { arguments throws(ArgumentError) in
        RandomValues(
          .normal, .deviation(try arguments.positive("standard-deviation", default: 0.01)))
      },
      CatalogEntry(
        "uniform", "Uniform on [−bound, bound]: a standard deviation of bound/√3.",
        arguments: [ArgumentDescription("bound", "a positive number", default: "0.01")],
        shorthand: "bound"
      ) { arguments throws(ArgumentError) in
        .uniform(bound: try arguments.positive("bound", default: 0.01))
      },
      entry("glorot-normal", "Normal, variance 2 / (fan-in + fan-out).", .glorotNormal),
      entry("glorot-uniform", "Uniform, variance 2 / (fan-in + fan-out).", .glorotUniform),
      entry("xavier-normal", "Another name of glorot-normal.", .glorotNormal),
      entry("xavier-uniform", "Another name of glorot-uniform.", .glorotUniform),
      entry("he-normal", "Normal, variance 2 / fan-in.", .heNormal),
      entry("he-uniform", "Uniform, variance 2 / fan-in.", .heUniform),
      entry("lecun-normal", "Normal, variance 1 / fan-in.", .lecunNormal),
      CatalogEntry(
        "orthogonal",
        "Orthonormal rows or columns, whichever are fewer, times a gain; all axes but the first are one.",
        arguments: [ArgumentDescription("gain", "a positive number", default: "1")],
        shorthand: "gain"
      ) { arguments throws(ArgumentError) in
        Orthogonal(gain: try arguments.positive("gain", default: 1))
      },
    ])

  private static func entry(
    _ id: String, _ summary: String, _ initializer: RandomValues
  ) -> CatalogEntry<any Initializer> {
    CatalogEntry(id, summary) { _ throws(ArgumentError) in initializer }
  }
}

extension Arguments {
  /// How weights start, or nil to leave it to the network.
  var initializer: (any Initializer)? {
    get throws(ArgumentError) { try member("initializer", of: InitializerCatalog.all) }
  }

  /// How biases start.
  var biasInitializer: any Initializer {
    get throws(ArgumentError) {
      try member("bias-initializer", of: InitializerCatalog.all) ?? .zeros
    }
  }

  /// How the weights of a hidden state start, or nil for the layer's default.
  var recurrentInitializer: (any Initializer)? {
    get throws(ArgumentError) { try member("recurrent-initializer", of: InitializerCatalog.all) }
  }

  /// A number above zero.
  func positive(_ key: String, default defaultValue: Double? = nil) throws(ArgumentError) -> Double
  {
    try number(key, default: defaultValue, expected: "a positive number") { $0 > 0 }
  }
}
