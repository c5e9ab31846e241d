import GradientHealth

/// A model of which something is asserted, and whether the assertion should pass.
struct FlakeSubject: Sendable {
  /// The steps of a training, as many as `expectHealthyGradients` takes where nothing else is said.
  static let steps = 200

  var name: String
  var assertion: String
  var shouldPass: Bool
  /// Makes the assertion at a seed.
  var outcome: @Sendable (UInt64) throws -> FlakeOutcome

  static func all(examples: String) throws -> [FlakeSubject] {
    let digits = try Dataset(csv: "\(examples)/data/digits.csv.gz", target: .last)
      .split(train: 0.7, validation: 0.1, test: 0.2, seed: 1).normalized(.standard)
    return try [
      health(of: "digits", in: examples, shouldPass: true),
      health(of: "digits-convolution", in: examples, shouldPass: true),
      health(of: "ci-package", SwishNetwork(), on: digits, shouldPass: true),
      correctness(of: "ci-package", SwishNetwork(), on: digits, shouldPass: true),
      health(of: "vanishing", in: examples, shouldPass: false),
      health(of: "exploding", in: examples, shouldPass: false),
      health(of: "dead-relu", in: examples, shouldPass: false),
      health(
        of: "ci-package, a learning rate ten times too high", SwishNetwork(learningRate: 0.5),
        on: digits, shouldPass: false),
      correctness(
        of: "ci-package, a forgotten activation derivative",
        SwishNetwork(slip: .forgottenDerivative), on: digits, shouldPass: false),
      correctness(
        of: "ci-package, a wrong sign", SwishNetwork(slip: .wrongSign), on: digits,
        shouldPass: false),
    ]
  }

  /// The health of an example's model, trained for 200 steps; the seed is that of its training.
  private static func health(
    of name: String, in examples: String, shouldPass: Bool
  ) throws -> FlakeSubject {
    let path = "\(examples)/\(name)/model.yaml"
    let file = try ModelFile(contentsOf: path, allowOutside: true)
    guard let trainer = file.trainer, let data = try file.readData()?.split else {
      throw InputError(file: path, "has no \"training\" or no \"data\"")
    }
    return FlakeSubject(name: name, assertion: "healthy", shouldPass: shouldPass) { seed in
      try FlakeOutcome(healthOf: trainer, on: data, seed: seed)
    }
  }

  private static func health(
    of name: String, _ network: SwishNetwork, on data: DataSplit, shouldPass: Bool
  ) throws -> FlakeSubject {
    let trainer = try network.trainer()
    return FlakeSubject(name: name, assertion: "healthy", shouldPass: shouldPass) { seed in
      try FlakeOutcome(healthOf: trainer, on: data, seed: seed)
    }
  }

  private static func correctness(
    of name: String, _ network: SwishNetwork, on data: DataSplit, shouldPass: Bool
  ) throws -> FlakeSubject {
    let network = try network.trainer().network
    return FlakeSubject(name: name, assertion: "correct", shouldPass: shouldPass) { seed in
      FlakeOutcome(try GradientCheck(network, on: data.training, seed: seed))
    }
  }
}
