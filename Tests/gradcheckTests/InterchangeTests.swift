import Foundation
import GRDB
import Testing

/// Runs that go out and come in again, policies, and runs that repeat.
@Suite struct InterchangeTests {
  private static func example(_ name: String) -> String {
    Command.package.appending(path: "Examples/\(name)/model.yaml").path
  }

  /// A bundled example, its verdict, and whether its exit code says so.
  @Test(arguments: [
    ("digits", 0), ("digits-convolution", 0), ("digits-lstm", 0), ("digits-transformer", 0),
    ("autoencoder", 0), ("vanishing", 1), ("exploding", 1), ("dead-relu", 1),
  ])
  func exportedRunGetsTheVerdictOfTheOriginal(_ name: String, _ status: Int32) throws {
    let command = try Command()
    defer { command.clean() }
    _ = try command("train", Self.example(name), "--output", "a.gradtrace")
    #expect(
      try command("export", "a.gradtrace", "--format", "jsonl", "--output", "a.jsonl.gz").status
        == 0)
    #expect(try command("import", "a.jsonl.gz", "--output", "b.gradtrace").status == 0)
    let lines = try command("export", "a.gradtrace", "--format", "jsonl").output
    #expect(try command("export", "b.gradtrace", "--format", "jsonl").output == lines)
    for statistic in ["unitMeans", "unitDeviations", "subnormal", "distinctRows"] {
      #expect(lines.contains("\"\(statistic)\":"), "\(statistic)")
    }
    if name == "vanishing" { #expect(lines.contains("\"saturated\":")) }
    let original = try command("diagnose", "a.gradtrace", "--format", "json")
    #expect(original.status == status)
    for copy in ["a.jsonl.gz", "b.gradtrace"] {
      #expect(try command("diagnose", copy, "--format", "json").output == original.output)
    }
  }

  /// What `run` found out before the first step goes out and comes in with the run, and is said again in its report.
  @Test func aPreflightTravelsWithItsRun() throws {
    let command = try Command()
    defer { command.clean() }
    let run = try command("run", Self.example("exploding"), "--output", "run")
    let lines = run.output.split(separator: "\n").map(String.init)
    let place = try #require(lines.firstIndex { $0.hasPrefix("  Preflight  ") })
    #expect(
      lines[place]
        == "  Preflight  WARNING   initial scale in dense-1 … dense-13; loss at the start")
    // A path, as long as it may be, stands on one line.
    #expect(lines[place...].allSatisfy { $0.count <= 80 || $0.contains("model.yaml") })
    _ = try command("export", "run/trace.gradtrace", "--format", "jsonl", "--output", "a.jsonl")
    #expect(try command("report", "a.jsonl", "--output", "again").status == 1)
    for page in ["run/report.md", "again/report.md"] {
      let text = try command.text(of: page)
      #expect(
        text.contains("\n## Before the first step\n\n**Initial scale in dense-1 … dense-13.** "))
      #expect(text.contains("\n| a gradient reaches every parameter | yes | 26 parameters"))
      #expect(text.contains("\n| activations keep their scale at the start | **no** | "))
    }
    let quiet = try command("run", Self.example("digits"), "--output", "fine", "--format", "json")
    let document = try #require(
      JSONSerialization.jsonObject(with: Data(quiet.output.utf8)) as? [String: Any])
    let preflight = try #require(document["preflight"] as? [String: Any])
    #expect(preflight["format"] as? String == "gradient-preflight")
    #expect(preflight["verdict"] as? String == "pass")
    #expect(try !command.text(of: "fine/report.md").contains("## Before the first step"))
  }

  /// A preflight computes on copies: the run that follows is, step by step, the one without.
  @Test func aRunIsTheTrainingThatItWouldBeWithout() throws {
    let command = try Command()
    defer { command.clean() }
    for example in ["digits", "dead-relu"] {
      _ = try command("run", Self.example(example), "--output", "run")
      _ = try command("train", Self.example(example), "--output", "alone.gradtrace")
      let traces = try ["run/trace.gradtrace", "alone.gradtrace"].map {
        try command("export", $0, "--format", "csv").output
      }
      #expect(traces[0].count > 10_000 && traces[0] == traces[1])
      #expect(
        try command("run", Self.example(example), "--output", "run", "--fail-on", "never").status
          == 0)
    }
  }

  /// A warning fails a run that is asked to fail at warnings, and none else.
  @Test func aPreflightsWarningCountsAsOne() throws {
    let command = try Command()
    defer { command.clean() }
    let text = """
      model:
        name: loud
        input: [64]
        layers:
          - dense: 64
          - relu
          - dense: {units: 10, initializer: {normal: 5}}
      loss: softmax-cross-entropy
      data: {file: digits.csv.gz, target: last, split: {train: 0.8, validation: 0.2}, normalize: standard}
      training: {epochs: 6, optimizer: {adam: {learning-rate: 0.003}}}
      """
    try command.write(text, to: "model.yaml")
    try FileManager.default.copyItem(
      at: Command.package.appending(path: "Examples/data/digits.csv.gz"),
      to: command.folder.appending(path: "digits.csv.gz"))
    let lenient = try command("run", "model.yaml")
    #expect(lenient.output.contains("  Preflight  WARNING   loss at the start\n"))
    #expect(lenient.output.contains("  Health     healthy   "))
    #expect(lenient.status == 0)
    #expect(try command("run", "model.yaml", "--fail-on", "warning").status == 1)
    let allowed = "\nhealth: {allow: [{finding: initial-loss, reason: a loud start is meant}]}\n"
    try command.write(text + allowed, to: "model.yaml")
    let tolerant = try command("run", "model.yaml", "--fail-on", "warning")
    #expect(tolerant.status == 0)
    #expect(tolerant.output.contains("  Preflight  ready     "))
  }

  /// What was merged is a mean over steps, which nothing judges; an export says that it begins later.
  @Test func mergedStepsThatAreLeftOutAreTold() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(SmallLog().text, to: "run.jsonl")
    _ = try command("import", "run.jsonl", "--output", "run.gradtrace")
    let database = try DatabaseQueue(
      path: command.folder.appending(path: "run.gradtrace").path)
    try database.write {
      try $0.execute(
        sql: """
          DELETE FROM unit_window; DELETE FROM list; UPDATE step SET step = step + 5000;
          INSERT INTO merged VALUES (0, 0, 4999)
          """)
    }
    try database.close()
    for format in ["jsonl", "csv"] {
      let result = try command("export", "run.gradtrace", "--format", format)
      #expect(result.status == 0)
      #expect(
        result.errors == """
          gradcheck: run.gradtrace: the steps before 5,000 were merged, and are not exported

          """)
    }
  }

  /// CSV has the numbers and nothing of the layers: it goes out, and doesn't come in again.
  @Test func csvIsNoTrace() throws {
    let command = try Command()
    defer { command.clean() }
    let log = Command.package.appending(path: "Examples/pytorch/digits.jsonl.gz").path
    let export = ["export", log, "--format", "csv", "--output", "run.csv"]
    #expect(try command.call(export).status == 0)
    #expect(try command.text(of: "run.csv").hasPrefix("step,layer,tensor,statistic,value\n"))
    let result = try command("import", "run.csv", "--output", "b.gradtrace")
    #expect(result.status == 2)
    #expect(
      result.errors == """
        gradcheck: run.csv: not a trace: expected a .gradtrace, .jsonl or .jsonl.gz, found \
        "step,layer,tensor,statistic,value"

        """)
    #expect(!command.has("b.gradtrace"))
  }

  @Test func linesThatAreLeftOutAreTold() throws {
    let command = try Command()
    defer { command.clean() }
    _ = try command("train", Self.example("digits"), "--output", "a.gradtrace")
    _ = try command("export", "a.gradtrace", "--format", "jsonl", "--output", "a.jsonl")
    var lines = try command.text(of: "a.jsonl").split(separator: "\n").map(String.init)
    lines[5] = "{"
    lines[9] = "nonsense"
    try command.write(lines.joined(separator: "\n") + "\n", to: "broken.jsonl")
    #expect(try command("diagnose", "broken.jsonl").status == 2)
    let told = "gradcheck: broken.jsonl: left out 2 lines that can't be read\n"
    for arguments in [
      ["diagnose", "broken.jsonl"], ["report", "broken.jsonl", "--output", "report"],
      ["import", "broken.jsonl", "--output", "b.gradtrace"],
      ["export", "broken.jsonl", "--format", "csv"],
    ] {
      let result = try command.call(arguments + ["--keep-going"])
      #expect(result.status == 0)
      #expect(result.errors == told)
    }
  }

  /// A training that a finding ends says which, and fails as the policy has it.
  @Test func aTrainingThatAFindingStopsSaysSo() throws {
    let command = try Command()
    defer { command.clean() }
    let arguments = ["train", Self.example("vanishing"), "--stop-on", "error"]
    let stopped = try command.call(arguments)
    #expect(stopped.status == 1)
    #expect(stopped.output.contains("  Stopped    by vanishing gradient in dense-1 … "))
    #expect(try command.call(arguments + ["--fail-on", "never"]).status == 0)
    let whole = try command("train", Self.example("vanishing"))
    #expect(whole.status == 0)
    #expect(!whole.output.contains("Stopped"))
  }

  @Test func exportAddsToWhatStdoutHolds() throws {
    let command = try Command()
    defer { command.clean() }
    _ = try command("train", Self.example("digits"), "--output", "a.gradtrace")
    let result = try command.shell(
      #"echo before >rows.csv; exec "$gradcheck" export a.gradtrace --format csv >>rows.csv"#)
    #expect(result.status == 0)
    let csv = try command("export", "a.gradtrace", "--format", "csv").output
    #expect(try command.text(of: "rows.csv") == "before\n" + csv)
  }

  @Test func equalSeedsGiveEqualTraces() throws {
    let command = try Command()
    defer { command.clean() }
    for name in ["a", "b"] {
      _ = try command(
        "train", Self.example("digits"), "--seed", "7", "--threads", "1", "--output",
        "\(name).gradtrace")
      _ = try command(
        "export", "\(name).gradtrace", "--format", "jsonl", "--output", "\(name).jsonl")
    }
    _ = try command(
      "train", Self.example("digits"), "--seed", "8", "--threads", "1", "--output", "c.gradtrace")
    _ = try command("export", "c.gradtrace", "--format", "jsonl", "--output", "c.jsonl")
    #expect(try command.text(of: "a.jsonl") == command.text(of: "b.jsonl"))
    #expect(try command.text(of: "a.jsonl") != command.text(of: "c.jsonl"))
  }

  @Test func policyDecidesWhatFails() throws {
    let command = try Command()
    defer { command.clean() }
    _ = try command("train", Self.example("vanishing"), "--output", "run.gradtrace")
    #expect(try command("diagnose", "run.gradtrace").status == 1)
    #expect(try command("diagnose", "run.gradtrace", "--fail-on", "never").status == 0)
    try command.write("fail-on: never\n", to: "never.yaml")
    #expect(try command("diagnose", "run.gradtrace", "--policy", "never.yaml").status == 0)
    #expect(
      try command("diagnose", "run.gradtrace", "--policy", "never.yaml", "--fail-on", "error")
        .status == 1)
    try command.write("thresholds:\n  vanishing-gradient.attenuaton: 20\n", to: "typo.yaml")
    let typo = try command("diagnose", "run.gradtrace", "--policy", "typo.yaml")
    #expect(typo.status == 2)
    #expect(
      typo.errors == """
        gradcheck: typo.yaml:1: unknown threshold "vanishing-gradient.attenuaton"; did you mean \
        "vanishing-gradient.attenuation"?

        """)
  }

  @Test(arguments: ["pytorch-mlp", "pytorch-cnn", "pytorch-lstm"])
  func runsOfPyTorchAreHealthy(name: String) throws {
    let command = try Command()
    defer { command.clean() }
    let log = Command.package.appending(path: "Tests/GradientTraceTests/Fixtures/\(name).jsonl.gz")
    let result = try command("report", log.path, "--format", "json")
    #expect(result.status == 0)
    #expect(result.errors == "")
    #expect(
      result.output.contains("\"verdict\":\"healthy\"")
        || result.output.contains("\"verdict\" : \"healthy\""))
  }
}
