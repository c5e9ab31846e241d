import Foundation
import Testing

/// The healthy example learns whatever part of the data it is trained on.
@Suite struct DigitsAccuracyTests {
  @Test func digitsAreLearnedForEverySplit() throws {
    let command = try Command()
    defer { command.clean() }
    let model = Command.package.appending(path: "Examples/digits/model.yaml").path
    let accuracies = try (1...10).map { seed in
      let result = try command("train", model, "--seed", "\(seed)", "--format", "json")
      #expect(result.status == 0)
      let document = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
      return try #require(document.training.parts["test"]).accuracy
    }.sorted()
    #expect((accuracies[4] + accuracies[5]) / 2 >= 0.97, "\(accuracies)")
    #expect(accuracies[0] >= 0.94, "\(accuracies)")
  }

  private struct Document: Decodable {
    struct Training: Decodable { var parts: [String: Part] }
    struct Part: Decodable { var accuracy: Double }

    var training: Training
  }
}
