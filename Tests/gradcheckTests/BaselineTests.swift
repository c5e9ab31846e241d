import Foundation
import Testing

/// `gradcheck baseline update`, and `gradcheck assert --baseline`.
@Suite struct BaselineTests {
  /// A small model of the digits, with something changed.
  private func model(
    name: String = "digits", activation: String = "relu", rate: Double = 0.1, units: Int = 32,
    steps: Int = 120
  ) -> String {
    """
    model:
      name: \(name)
      input: [64]
      layers: [dense: \(units), \(activation), dense: 16, \(activation), dense: 10]
    loss: softmax-cross-entropy
    data: {file: digits.csv.gz, target: last, normalize: standard}
    training: {seed: 1, batch: 64, steps: \(steps), optimizer: {sgd: {learning-rate: \(rate)}}}

    """
  }

  private func inOneLine(_ result: Command.Result) -> String {
    result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private func withData(_ body: (Command) throws -> Void) throws {
    let command = try Command()
    defer { command.clean() }
    try FileManager.default.copyItem(
      at: Command.package.appending(path: "Examples/data/digits.csv.gz"),
      to: command.folder.appending(path: "digits.csv.gz"))
    try command.write(model(), to: "model.yaml")
    try body(command)
  }

  @Test func aChangeThatMakesItWorseFailsAndAnotherSeedDoesNot() throws {
    try withData { command in
      let update = try command("baseline", "update", "model.yaml", "--baseline", "b.json")
      #expect(update.status == 0 && update.errors == "")
      #expect(
        update.output.split(separator: "\n") == [
          "  digits     5 runs, steps 0 to 4 and 70 to 119", "  Baseline   b.json",
        ])
      #expect(command.files == ["b.json", "digits.csv.gz", "model.yaml"])
      for seed in ["1", "11", "12"] {
        let same = try command("assert", "model.yaml", "--baseline", "b.json", "--seed", seed)
        #expect(same.status == 0, "\(same.output)\(same.errors)")
      }
      try command.write(model(activation: "sigmoid"), to: "sigmoid.yaml")
      try command.write(model(rate: 0.002), to: "slow.yaml")
      for name in ["sigmoid.yaml", "slow.yaml"] {
        let worse = try command(
          "assert", name, "--baseline", "b.json", "--fail-on", "never")
        #expect(worse.status == 1)
        #expect(inOneLine(worse).contains("in the last steps, 70 to 119: the loss is 2."))
      }
      // Training makes up for a start that is three times too large.
      let large = model().replacing(
        "dense: 32", with: "dense: {units: 32, initializer: {normal: {standard-deviation: 0.53}}}")
      try command.write(large, to: "large.yaml")
      let worse = try command("assert", "large.yaml", "--baseline", "b.json")
      #expect(worse.status == 1)
      #expect(
        inOneLine(worse).contains(
          "worse than the baseline in the first steps, 0 to 4: the weights' scale is worse in "
            + "dense-1: 4.3, before 1.4 (× 3, noise ×÷ 1.3)."))
    }
  }

  @Test func tracesAreGroupedByName() throws {
    try withData { command in
      for seed in 1...3 {
        let trained = try command(
          "train", "model.yaml", "--seed", "\(seed)", "--output", "\(seed).gradtrace", "--quiet")
        #expect(trained.status == 0)
      }
      try command.write(SmallLog().text, to: "other.jsonl")
      let update = try command(
        "baseline", "update", "1.gradtrace", "2.gradtrace", "other.jsonl", "3.gradtrace",
        "--baseline", "b.json")
      #expect(update.status == 0 && update.errors == "")
      let lines = update.output.split(separator: "\n").map(String.init)
      #expect(lines[0] == "  digits     3 runs, steps 0 to 4 and 70 to 119")
      #expect(
        lines[1].hasPrefix(
          "  other      1 run, steps 0 to 4 and 10 to 59; that few don't tell what is"))
      let good = try command("assert", "2.gradtrace", "other.jsonl", "--baseline", "b.json")
      #expect(good.status == 0, "\(good.output)")
      // Of the others nothing is lost.
      let before = try command.text(of: "b.json")
      try command.write(model(name: "third"), to: "third.yaml")
      let third = try command(
        "baseline", "update", "third.yaml", "--seeds", "1", "--baseline", "b.json", "--format",
        "json")
      #expect(third.status == 0 && third.output.contains("\"updated\":[\"third\"]"))
      let after = try command.text(of: "b.json")
      #expect(after.contains("\"third\"") && after.contains("\"other\"") && after != before)
    }
  }

  @Test func whatDoesNotFitIsToldWithTheCommandThatMendsIt() throws {
    try withData { command in
      let update = try command(
        "baseline", "update", "model.yaml", "--seeds", "1", "--baseline", "b.json")
      #expect(update.status == 0)
      func refusal(_ text: String) throws -> String {
        try command.write(text, to: "model.yaml")
        let result = try command("assert", "model.yaml", "--baseline", "b.json")
        #expect(result.status == 2)
        return result.errors
      }
      let mend = "`gradcheck baseline update model.yaml --baseline b.json`"
      #expect(
        try refusal(model(name: "renamed"))
          == "gradcheck: b.json: has no baseline of \"renamed\", only of \"digits\"; \(mend) measures it\n"
      )
      #expect(
        try refusal(model(units: 48)) == """
          gradcheck: b.json: the baseline of "digits" is of another model: its "dense-1/weight" is [32, 64], \
          this run's [48, 64]; \(mend) measures it anew

          """)
      #expect(
        try refusal(model(steps: 60)) == """
          gradcheck: b.json: the baseline of "digits" is of steps 70 to 119, and the run ends at step 59; \
          \(mend) measures it anew

          """)
      let later = try command.text(of: "b.json").replacing(
        "\"version\" : 2", with: "\"version\" : 3")
      try command.write(later, to: "b.json")
      #expect(
        try refusal(model()) == "gradcheck: b.json: is of version 3, expected one up to version 2\n"
      )
    }
  }

  @Test func runsThatAreNotAlikeAreRefused() throws {
    let empty = SmallLog.changed { $0.steps = [] }
    let wide = SmallLog.changed { $0.header = $0.header.replacing("[4,3]", with: "[4,5]") }
    let named = { (text: String) in
      text.replacing("\"run\":{", with: "\"run\":{\"name\":\"small\",")
    }
    let files = [
      "empty.jsonl": named(empty), "one.jsonl": named(SmallLog().text), "wide.jsonl": named(wide),
    ]
    try expect(
      ["baseline", "update", "empty.jsonl", "--baseline", "b.json"],
      toFailWith: "empty.jsonl: no step is recorded, expected some to measure", files: files)
    try expect(
      ["baseline", "update", "one.jsonl", "wide.jsonl", "--baseline", "b.json"],
      toFailWith: """
        wide.jsonl: is not a run of the model of one.jsonl: its "fc1/weight" is [4, 3], this run's [4, 5]
        """, files: files)
    try expect(
      ["baseline", "update", "one.jsonl", "--baseline", "notes.txt"],
      toFailWith: "notes.txt: is no baseline, expected one that `gradcheck baseline update` wrote",
      files: files.merging(["notes.txt": "mine"]) { $1 })
  }
}
