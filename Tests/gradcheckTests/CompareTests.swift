import Foundation
import Testing

/// `gradcheck compare`, as a user calls it.
@Suite struct CompareTests {
  /// The digits, trained with a seed and a learning rate into a trace.
  private func train(_ command: Command, _ name: String, seed: Int, rate: Double = 0.1) throws {
    let text = """
      model: {name: digits, input: [64], layers: [dense: 32, relu, dense: 16, relu, dense: 10]}
      loss: softmax-cross-entropy
      data: {file: digits.csv.gz, target: last, normalize: standard}
      training: {seed: 1, batch: 64, steps: 120, optimizer: {sgd: {learning-rate: \(rate)}}}
      """
    try command.write(text, to: "\(name).yaml")
    let result = try command(
      "train", "\(name).yaml", "--seed", "\(seed)", "--output", "\(name).gradtrace", "--quiet")
    #expect(result.status == 0 && result.errors == "")
  }

  private func withData(_ body: (Command) throws -> Void) throws {
    let command = try Command()
    defer { command.clean() }
    try FileManager.default.copyItem(
      at: Command.package.appending(path: "Examples/data/digits.csv.gz"),
      to: command.folder.appending(path: "digits.csv.gz"))
    try body(command)
  }

  @Test func anotherSeedIsNoChangeAndASmallerRateIsOne() throws {
    try withData { command in
      for seed in 1...6 { try train(command, "seed-\(seed)", seed: seed) }
      try train(command, "slow", seed: 1, rate: 0.001)
      let repeats = ["--repeats"] + (2...5).map { "seed-\($0).gradtrace" }
      let result = try command.call(
        ["compare", "seed-1.gradtrace", "seed-6.gradtrace", "slow.gradtrace", "--output", "pages"]
          + repeats)
      #expect(result.status == 0 && result.errors == "")
      let lines = result.output.split(separator: "\n").map(String.init)
      #expect(lines.allSatisfy { $0.count <= 80 })
      #expect(lines.count { $0.hasPrefix("  Changed    nothing   ") } == 1)
      #expect(lines.count { $0.hasPrefix("  Changed    CHANGED   ") } == 1)
      #expect(lines.contains { $0.hasPrefix("  ‖ΔW‖/‖W‖ a step ") })
      #expect(lines.contains("  Noise      from 5 runs like the one before"))
      #expect(
        command.files.filter { $0.hasPrefix("pages/") } == [
          "pages/comparison-1.png", "pages/comparison-2.png", "pages/comparison.md",
        ])
      let page = try command.text(of: "pages/comparison.md")
      #expect(page.contains("**No change**: no layer beyond what is noise."))
      let json = try command.call(
        ["compare", "seed-1.gradtrace", "slow.gradtrace", "--format", "json"] + repeats)
      let document = try #require(
        JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      let comparisons = try #require(document["comparisons"] as? [[String: Any]])
      #expect(comparisons.map { $0["runsBefore"] as? Int } == [5])
    }
  }

  @Test func whatCannotBeComparedIsSaid() throws {
    try withData { command in
      try train(command, "one", seed: 1)
      #expect(
        try command("compare", "one.gradtrace").errors.hasPrefix(
          "Error: found 1 trace, expected two or more to compare"))
      let missing = try command("compare", "one.gradtrace", "two.gradtrace")
      #expect(missing.status == 2)
      #expect(missing.errors.hasPrefix("gradcheck: two.gradtrace: "))
      try command.write("mine", to: "other/notes.txt")
      let refused = try command(
        "compare", "one.gradtrace", "one.gradtrace", "--output", "other")
      #expect(refused.status == 2 && refused.errors.contains("which is not of a report"))
    }
  }
}
