import Backpropagation
import Foundation
import GradientModelFiles
import Testing

@testable import GradientChecking

/// The bundled models, on their own data: their gradients are right, however unhealthy they are.
struct ExampleModelTests {
  static let names = ["digits", "vanishing", "exploding", "dead-relu"]

  private func load(_ name: String) throws -> (NeuralNetwork, Dataset) {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let model = try ModelFile(
      contentsOf: package.appending(path: "Examples/\(name)/model.yaml").path)
    return (model.network, try #require(try model.readData()).split.training.prefix(8))
  }

  @Test(arguments: names)
  func aModelIsRight(_ name: String) throws {
    let (network, data) = try load(name)
    for seed in 1...3 as ClosedRange<UInt64> {
      let check = try GradientCheck(network, on: data, seed: seed)
      #expect(check.verdict == .pass, "\(check)")
      #expect(check.tensors.allSatisfy { $0.unverifiable == 0 })
    }
  }

  /// A sign error in any one layer is found in that layer.
  @Test(arguments: names)
  func aSignErrorIsNamed(_ name: String) throws {
    let (network, data) = try load(name)
    let last = network.nodes.count - 1
    for place in Set([1, 2, last / 2, last - 1, last]).sorted() {
      let layers = network.nodes.enumerated().dropFirst().map { index, node in
        LayerNode(
          index == place ? PlantedLayer(.inputSign, in: node.layer) : node.layer, name: node.name)
      }
      let wrong = try NeuralNetwork(
        input: network.inputShape, loss: network.loss, layers: layers)
      let check = try GradientCheck(wrong, on: data)
      #expect(check.verdict == .fail)
      #expect(check.failures.map(\.name) == ["\(network.nodes[place].name)/input"])
    }
  }
}
