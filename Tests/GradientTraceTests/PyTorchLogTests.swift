import Foundation
import GradientTrace
import Testing

/// The logs of three runs in PyTorch, held against numbers read off the files.
@Suite struct PyTorchLogTests {
  private func log(_ name: String) throws -> Trace {
    let url = try #require(
      Bundle.module.url(
        forResource: name, withExtension: "jsonl.gz", subdirectory: "Fixtures"))
    return try Trace(contentsOf: url.path)
  }

  private func near(_ value: Double?, _ expected: Double) -> Bool {
    guard let value else { return false }
    return abs(value - expected) <= 1e-7 * abs(expected)
  }

  @Test func aPerceptron() throws {
    let trace = try log("pytorch-mlp")
    let header = trace.header
    #expect(header.producer == "pytorch-recorder 1")
    #expect(header.run == RunDescription(name: "mlp", examplesPerEpoch: 1797))
    #expect(header.layers.map(\.name) == ["input", "fc0", "act0", "out"])
    #expect(header.layers.map(\.inputs) == [[], ["input"], ["fc0"], ["act0"]])
    #expect(
      header.layers[1].parameters == [
        ParameterDescription(name: "weight", shape: [32, 64], initialRMS: 0.17791),
        ParameterDescription(name: "bias", shape: [32], initialRMS: 0),
      ])

    let steps = try trace.steps()
    #expect(steps.map(\.step) == Array(0..<80))
    #expect(steps[0].loss == 2.84043)
    #expect(steps[0].learningRate == 0.1)
    #expect(steps[0].lossDivisor == 64)
    let input = try #require(steps[0].layers[0])
    #expect(input.unitMeans?.count == 64)
    #expect(near(input.unitMeans?[3], 1.11))
    #expect(near(input.unitDeviations?[1], 0.187))
    #expect(input.delta == nil)
    let dense = try #require(steps[0].layers[1])
    #expect(dense.activation?.count == 2048)
    #expect(near(dense.activation?.mean, 0.084753))
    #expect(dense.silentUnits == 0)
    // δ per example: the log's is of the loss divided by 64.
    #expect(near(dense.delta?.rms, 0.0020588 * 64))
    #expect(near(dense.delta?.max, 0.0095402 * 64))
    #expect(dense.delta?.zeros == 972)
    let weight = try #require(dense.parameters[0])
    #expect(near(weight.gradientRMS, 0.028198))
    #expect(near(weight.updateRMS, 0.0028198))
    #expect(weight.distinctRows == 32)
    #expect(near(weight.updateRatio, 0.0028198 / 0.17766))
    let window = try #require(steps[0].layers[2]?.unitWindow)
    #expect(window.steps == 1)
    #expect(window.activeCounts.prefix(5) == [31, 64, 59, 9, 29])
    #expect(window.lastActive == nil)
  }

  @Test func aConvolutionNet() throws {
    let trace = try log("pytorch-cnn")
    #expect(
      trace.header.layers.map(\.kind) == [
        "input", "convolution-2d", "batch-norm", "relu", "convolution-2d", "batch-norm", "relu",
        "convolution-2d", "batch-norm", "relu", "dense",
      ])
    let steps = try trace.steps()
    #expect(steps.count == 60)
    #expect(steps[0].loss == 2.22234)
    #expect(near(steps[0].layers[1]?.delta?.rms, 0.00082596 * 64))
    #expect(steps[0].layers[3]?.activation?.zeros == 16_420)
    #expect(near(steps[0].layers[2]?.parameters[1]?.gradientMax, 0.033093))
  }

  @Test func aRecurrentNet() throws {
    let trace = try log("pytorch-lstm")
    #expect(trace.header.layers[1].parameters.map(\.shape) == [[96, 4], [96, 24], [96], [96]])
    let steps = try trace.steps()
    #expect(steps.count == 100)
    #expect(near(steps[0].layers[1]?.parameters[1]?.gradientRMS, 0.00015579))
    #expect(steps[0].layers[2]?.activation?.count == 128)
  }
}
