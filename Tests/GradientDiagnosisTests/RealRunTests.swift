import Backpropagation
import GradientDiagnosis
import Testing

/// Faults planted in small trainings are found where they were planted; healthy ones, however odd, raise nothing.
@Suite struct RealRunTests {
  // MARK: Planted

  @Test func aLearningRateThatIsTooHigh() throws {
    var run = RealRun()
    run.optimizer = SGD.sgd(learningRate: 30, momentum: 0.9)
    let diagnosis = try run.diagnosis {
      Dense(32)
      Tanh()
      Dense(32)
      Tanh()
      Dense(RealRun.classes)
    }
    #expect(diagnosis.verdict == .error)
    #expect(diagnosis.root?.id == "learning-rate-too-high", "\(diagnosis)")
    #expect(diagnosis.root?.remedies.first?.id == "lower-learning-rate")
  }

  @Test func aLearningRateThatIsTooLow() throws {
    var run = RealRun()
    run.optimizer = SGD.sgd(learningRate: 1e-6)
    let diagnosis = try run.diagnosis {
      Dense(32)
      ReLU()
      Dense(RealRun.classes)
    }
    #expect(diagnosis.root?.id == "learning-rate-too-low", "\(diagnosis)")
  }

  @Test func weightsThatStartTooLargeSaturate() throws {
    var run = RealRun()
    run.optimizer = SGD.sgd(learningRate: 0.001)
    let diagnosis = try run.diagnosis {
      Dense(32, initializer: .normal(standardDeviation: 10))
      Sigmoid()
      Dense(32, initializer: .normal(standardDeviation: 10))
      Sigmoid()
      Dense(RealRun.classes)
    }
    #expect(diagnosis.root?.id == "saturated-activation", "\(diagnosis)")
    #expect(diagnosis.root?.cause.id == "initial-scale")
  }

  @Test(arguments: ["relu", "tanh", "sigmoid"])
  func weightsThatAllStartAtZero(_ activation: String) throws {
    let diagnosis = try RealRun().diagnosis {
      Dense(16, initializer: .zeros)
      Self.activation(activation)
      Dense(16, initializer: .zeros)
      Self.activation(activation)
      Dense(RealRun.classes, initializer: .zeros)
    }
    #expect(diagnosis.root?.id == "zero-initialization", "\(diagnosis)")
  }

  @Test(arguments: ["relu", "tanh", "sigmoid"])
  func weightsThatAllStartAlike(_ activation: String) throws {
    var run = RealRun()
    run.optimizer = SGD.sgd(learningRate: 0.02, momentum: 0.9)
    let diagnosis = try run.diagnosis {
      Dense(16, initializer: .constant(0.1))
      Self.activation(activation)
      Dense(16, initializer: .constant(0.1))
      Self.activation(activation)
      Dense(RealRun.classes, initializer: .constant(0.1))
    }
    #expect(diagnosis.root?.id == "symmetric-initialization", "\(diagnosis)")
    #expect(diagnosis.root?.layer == "dense-1")
  }

  @Test(arguments: ["relu", "tanh"])
  func featuresOfUnequalSize(_ activation: String) throws {
    var run = RealRun()
    run.scale = { $0 == 0 ? 5000 : $0 == 1 ? 100 : 1 }
    let diagnosis = try run.diagnosis {
      Dense(16)
      Self.activation(activation)
      Dense(RealRun.classes)
    }
    #expect(diagnosis.root?.id == "unnormalized-input", "\(diagnosis)")
    #expect(diagnosis.root?.layer == "input")
  }

  @Test func aClippingLimitFarBelowTheGradient() throws {
    var run = RealRun()
    run.clipping = .globalNorm(1e-6)
    let diagnosis = try run.diagnosis {
      Dense(16)
      ReLU()
      Dense(RealRun.classes)
    }
    #expect(diagnosis.root?.id == "clipping-always-on", "\(diagnosis)")
  }

  @Test func tooFewExamplesForTooLong() throws {
    var run = RealRun()
    run.examples = 24
    run.noise = 5
    run.steps = 400
    run.optimizer = Adam.adam(learningRate: 0.01)
    let diagnosis = try run.diagnosis {
      Dense(64)
      ReLU()
      Dense(RealRun.classes)
    }
    #expect(diagnosis.root?.id == "overfitting", "\(diagnosis)")
    #expect(try #require(diagnosis.root?.firstStep) < 100)
  }

  // MARK: Healthy, however odd

  @Test(arguments: ["relu", "tanh", "sigmoid", "gelu"])
  func anOrdinaryNetwork(_ activation: String) throws {
    try expectHealth(
      RealRun().diagnosis {
        Dense(32)
        Self.activation(activation)
        Dense(32)
        Self.activation(activation)
        Dense(RealRun.classes)
      })
  }

  @Test func aRunLongConverged() throws {
    var run = RealRun()
    run.steps = 1500
    try expectHealth(
      run.diagnosis {
        Dense(32)
        Tanh()
        Dense(RealRun.classes)
      })
  }

  /// A bias before batch norm has no gradient, by mathematics.
  @Test func aBiasBeforeBatchNorm() throws {
    try expectHealth(
      RealRun().diagnosis {
        Dense(32)
        BatchNorm()
        ReLU()
        Dense(RealRun.classes)
      })
  }

  @Test func lastLayersThatStartAtZero() throws {
    try expectHealth(
      RealRun().diagnosis {
        Dense(32)
        ReLU()
        Dense(RealRun.classes, initializer: .zeros)
      })
    try expectHealth(
      RealRun().diagnosis {
        Dense(32).named("trunk")
        Dense(32)
        ReLU()
        Dense(32, initializer: .zeros).named("branch")
        Add().from("branch", "trunk")
        ReLU()
        Dense(RealRun.classes)
      })
  }

  /// An adapter beside a frozen layer: two thin layers, of which the second starts at zero and holds the first at rest for
  /// a step.
  @Test func anAdapterBesideAFrozenLayer() throws {
    var run = RealRun()
    run.groups = [ParameterGroup(layers: "frozen", isFrozen: true)]
    try expectHealth(
      run.diagnosis {
        Dense(32).named("trunk")
        Dense(32).named("frozen").from("trunk")
        Dense(2).named("down").from("trunk")
        Dense(32, initializer: .zeros).named("up")
        Add().from("frozen", "up")
        ReLU()
        Dense(RealRun.classes)
      })
  }

  /// The bias of an attention's keys has no gradient: it adds the same to every score of a query.
  @Test func theKeysBiasOfAnAttention() throws {
    var run = RealRun()
    run.optimizer = Adam.adam(learningRate: 0.01)
    let network = try NeuralNetwork(input: [RealRun.features], loss: .softmaxCrossEntropy) {
      Reshape([4, 2])
      Dense(8)
      Attention(heads: 2)
      Flatten()
      Dense(RealRun.classes)
    }
    try expectHealth(run.diagnosis(of: network))
  }

  @Test func constantsBelowRandomWeights() throws {
    try expectHealth(
      RealRun().diagnosis {
        Dense(16, initializer: .constant(0.05))
        Tanh()
        Dense(RealRun.classes)
      })
  }

  @Test func aWarmUp() throws {
    var run = RealRun()
    run.schedule = [WarmupSchedule(steps: 100, startFactor: 0)]
    try expectHealth(
      run.diagnosis {
        Dense(32)
        ReLU()
        Dense(RealRun.classes)
      })
  }

  @Test func frozenFirstLayers() throws {
    var run = RealRun()
    run.groups = [ParameterGroup(layers: "dense-1", isFrozen: true)]
    try expectHealth(
      run.diagnosis {
        Dense(64)
        ReLU()
        Dense(32)
        ReLU()
        Dense(RealRun.classes)
      })
  }

  @Test(arguments: [1, 256])
  func theSmallestAndTheLargestBatch(_ batch: Int) throws {
    var run = RealRun()
    run.batch = batch
    run.steps = 300
    run.optimizer = SGD.sgd(learningRate: batch == 1 ? 0.01 : 0.2)
    try expectHealth(
      run.diagnosis {
        Dense(32)
        Tanh()
        Dense(RealRun.classes)
      })
  }

  @Test func inputsThatAreLargeAndDoNoHarm() throws {
    var run = RealRun()
    run.scale = { _ in 30 }
    run.optimizer = Adam.adam(learningRate: 0.01)
    try expectHealth(
      run.diagnosis {
        Dense(32)
        ReLU()
        Dense(RealRun.classes)
      })
  }

  /// What a loss is multiplied by shifts every δ alike.
  @Test(arguments: [1e-6, 1e4])
  func aRescaledLoss(_ weight: Double) throws {
    var run = RealRun()
    run.optimizer = SGD.sgd(learningRate: 0.1 / weight, momentum: 0.9)
    let network = try NeuralNetwork(
      inputs: [NetworkInput([RealRun.features])],
      losses: [NetworkLoss(.softmaxCrossEntropy, weight: weight)]
    ) {
      Dense(32)
      ReLU()
      Dense(RealRun.classes)
    }
    try expectHealth(run.diagnosis(of: network))
  }

  @Test func aClippingThatActsNowAndThen() throws {
    var run = RealRun()
    run.clipping = .globalNorm(1)
    try expectHealth(
      run.diagnosis {
        Dense(32)
        ReLU()
        Dense(RealRun.classes)
      })
  }

  private func expectHealth(
    _ diagnosis: Diagnosis, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let alarms = diagnosis.findings.filter { $0.severity > .info }
    #expect(
      diagnosis.verdict == .healthy, "\(alarms.map(\.message)) \(diagnosis.reason)",
      sourceLocation: sourceLocation)
  }

  private static func activation(_ name: String) -> LayerNode {
    switch name {
    case "relu": LayerNode(ReLU())
    case "tanh": LayerNode(Tanh())
    case "sigmoid": LayerNode(Sigmoid())
    default: LayerNode(GELU())
    }
  }
}
