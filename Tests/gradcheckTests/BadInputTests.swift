import Foundation
import Testing

/// Bad input: one line on stderr, exit 2, nothing half-written.
///
/// The readers' own tests hold the messages one by one.
@Suite struct BadInputTests {
  @Test(arguments: ["run", "train", "check"])
  func missingModel(subcommand: String) throws {
    try expect([subcommand, "nowhere.yaml"], toFailWith: "nowhere.yaml: no such file")
  }

  @Test func typoIsSuggestedAgainst() throws {
    try expect(
      ["run", "model.yaml"],
      toFailWith: """
        model.yaml:12: unknown key "lerning-rate" in training.optimizer.sgd; did you mean "learning-rate"?
        """,
      files: ["model.yaml": Self.model.replacing("learning-rate", with: "lerning-rate")])
  }

  @Test(arguments: ["0", "-0.1", ".nan"])
  func learningRate(value: String) throws {
    let shown = value == ".nan" ? "nan" : value
    try expect(
      ["train", "model.yaml"],
      toFailWith:
        "model.yaml:12: learning-rate of sgd is \(shown), expected a positive number",
      files: ["model.yaml": Self.model.replacing("0.01", with: value)])
  }

  @Test func traceThatIsNone() throws {
    try expect(
      ["diagnose", "model.yaml"],
      toFailWith:
        "model.yaml: not a trace: expected a .gradtrace, .jsonl or .jsonl.gz, found \"model:\"",
      files: ["model.yaml": Self.model])
  }

  @Test func moreThanTheLimit() throws {
    try expect(
      ["train", "model.yaml", "--max-input", "20"],
      toFailWith: "digits.csv: larger than the limit of 20 bytes",
      files: ["model.yaml": Self.model, "digits.csv": Self.rows])
    try expect(
      ["diagnose", "run.jsonl", "--max-input", "10"],
      toFailWith: "run.jsonl: larger than the limit of 10 bytes",
      files: ["run.jsonl": #"{"step":0,"loss":1,"layers":{}}"# + "\n"])
  }

  @Test func logWithoutItsFirstLine() throws {
    try expect(
      ["diagnose", "run.jsonl"],
      toFailWith:
        #"run.jsonl:1: not a trace: expected "format": "gradient-trace", found no "format""#,
      files: ["run.jsonl": #"{"step":0,"loss":1,"layers":{}}"# + "\n"])
  }

  @Test(arguments: [["export", "run.jsonl", "--format", "csv"], ["import", "run.jsonl"]])
  func outputThatIsTheInput(arguments: [String]) throws {
    try expect(
      arguments + ["--output", "./run.jsonl"],
      toFailWith: "./run.jsonl: is the trace that is read; expected another file to write",
      files: ["run.jsonl": "{}"])
  }

  @Test func foreignFilesInTheOutputFolder() throws {
    try expect(
      ["run", "model.yaml", "--output", "mine"],
      toFailWith: """
        mine: the folder holds "thesis.txt", which is not of a report; expected an empty folder or \
        an earlier report
        """,
      files: [
        "model.yaml": Self.model, "mine/thesis.txt": "years of work",
        "digits.csv": Self.rows,
      ])
  }

  @Test(arguments: ["run", "train"])
  func noTraining(subcommand: String) throws {
    let untrained = try #require(Self.model.range(of: "training:")).lowerBound
    try expect(
      [subcommand, "model.yaml"],
      toFailWith: "model.yaml: has no \"training\", which says how long and with what",
      files: ["model.yaml": String(Self.model[..<untrained]), "digits.csv": Self.rows])
  }

  @Test func emptyNames() throws {
    try expect(["check", ""], toFailWith: "\"\": no such file")
    try expect(
      ["check", "model.yaml"], toFailWith: "./: is a folder, expected a file",
      files: ["model.yaml": Self.model.replacing("digits.csv", with: "./")])
  }

  @Test func fullStandardOutput() throws {
    let command = try Command()
    defer { command.clean() }
    let result = try command.shell(#"exec "$gradcheck" explain >/dev/full"#)
    #expect(result.status == 2)
    #expect(
      result.errors == "gradcheck: stdout: can't be written: no space left on device\n")
  }

  @Test func closedStandardErrors() throws {
    let command = try Command()
    defer { command.clean() }
    #expect(try command.shell(#"exec "$gradcheck" run nowhere.yaml 2>&-"#).status == 2)
  }

  @Test func secondRunIntoTheSameFile() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(InterruptionTests.endless, to: "model.yaml")
    let result = try command.shell(
      """
      cp "$package/Examples/data/digits.csv.gz" .
      "$gradcheck" train model.yaml --quiet &
      first=$!
      until [ -e endless.running.gradtrace-wal ]; do sleep 0.02; done
      sleep 0.3
      "$gradcheck" train model.yaml --quiet 2>second.txt
      echo "second $?"
      kill -TERM $first
      wait $first
      echo "first $?"
      echo "process $first"
      """)
    let process = try #require(result.output.split(separator: " ").last)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(result.output.hasPrefix("second 2\nfirst 143\n"))
    #expect(
      try command.text(of: "second.txt") == """
        gradcheck: endless.gradtrace: is in use by process \(process); wait for its end, or write \
        elsewhere

        """)
    #expect(try command("diagnose", "endless.gradtrace", "--fail-on", "never").status == 0)
  }

  @Test(arguments: ["run", "train"])
  func diskTooSmallForATrace(subcommand: String) throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(Self.model, to: "model.yaml")
    try command.write(Self.rows, to: "digits.csv")
    let before = command.files
    let result = try command.shell(
      #"ulimit -f 16; exec "$gradcheck" \#(subcommand) model.yaml --output new --quiet"#)
    #expect(result.status == 2)
    #expect(result.errors.contains("can't be written: "))
    #expect(command.files == before)
  }

  @Test func usageIsAlso2() throws {
    let command = try Command()
    defer { command.clean() }
    let result = try command("run", "model.yaml", "--treads", "2")
    #expect(result.status == 2)
    #expect(result.errors.contains("--treads"))
  }

  @Test func fullDisk() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(InterruptionTests.endless, to: "model.yaml")
    let result = try command.shell(
      """
      cp "$package/Examples/data/digits.csv.gz" .
      ulimit -f 256
      exec "$gradcheck" train model.yaml --quiet
      """)
    #expect(result.status == 2)
    #expect(result.errors.hasPrefix("gradcheck: endless.gradtrace: "))
    #expect(result.errors.split(separator: "\n").count == 1)
    // What was committed before stays readable.
    let diagnosis = try command("diagnose", "endless.running.gradtrace", "--fail-on", "never")
    #expect(diagnosis.status == 0, "\(diagnosis.errors)")
  }

  private static let model = """
    model:
      input: [2]
      layers:
        - dense: 4
        - relu
        - dense: 2
    loss: softmax-cross-entropy
    data:
      file: digits.csv
    training:
      steps: 5
      optimizer: {sgd: {learning-rate: 0.01}}

    """

  private static let rows = "1,2,0\n2,1,1\n0,1,0\n3,1,1\n1,3,0\n3,2,1\n"
}
