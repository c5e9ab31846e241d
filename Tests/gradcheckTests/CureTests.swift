import Foundation
import Testing

/// `gradcheck cure` as a user meets it.
@Suite struct CureTests {
  /// The examples with their data, where they can be written to.
  private func command() throws -> Command {
    let command = try Command()
    for path in ["vanishing/model.yaml", "digits/model.yaml", "data/digits.csv.gz"] {
      let target = command.folder.appending(path: "Examples/\(path)")
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: Command.package.appending(path: "Examples/\(path)"), to: target)
    }
    return command
  }

  @Test func itWritesTheModelThatIsHealed() throws {
    let command = try command()
    defer { command.clean() }
    let result = try command("cure", "Examples/vanishing/model.yaml")
    #expect(result.status == 0)
    #expect(result.errors == "")
    let lines = result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(lines.contains { $0.hasPrefix("Health     ERROR     vanishing gradient in dense-1") })
    #expect(lines.contains { $0.hasPrefix("as it is") && $0.contains("ERROR") })
    #expect(lines.contains { $0.hasPrefix("1  use-relu") && $0.contains("healed") })
    #expect(lines.contains("12 × sigmoid → relu"))
    #expect(lines.contains("Cure       healed    by use-relu: 12 × sigmoid → relu"))
    #expect(lines.contains("Model      Examples/vanishing/vanishing.cured.yaml"))
    #expect(lines.contains("Next       gradcheck run Examples/vanishing/vanishing.cured.yaml"))
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(command.has("Examples/vanishing/vanishing.cured.png"))
    let cured = try command("run", "Examples/vanishing/vanishing.cured.yaml")
    #expect(cured.status == 0)
    #expect(cured.output.contains("gradcheck-report/vanishing-cured/report.md"))
    #expect(!cured.output.contains("gradcheck cure"))
  }

  @Test func runNamesTheCommand() throws {
    let command = try command()
    defer { command.clean() }
    let result = try command("run", "Examples/vanishing/model.yaml")
    #expect(
      result.output.contains(
        "\n             gradcheck cure Examples/vanishing/model.yaml   tries them\n  Besides"))
    let diagnosed = try command("diagnose", "gradcheck-report/vanishing/trace.gradtrace")
    #expect(!diagnosed.output.contains("gradcheck cure"))
  }

  @Test func aHealthyModelIsLeftAlone() throws {
    let command = try command()
    defer { command.clean() }
    let before = command.files
    let result = try command("cure", "Examples/digits/model.yaml")
    #expect(result.status == 0)
    #expect(result.output.contains("\n  Cure       nothing to cure in the first 400 steps\n"))
    #expect(command.files == before)
  }

  @Test func whatDoesNotHealWritesNothing() throws {
    let command = try command()
    defer { command.clean() }
    let before = command.files
    let path = "Examples/vanishing/model.yaml"
    let result = try command("cure", path, "--seconds", "0.001")
    #expect(result.status == 1)
    #expect(
      result.output.contains(
        "\n  Cure       none heals so far; the time is up; nothing is written\n"))
    #expect(try command("cure", path, "--seconds", "0.001", "--fail-on", "never").status == 0)
    #expect(command.files == before)
  }

  @Test func theDocumentTellsEveryTrial() throws {
    let command = try command()
    defer { command.clean() }
    let result = try command(
      "cure", "Examples/vanishing/model.yaml", "--format", "json", "--output", "cured.yaml",
      "--seed", "3", "--steps", "200")
    #expect(result.status == 0)
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let document = try #require(object as? [String: Any])
    #expect(document["format"] as? String == "gradient-cure")
    #expect(document["verdict"] as? String == "healed")
    #expect(document["finding"] as? String == "vanishing-gradient")
    #expect(document["model"] as? String == "cured.yaml")
    #expect(document["chart"] as? String == "cured.png")
    let before = try #require(document["before"] as? [String: Any])
    #expect(before["verdict"] as? String == "error" && before["steps"] as? Int == 200)
    let attempts = try #require(document["attempts"] as? [[String: Any]])
    #expect(attempts.count == 3 && attempts[0]["heals"] as? Bool == true)
    let text = try command.text(of: "cured.yaml")
    #expect(text.contains("\n  file: Examples/data/digits.csv.gz\n"))
    #expect(try command("train", "cured.yaml", "--quiet").status == 0)
    let quiet = try command(
      "cure", "Examples/vanishing/model.yaml", "--quiet", "--output", "again.yaml", "--steps", "200"
    )
    #expect(quiet.status == 0 && quiet.output == "" && command.has("again.yaml"))
  }

  @Test func whatCannotBeTriedIsRefused() throws {
    let command = try command()
    defer { command.clean() }
    let model = "Examples/vanishing/model.yaml"
    func refusal(_ arguments: String...) throws -> String {
      let result = try command.call(["cure"] + arguments)
      #expect(result.status == 2)
      #expect(result.output == "")
      return result.errors
    }
    #expect(
      try refusal(model, "--output", model)
        == "gradcheck: \(model): is the model that is read; expected another file to write\n")
    #expect(
      try refusal(model, "--output", "nowhere/cured.yaml")
        == "gradcheck: nowhere/cured.yaml: can't be written: no such folder\n")
    #expect(
      try refusal(model, "--output", "Examples")
        == "gradcheck: Examples: is a folder, expected the name of a file to write\n")
    #expect(try refusal("gone.yaml") == "gradcheck: gone.yaml: no such file\n")
    let bare = "model:\n  input: [4]\n  layers: [dense: 2]\nloss: softmax-cross-entropy\n"
    try command.write(bare, to: "bare.yaml")
    #expect(
      try refusal("bare.yaml")
        == "gradcheck: bare.yaml: has no \"data\", which training needs\n")
    try command.write(
      bare + "data: {file: Examples/data/digits.csv.gz, columns: 1-4, target: last}\n",
      to: "untrained.yaml")
    #expect(
      try refusal("untrained.yaml").hasPrefix("gradcheck: untrained.yaml"))
    try command.write(
      bare.replacing("dense", with: "dens"), to: "broken.yaml")
    #expect(
      try refusal("broken.yaml")
        == "gradcheck: broken.yaml:3: unknown layer \"dens\"; did you mean \"dense\"?\n")
    #expect(try refusal("--program", "cat").contains("Unknown option '--program'"))
    #expect(try refusal(model, "--steps", "0").contains("--steps is 0, expected 1 or more"))
    #expect(try refusal(model, "--seconds", "0").contains("--seconds is 0.0, expected more than 0"))
  }
}
