import GradientModelFiles
import Testing

@testable import Backpropagation

/// Ten steps of every optimizer beside those of PyTorch, and of Lion beside its authors'.
struct GoldenOptimizerTests {
  static let names = GoldenFile.names.filter { $0.hasPrefix("optimizer-") }

  @Test func everyOptimizerIsThere() {
    for entry in OptimizerCatalog.all.entries {
      #expect(Self.names.contains("optimizer-\(entry.id)"))
    }
  }

  @Test(arguments: names)
  func tenStepsAreThoseOfPyTorch(_ name: String) throws {
    let file = try GoldenFile(name)
    let optimizer = try optimizer(of: file)
    let theirs = ["after": try file.tensor("after")]
    let double = Deviation.all(
      of: ["after": try tenSteps(of: optimizer, file, in: Double.self)], from: theirs,
      tolerance: 1e-10)
    #expect(double.isEmpty, "\(double)")
    let float = Deviation.all(
      of: ["after": try tenSteps(of: optimizer, file, in: Float.self)], from: theirs,
      tolerance: 1e-5)
    #expect(float.isEmpty, "in Float: \(float)")
  }

  @Test func anotherMomentumIsFound() throws {
    let file = try GoldenFile("optimizer-sgd-momentum")
    let ours = try tenSteps(
      of: SGD(learningRate: 0.05, momentum: 0.90000001), file, in: Double.self)
    let deviations = Deviation.all(
      of: ["after": ours], from: ["after": try file.tensor("after")], tolerance: 1e-10)
    #expect(deviations.map(\.name) == ["after"])
  }

  private func tenSteps<Scalar: TensorScalar>(
    of optimizer: any Optimizer, _ file: GoldenFile, in type: Scalar.Type
  ) throws -> [Double] {
    let start = try file.tensor("start"), gradients = try file.tensor("gradients")
    let memory = Arena<Scalar>(
      counts: [Int](repeating: start.count, count: 2 + optimizer.stateCount))
    let views = (0..<2 + optimizer.stateCount).map { memory.view($0, [start.count]) }
    let (parameter, gradient, state) = (views[0], views[1], Array(views.dropFirst(2)))
    for (index, value) in start.enumerated() { parameter[index] = Scalar(value) }
    for view in state { view.fill(Scalar(optimizer.initialState)) }
    var after: [Double] = []
    for step in 0..<gradients.count / start.count {
      for index in 0..<start.count {
        gradient[index] = Scalar(gradients[step * start.count + index])
      }
      _ = optimizer.update(
        parameter, gradient: gradient, state: state,
        UpdateStep(number: step + 1, learningRate: optimizer.learningRate))
      after += (0..<start.count).map { Double(parameter[$0]) }
    }
    return after
  }

  private func optimizer(of file: GoldenFile) throws -> any Optimizer {
    let optimizer = try #require(file.metadata["optimizer"])
    let text = """
      model: {input: [1], layers: [dense: 1]}
      loss: half-squared-error
      training: {steps: 1, optimizer: \(optimizer)}
      """
    let folder = try TemporaryFolder()
    let model = try ModelFile(contentsOf: folder.file("model.yaml", Array(text.utf8)))
    return try #require(model.training).optimizer
  }
}
