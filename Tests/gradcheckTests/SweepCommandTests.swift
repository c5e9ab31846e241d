import Foundation
import Testing

/// `gradcheck sweep`, as a user calls it.
@Suite struct SweepCommandTests {
  private static func example(_ name: String) -> String {
    Command.package.appending(path: "Examples/\(name)/model.yaml").path
  }

  @Test func aHealthyModelIsSteady() throws {
    let command = try Command()
    defer { command.clean() }
    let result = try command("sweep", Self.example("digits"), "--output", "sweep")
    #expect(result.status == 0 && result.errors == "")
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.count { $0.hasPrefix("  Output     steady    ") } == 2)
    #expect(lines.count { $0.hasPrefix("  δ          steady    ") } == 2)
    #expect(lines.contains { $0.hasPrefix("  Change     grows     In 5 steps the output of ") })
    #expect(
      command.files == [
        "sweep", "sweep/sweep-depth.png", "sweep/sweep-width.png", "sweep/sweep.md",
      ])
    #expect(
      try command.text(of: "sweep/sweep.md").contains("![The change in the first steps grows"))
    // An earlier one is replaced, a foreign folder is not.
    #expect(try command("sweep", Self.example("digits"), "--output", "sweep").status == 0)
    try command.write("mine", to: "other/notes.txt")
    let refused = try command("sweep", Self.example("digits"), "--output", "other")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("\"notes.txt\", which is not of a report"))
  }

  @Test func aTrendFailsTheCommandWhereItIsBadEnough() throws {
    let command = try Command()
    defer { command.clean() }
    for (name, status) in [("vanishing", 1), ("exploding", 1), ("digits", 0)] {
      let result = try command("sweep", Self.example(name), "--format", "json", "--seeds", "3")
      #expect(result.status == status)
      let document = try #require(
        JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
      #expect(document["format"] as? String == "gradient-sweep")
      #expect(document["severity"] as? String == (status == 1 ? "error" : "info"))
      #expect(document["seeds"] as? Int == 3)
    }
    #expect(
      try command("sweep", Self.example("vanishing"), "--fail-on", "never", "--quiet").status == 0)
    #expect(try command("sweep", Self.example("digits"), "--fail-on", "info").status == 1)
  }

  @Test func whatCannotBeSweptIsSaid() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(
      "model: {input: [4], layers: [dense: 3]}\nloss: softmax-cross-entropy\n", to: "one.yaml")
    let result = try command("sweep", "one.yaml")
    #expect(result.status == 2)
    #expect(
      result.errors
        == "gradcheck: one.yaml: has nothing to sweep: the data and the targets fix the width of "
        + "every layer, and no part of it can be repeated\n")
    #expect(try command("sweep", "one.yaml", "--seeds", "0").status == 2)
    try command.write(
      "model: {input: [4], layers: [dense: 16, relu, dense: 3]}\nloss: softmax-cross-entropy\n",
      to: "bare.yaml")
    let bare = try command("sweep", "bare.yaml")
    #expect(bare.status == 0)
    #expect(bare.output.contains("no data are named: the examples are drawn at random"))
  }
}
