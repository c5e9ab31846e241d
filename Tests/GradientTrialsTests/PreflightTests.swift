import Backpropagation
import GradientDiagnosis
import GradientTrials
import Testing

/// A preflight finds what is planted, names the layer, and says nothing else.
@Suite struct PreflightTests {
  private func preflight(
    _ data: Dataset = Points.classes(), loss: any Loss = .softmaxCrossEntropy,
    groups: [ParameterGroup] = [], precision: Trainer.Precision = .float,
    @NetworkBuilder _ layers: () -> [LayerNode]
  ) throws -> Preflight {
    let network = try NeuralNetwork(input: data.inputShape, loss: loss, layers: layers())
    return try Preflight(
      Trainer(network, optimizer: .sgd(learningRate: 0.1), groups: groups, precision: precision),
      on: data.split)
  }

  @Test(arguments: Trainer.Precision.allCases)
  func aHealthyNetworkIsReady(precision: Trainer.Precision) throws {
    let result = try preflight(precision: precision) {
      Dense(32)
      ReLU()
      Dense(4)
    }
    #expect(result.warnings == [])
    #expect(result.notChecked == [])
    #expect(result.passed.map(\.id) == Preflight.Check.allCases.map(\.rawValue))
    #expect(result.layers.map(\.name) == ["input", "dense-1", "relu-1", "dense-2"])
    #expect(result.overfit?.examples == 4)
    #expect(result.passed[2].evidence == "4 parameters, in the first step")
    #expect(result.passed[3].evidence == "exactly, in each of 3 layers")
    #expect(result.summary.hasPrefix("5 checks · 4 examples learned by heart in "))
  }

  @Test func aLayerThatMixesExamplesIsNamed() throws {
    let result = try preflight {
      Dense(16)
      MeanSubtraction()
      ReLU()
      Dense(4)
    }
    #expect(result.warnings.map(\.check) == [.exampleIndependence])
    #expect(result.warnings.first?.layers == ["mean-subtraction-1"])
    #expect(
      result.warnings.first?.message
        == "mean-subtraction-1 mixes the examples of a batch: what it makes of one changes with another."
    )
  }

  @Test func soIsOneThatMixesThemBackwardAlone() throws {
    let result = try preflight {
      Dense(16)
      LeakingBackward().named("leak")
      ReLU()
      Dense(4)
    }
    #expect(result.warnings.first { $0.check == .exampleIndependence }?.layers == ["leak"])
  }

  @Test func behindBatchNormItIsNamedAllTheSame() throws {
    let result = try preflight {
      Dense(16)
      BatchNorm()
      ReLU()
      MeanSubtraction().named("planted")
      Dense(4)
    }
    #expect(result.warnings.map(\.layers) == [["planted"]])
  }

  @Test func mixingOnPurposeIsNoFault() throws {
    let result = try preflight {
      Dense(16)
      MeanSubtraction(mixesExamples: true).named("centered")
      BatchNorm()
      ReLU()
      Dense(4)
    }
    #expect(result.warnings == [])
    #expect(
      result.passed.first { $0.id == "example-independence" }?.evidence
        == "exactly, in each of 3 layers; ‘centered’ and batch-norm-1 mixes them on purpose")
  }

  @Test func aDetachedParameterIsNamed() throws {
    let result = try preflight {
      Dense(16).named("lost")
      Detach()
      ReLU()
      Dense(16)
      ReLU()
      Dense(4)
    }
    #expect(result.warnings.map(\.check) == [.gradientReach])
    #expect(result.warnings.first?.layers == ["lost"])
    #expect(
      result.warnings.first?.message
        == "The gradient of lost/weight and lost/bias is exactly zero in each of the first 3 steps, "
        + "while others get one.")
  }

  /// What only a loss with a weight of zero reads is to get none; what a loss reads besides, is.
  @Test(arguments: [0, 0.5])
  func aHeadThatIsNotAskedNeedsNoGradient(weight: Double) throws {
    let data = Points.classes()
    let network = try NeuralNetwork(
      inputs: [NetworkInput(data.inputShape)],
      losses: [
        NetworkLoss(.softmaxCrossEntropy, output: "main"),
        NetworkLoss(.softmaxCrossEntropy, output: "aside", weight: weight),
      ]
    ) {
      Dense(32).named("trunk")
      ReLU().named("shared")
      Dense(4).named("main")
      Dense(16).named("lost").from("shared")
      Detach()
      Dense(4).named("aside")
    }
    let both = Dataset(features: data.features, targetSets: data.targetSets + data.targetSets)
    let result = try Preflight(Trainer(network, optimizer: .sgd(learningRate: 0.1)), on: both.split)
    #expect(result.warnings.map(\.layers) == (weight == 0 ? [] : [["lost"]]))
  }

  @Test func weightsOfZeroEverywhereAreTold() throws {
    let result = try preflight {
      Dense(16, initializer: .zeros)
      ReLU()
      Dense(4, initializer: .zeros)
    }
    #expect(result.warnings.first?.check == .gradientReach)
    #expect(result.warnings.first?.layers == ["dense-1", "dense-2"])
  }

  @Test func aHundredfoldInitialScaleIsTold() throws {
    let result = try preflight {
      Dense(32, initializer: .normal(standardDeviation: 50))
      ReLU()
      Dense(32)
      ReLU()
      Dense(4)
    }
    let warning = try #require(result.warnings.first)
    #expect(warning.check == .initialScale)
    #expect(warning.layers == ["dense-1"])
    #expect(warning.value > 100)
    #expect(warning.remedies.first?.id == "he-initialization")
    #expect(result.warnings.contains { $0.check == .initialLoss })
  }

  @Test func aScaleThatGrowsLayerByLayerIsTold() throws {
    let result = try preflight {
      for _ in 0..<8 {
        Dense(32, initializer: .normal(standardDeviation: 0.75))
        ReLU()
      }
      Dense(4)
    }
    let warning = try #require(result.warnings.first { $0.check == .initialScale })
    #expect(warning.layers.count >= 7)
  }

  @Test func aScaleThatFadesIsTold() throws {
    let result = try preflight {
      for _ in 0..<6 {
        Dense(16, initializer: .normal(standardDeviation: 0.01))
        ReLU()
      }
      Dense(4)
    }
    let warning = try #require(result.warnings.first { $0.check == .initialScale })
    #expect(warning.value < 1e-6)
  }

  @Test func labelsThatContradictTheInputsAreTold() throws {
    let data = Points.classes()
    let constant = Dataset(
      inputShape: [Points.features], inputs: data.inputs.map { _ in 0.5 }, targets: data.targets)
    let result = try preflight(constant) {
      Dense(16)
      ReLU()
      Dense(4)
    }
    let warning = try #require(result.warnings.first { $0.check == .overfit })
    #expect(warning.cause.id == "data")
    #expect(result.overfit == Preflight.Overfit(examples: 1, steps: nil))

    // Each point twice, its second copy called something else: the first of a pair can still be learned.
    let half = data.selecting((0..<96).map { $0 / 2 })
    let doubtful = Dataset(
      inputShape: half.inputShape, inputs: half.inputs,
      targets: .classes((0..<96).map { ($0 / 2 + $0 % 2) % 4 }, names: []))
    #expect(
      try preflight(doubtful) {
        Dense(16)
        ReLU()
        Dense(4)
      }.warnings == [])
  }

  @Test func aNetworkTooSmallToOverfitIsTold() throws {
    let result = try preflight(Points.themselves(), loss: .meanSquaredError) {
      Dense(8)
      Tanh()
      Dense(1).named("neck")
      Dense(8)
    }
    #expect(result.warnings.map(\.check) == [.overfit])
    #expect(
      result.warnings.first?.message.contains("The narrowest layer, neck, has 1 unit.") == true)
    #expect(result.overfit == Preflight.Overfit(examples: 4, steps: nil))
  }

  @Test func anOutputThatCannotReachTheTargetsIsTold() throws {
    let data = Points.numbers(scale: 10, shift: 0)
    let result = try preflight(data, loss: .meanSquaredError) {
      Dense(16)
      Tanh()
      Dense(1)
      Sigmoid()
    }
    #expect(result.warnings.map(\.check) == [.overfit])
  }

  @Test func whatWouldTakeTooLongIsSaid() throws {
    let data = Dataset(
      inputShape: [2000, 48], inputs: (0..<4 * 96_000).map { Double($0 % 97) / 97 },
      targets: .classes([0, 1, 2, 3], names: []))
    let result = try preflight(data) {
      Dense(96)
      ReLU()
      Flatten()
      Dense(4)
    }
    #expect(result.overfit == nil)
    #expect(result.notChecked.map(\.id) == ["overfit"])
    #expect(
      result.notChecked.first?.reason
        == "2.4e10 multiply-adds for 200 steps are more than the 1e10 that a preflight takes")
  }

  @Test func nothingIsLeftBehind() throws {
    let network = try NeuralNetwork(input: [Points.features], loss: .softmaxCrossEntropy) {
      Dense(16)
      BatchNorm()
      ReLU()
      Dropout(0.3)
      Dense(4)
    }
    let trainer = Trainer(network, optimizer: .adam(learningRate: 0.01), batch: 16)
    let split = Points.classes().split
    var before: TrainingState?, after: TrainingState?
    try trainer.train(on: split, for: .steps(20), save: { before = $0.state() })
    let first = try Preflight(trainer, on: split)
    try trainer.train(on: split, for: .steps(20), save: { after = $0.state() })
    #expect(before != nil && before == after)
    #expect(try Preflight(trainer, on: split) == first)
  }

  @Test func theDocumentHoldsEverything() throws {
    var result = try preflight {
      Dense(16, initializer: .normal(standardDeviation: 50))
      Detach()
      ReLU()
      Dense(4)
    }
    result.layers[0].activationRMS = .nan
    result.layers[1].deltaNorm = .infinity
    let text = try result.jsonText
    let again = try #require(Preflight(json: text))
    #expect(try again.jsonText == text)
    #expect(again.warnings == result.warnings)
    #expect(again.overfit == result.overfit)
    #expect(Preflight(json: "{\"format\":\"gradient-check\"}") == nil)
    #expect(Preflight(json: text.replacing("\"version\" : 1", with: "\"version\" : 2")) == nil)
  }

  @Test func dataThatDoNotFitAreRefused() {
    #expect {
      try preflight(Points.classes()) {
        Dense(16)
        ReLU()
        Dense(3)
      }
    } throws: { error in
      "\(error)" == "the data have 4 classes, but the output has 3"
    }
  }
}
