// The parameters and arguments that the layers which normalize have in common.

extension [ParameterSpecification] {
  /// A weight that starts at one and a bias that starts at zero.
  static func affine(_ shape: Shape) -> [ParameterSpecification] {
    [
      ParameterSpecification("weight", shape: shape, initializer: .constant(1)),
      ParameterSpecification("bias", shape: shape, initializer: .zeros),
    ]
  }

  /// The mean and variance of each channel that evaluation uses: at first 0 and 1.
  static func runningStatistics(channels: Int) -> [ParameterSpecification] {
    [
      ParameterSpecification(
        "running-mean", shape: [channels], initializer: .zeros, isTrainable: false),
      ParameterSpecification(
        "running-variance", shape: [channels], initializer: .constant(1), isTrainable: false),
    ]
  }
}

extension ArgumentDescription {
  static let momentum = ArgumentDescription(
    "momentum", "the weight of a batch in the running statistics, from 0 to 1", default: "0.1")
  static let epsilon = ArgumentDescription("epsilon", "ε, a positive number", default: "1e-5")
  static let affine = ArgumentDescription(
    "affine", "whether there is a weight and a bias", default: "true")
}

extension Arguments {
  var momentum: Double {
    get throws(ArgumentError) {
      try number("momentum", default: 0.1, expected: "a number from 0 to 1") {
        (0...1).contains($0)
      }
    }
  }

  var epsilon: Double {
    get throws(ArgumentError) { try positive("epsilon", default: 1e-5) }
  }
}
