import Testing

@testable import Backpropagation

/// Every layer and loss, and small networks of them, beside what PyTorch computes.
struct GoldenNetworkTests {
  static let names = GoldenFile.names.filter { !$0.hasPrefix("optimizer-") }

  @Test func everyLayerAndLossIsAmongThem() throws {
    let networks = try Self.names.map { try GoldenNetwork($0).network }
    let layers = Set(networks.flatMap { $0.nodes.map(\.layer.kind) })
    let losses = Set(networks.flatMap { $0.heads.map(\.loss.id) })
    #expect(LayerCatalog.all.entries.filter { !layers.contains($0.id) }.isEmpty)
    #expect(LossCatalog.all.entries.filter { !losses.contains($0.id) }.isEmpty)
    #expect(Self.names.count >= 110)
  }

  /// Outputs, loss, δ of the input, all gradients and the running statistics afterwards.
  @Test(arguments: names)
  func whatPyTorchComputesIsComputed(_ name: String) throws {
    let golden = try GoldenNetwork(name)
    let double = Deviation.all(
      of: try golden.ours(in: Double.self), from: golden.theirs, tolerance: 1e-10)
    #expect(double.isEmpty, "\(double)")
    let float = Deviation.all(
      of: try golden.ours(in: Float.self), from: golden.theirs, tolerance: 1e-5)
    #expect(float.isEmpty, "in Float: \(float)")
  }

  @Test func aBackwardPassThatOverwritesWhatItShouldAddIsFound() throws {
    let golden = try GoldenNetwork("add")
    let deviations = Deviation.all(
      of: try golden.ours(in: Double.self, combination: .overwrite), from: golden.theirs,
      tolerance: 1e-10)
    #expect(deviations.map(\.name) == ["delta/input", "gradient/a/bias", "gradient/a/weight"])
  }

  @Test func anotherSlopeIsFound() throws {
    let file = try GoldenFile("leaky-relu-steep")
    let text = try #require(file.metadata["model"]).replacing("0.2", with: "0.2000001")
    let golden = try GoldenNetwork("leaky-relu-steep", text: text)
    let deviations = Deviation.all(
      of: try golden.ours(in: Double.self), from: golden.theirs, tolerance: 1e-10)
    #expect(deviations.map(\.name) == ["delta/input", "loss", "output"])
  }
}

struct DeviationTests {
  let theirs = ["a": [3.0, -4, 0], "b": [1e-18, 0]]

  private func names(_ ours: [String: [Double]]) -> [String] {
    Deviation.all(of: ours, from: theirs, tolerance: 1e-10).map(\.name)
  }

  @Test func whatIsEqualOrNearlySoPasses() {
    #expect(names(theirs).isEmpty)
    // 4e-10 is 1e-10 of the largest element.
    #expect(names(["a": [3, -4, 3.9e-10], "b": [0, 1e-17]]).isEmpty)
  }

  @Test func whatDeviatesIsNamed() {
    #expect(names(["a": [3, -4, 4.1e-10], "b": [0, 0]]) == ["a"])
    #expect(names(["a": [3, -4, 0], "b": [0, 5e-10]]) == ["b"])
    #expect(names(["a": [3, -4], "b": [0, 0]]) == ["a"])
    #expect(names(["a": [3, -4, .nan], "b": [0, 0]]) == ["a"])
    #expect(names(["a": [3, -4, .infinity], "b": [0, 0]]) == ["a"])
    #expect(names(["b": [0, 0], "c": [1]]) == ["a", "c"])
  }
}
