import Backpropagation
import GradientDiagnosis
import GradientTrials
import Testing

/// A sweep says what grows or vanishes with width and depth, how fast, and why; and that nothing does where nothing does.
@Suite struct SweepTests {
  private func sweep(
    rule: UpdateRule? = nil, seeds: Int = 5, @NetworkBuilder _ layers: () -> [LayerNode]
  ) throws -> Sweep {
    try Sweep(
      try NeuralNetwork(
        input: [Points.features], loss: .softmaxCrossEntropy, layers: layers()),
      rule: rule, on: Points.classes(), seeds: seeds)
  }

  private func judgment(
    _ quantity: Sweep.Quantity, _ dimension: Sweep.Dimension, of sweep: Sweep
  ) throws -> Sweep.Judgment {
    let part = try #require(sweep.parts.first { $0.dimension == dimension })
    return try #require(part.judgments.first { $0.quantity == quantity })
  }

  @Test func networksOfHeAndXavierAreSteady() throws {
    let networks = [
      try sweep {
        for _ in 0..<4 {
          Dense(64, initializer: .heNormal)
          ReLU()
        }
        Dense(4, initializer: .heNormal)
      },
      try sweep {
        for _ in 0..<4 {
          Dense(64, initializer: .glorotUniform)
          Tanh()
        }
        Dense(4, initializer: .glorotUniform)
      },
      try sweep {
        Dense(48)
        LayerNorm()
        GELU()
        Dense(48)
        SiLU()
        Dense(4)
      },
      // What is normalized next may have any scale.
      try sweep {
        for _ in 0..<3 {
          Dense(32, initializer: .normal(standardDeviation: 1))
          BatchNorm()
          ReLU()
        }
        Dense(4)
      },
    ]
    for sweep in networks {
      #expect(sweep.parts.map(\.dimension) == [.width, .depth])
      #expect(sweep.parts.flatMap(\.judgments).allSatisfy { $0.trend == .steady })
      #expect(sweep.severity == .info && !sweep.hasTrend)
      #expect(sweep.parts[0].labels == ["×1/4", "×1/2", "×1", "×2", "×4"])
    }
  }

  /// Each sum of n terms of variance one grows as √n: a slope of a half a layer, on the way there and back.
  @Test func aDeviationOfOneGrowsByHalfALayer() throws {
    let sweep = try sweep {
      for _ in 0..<3 {
        Dense(64, initializer: .normal(standardDeviation: 1))
        ReLU()
      }
      Dense(4, initializer: .normal(standardDeviation: 1))
    }
    let output = try judgment(.activation, .width, of: sweep)
    #expect(output.trend == .grows && output.severity == .warning)
    #expect(output.layers == ["dense-2", "dense-3", "dense-4"])
    #expect(abs((output.slope ?? 0) - 0.5) < 0.06)
    #expect(
      output.cause?.text
        == "The weights of dense-2 start with a standard deviation of 1 however many inputs there "
        + "are, and a sum of n such terms grows as √n.")
    #expect(output.remedies.first?.id == "he-initialization")
    let lines = sweep.parts[0].lines.filter { $0.quantity == .activation }
    for (line, slope) in zip(lines, [0, 0.5, 1, 1.5]) {
      #expect(abs((line.slope ?? .nan) - slope) < 0.12, "\(line.layer)")
    }
    let delta = try judgment(.delta, .width, of: sweep)
    #expect(delta.trend == .grows && delta.layers == ["dense-1", "dense-2", "dense-3"])
    #expect(abs((delta.slope ?? 0) - 0.5) < 0.06)
  }

  @Test func oneLayerAmongManyIsNamed() throws {
    let sweep = try sweep {
      Dense(64)
      ReLU()
      Dense(64, initializer: .normal(standardDeviation: 0.18)).named("planted")
      ReLU()
      Dense(64)
      ReLU()
      Dense(4)
    }
    let output = try judgment(.activation, .width, of: sweep)
    #expect(output.trend == .grows && output.layers == ["planted"])
    // Where its δ goes to is what suffers.
    let delta = try judgment(.delta, .width, of: sweep)
    #expect(delta.layers == ["dense-1"])
    #expect(delta.cause?.text.hasPrefix("The weights of planted start with") == true)
  }

  @Test func sigmoidsVanishWithDepth() throws {
    let sweep = try sweep {
      for _ in 0..<6 {
        Dense(32)
        Sigmoid()
      }
      Dense(4)
    }
    let depth = try #require(sweep.parts.last)
    #expect(depth.labels == ["1", "3", "6", "12", "24"])
    let delta = try judgment(.delta, .depth, of: sweep)
    #expect(delta.trend == .vanishes && delta.severity == .error)
    #expect((-0.7 ... -0.55).contains(delta.slope ?? 0))
    #expect(delta.cause?.id == "saturating-activation")
    #expect(delta.remedies.first?.id == "use-relu")
    #expect(try judgment(.activation, .depth, of: sweep).trend == .steady)
  }

  /// A sum of two branches of one size has twice the variance: half of log10(2) a block.
  @Test func residualSumsWithoutNormalizationGrowWithDepth() throws {
    func blocks(_ branch: any Initializer) throws -> Sweep {
      try sweep {
        Dense(32).named("sum-0")
        for number in 1...4 {
          Dense(32, initializer: branch).named("branch-\(number)").from("sum-\(number - 1)")
          Add().named("sum-\(number)").from("branch-\(number)", "sum-\(number - 1)")
        }
        Dense(4)
      }
    }
    let doubling = try judgment(.activation, .depth, of: blocks(.lecunNormal))
    #expect(doubling.trend == .grows && doubling.cause?.id == "architecture")
    #expect(abs((doubling.slope ?? 0) - 0.15) < 0.02)
    // Branches that start at a tenth of that let nothing grow.
    let calm = try blocks(.normal(standardDeviation: 0.018))
    #expect(try judgment(.activation, .depth, of: calm).trend == .steady)
  }

  /// At one learning rate wider networks of the standard parametrization move farther.
  @Test func theStandardParametrizationMovesWiderNetworksFarther() throws {
    for rule in [UpdateRule(.sgd(learningRate: 0.02)), UpdateRule(.adam(learningRate: 0.001))] {
      let sweep = try sweep(rule: rule) {
        Dense(64)
        ReLU()
        Dense(64)
        ReLU()
        Dense(4)
      }
      let change = try judgment(.change, .width, of: sweep)
      #expect(change.trend == .grows && change.severity == .info)
      #expect((0.6...1.2).contains(change.slope ?? 0))
      #expect(change.cause?.id == "parametrization")
      #expect(change.remedies.first?.id == "scale-rate-with-width")
      #expect(try judgment(.activation, .width, of: sweep).trend == .steady)
    }
  }

  @Test func aRateThatIsTooHighForSomeWidthIsTold() throws {
    let sweep = try sweep(rule: UpdateRule(.sgd(learningRate: 1e9))) {
      Dense(64)
      ReLU()
      Dense(64)
      ReLU()
      Dense(4)
    }
    let change = try judgment(.change, .width, of: sweep)
    #expect(change.trend == .diverges && change.severity == .warning)
    #expect(change.cause?.id == "learning-rate")
  }

  @Test func whatStartsAtZeroHasNoScale() throws {
    let sweep = try sweep {
      Dense(32)
      ReLU()
      Dense(4, initializer: .zeros)
    }
    let delta = try judgment(.delta, .width, of: sweep)
    #expect(delta.trend == .unknown && delta.severity == .info)
    #expect(try judgment(.activation, .width, of: sweep).severity == .info)
  }

  @Test func whatWasLeftOutIsTold() throws {
    let plain = try sweep {
      Dense(32)
      ReLU()
      Dense(4)
    }
    #expect(plain.notes == ["no training is described, so that only the start is measured"])
    #expect(plain.parts.allSatisfy { $0.lines.allSatisfy { $0.quantity != .change } })
    let fixed = try sweep {
      Reshape([8, 1])
      LSTM(16)
      Dense(4)
    }
    #expect(fixed.parts.map(\.dimension) == [.width])
    #expect(
      fixed.notes.last
        == "no depth: no part of the network can be repeated, its shape staying the same")
  }

  @Test func twoSweepsAreTheSame() throws {
    let rule = UpdateRule(.adam())
    func once() throws -> Sweep {
      try sweep(rule: rule, seeds: 2) {
        Dense(32)
        BatchNorm()
        ReLU()
        Dropout(0.5)
        Dense(4)
      }
    }
    #expect(try once() == once())
    #expect(try once().jsonText.contains("\"format\" : \"gradient-sweep\""))
  }

  @Test func whatCannotBeSweptIsRefused() throws {
    func message(_ input: Shape, @NetworkBuilder _ layers: () -> [LayerNode]) throws -> String? {
      let network = try NeuralNetwork(input: input, loss: .softmaxCrossEntropy, layers: layers())
      let data = Dataset(
        inputShape: input, inputs: [Double](repeating: 1, count: 2 * input.count),
        targets: .classes([0, 1], names: []))
      do throws(NetworkError) {
        _ = try Sweep(network, on: data)
        return nil
      } catch { return error.message }
    }
    #expect(
      try message([4]) { Dense(3) }
        == "has nothing to sweep: the data and the targets fix the width of every layer, and no part "
        + "of it can be repeated")
    #expect(
      try message([4]) {
        Dense(30_000)
        ReLU()
        Dense(30_000)
        ReLU()
        Dense(3)
      }
        == "is too large for a sweep: 2 of its sizes stay below 1e11 multiply-adds and 2e8 numbers, "
        + "expected at least 3")
  }
}
