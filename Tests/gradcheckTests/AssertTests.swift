import Foundation
import Testing

/// `gradcheck assert`, as a build calls it.
@Suite struct AssertTests {
  private func example(_ name: String) -> String {
    Command.package.appending(path: "Examples/\(name)/model.yaml").path
  }

  private func with(_ files: [String: String] = [:], _ body: (Command) throws -> Void) throws {
    let command = try Command()
    defer { command.clean() }
    for (name, text) in files { try command.write(text, to: name) }
    try body(command)
  }

  @Test func aHealthyModelIsALine() throws {
    try with { command in
      let result = try command("assert", example("digits"), "--reports", "reports")
      #expect(result.status == 0 && result.errors == "")
      let lines = result.output.split(separator: "\n")
      #expect(lines.count == 1)
      #expect(lines[0].hasPrefix("  healthy    /") && lines[0].hasSuffix(" could not be"))
      #expect(command.files == [], "neither its trace nor an empty folder stays")
    }
  }

  @Test func aSickModelFailsWithItsFindingAndItsReport() throws {
    try with { command in
      let result = try command("assert", example("vanishing"), "--reports", "reports")
      #expect(result.status == 1 && result.errors == "")
      let lines = result.output.split(separator: "\n").map(String.init)
      #expect(lines.allSatisfy { $0.count <= 80 || $0.contains("vanishing/model.yaml") })
      #expect(lines[0].hasPrefix("  FAILED     /"))
      #expect(
        lines[1].hasPrefix("             vanishing-gradient (error) in dense-1, since step 0: "))
      #expect(lines.contains { $0.hasPrefix("             Why: ") })
      #expect(lines.contains { $0.hasPrefix("             Try: ") })
      #expect(lines.last == "             Report: reports/vanishing/report.md")
      #expect(command.has("reports/vanishing/report.md"))
      #expect(!command.files.contains { $0.hasSuffix(".gradtrace") })
    }
  }

  @Test func allAreJudgedAndTheWorstCounts() throws {
    let dead = SmallLog.changed { $0.setLoss("\"NaN\"") }
    let files = ["good.jsonl": SmallLog().text, "bad.jsonl": dead, "broken.jsonl": "{}\n"]
    try with(files) { command in
      func status(_ names: String...) throws -> Int32 {
        try command.call(["assert"] + names).status
      }
      #expect(try status("good.jsonl") == 0)
      #expect(try status("good.jsonl", "bad.jsonl") == 1)
      let all = try command("assert", "broken.jsonl", "good.jsonl", "bad.jsonl", "none.yaml")
      #expect(all.status == 2)
      let verdicts = all.output.split(separator: "\n").compactMap { line in
        line.hasPrefix("   ") ? nil : line.split(separator: " ").first
      }
      #expect(verdicts == ["UNREADABLE", "healthy", "FAILED", "UNREADABLE", "4"])
      #expect(
        all.errors == """
          gradcheck: broken.jsonl:1: not a trace: expected "format": "gradient-trace", found no "format"
          gradcheck: none.yaml: no such file

          """)
    }
  }

  @Test func whatShowsNothingIsNeverGreen() throws {
    let files = ["empty.jsonl": SmallLog.changed { $0.steps = [] }, "good.jsonl": SmallLog().text]
    try with(files) { command in
      for arguments in [[], ["--fail-on", "never"]] {
        let result = try command.call(["assert", "good.jsonl", "empty.jsonl"] + arguments)
        #expect(result.status == 3 && result.errors == "")
        #expect(result.output.contains("  UNCLEAR    empty.jsonl\n"))
        #expect(result.output.contains("no verdict: no step in this trace"))
      }
      #expect(try command("assert").status == 2)
    }
  }

  @Test(arguments: ["text", "json", "junit", "sarif", "github", "gitlab"])
  func eachFormatGoesWhereItIsWanted(format: String) throws {
    let files = ["bad.jsonl": SmallLog.changed { $0.setLoss("\"NaN\"") }]
    try with(files) { command in
      let shown = try command("assert", "bad.jsonl", "--format", format)
      #expect(shown.status == 1 && shown.errors == "" && shown.output.contains("bad.jsonl"))
      let written = try command("assert", "bad.jsonl", "--format", format, "--output", "results")
      #expect(written.status == 1 && written.output == "" && written.errors == "")
      #expect(try command.text(of: "results") == shown.output)
    }
  }

  @Test func theJobPageGetsASummary() throws {
    let files = ["good.jsonl": SmallLog().text, "summary.md": "Before.\n"]
    try with(files) { command in
      let page = command.folder.appending(path: "summary.md").path
      let result = try command(
        "assert", "good.jsonl", "--format", "github", environment: ["GITHUB_STEP_SUMMARY": page])
      #expect(result.status == 0 && result.output == "gradcheck: 1 subject: 1 passed\n")
      #expect(
        try command.text(of: "summary.md").hasPrefix("Before.\n## gradcheck: 1 subject: 1 passed\n")
      )
      let lost = try command(
        "assert", "good.jsonl", "--format", "github",
        environment: ["GITHUB_STEP_SUMMARY": "nowhere/summary.md"])
      #expect(lost.status == 0)
      #expect(
        lost.errors
          == "gradcheck: nowhere/summary.md: the summary can't be written: no such file or directory\n"
      )
    }
  }

  @Test func aPolicyAllowsUntilItsDay() throws {
    let files = [
      "swings.jsonl": SmallLog.changed { $0.setLoss("\"NaN\"") },
      "open.yaml":
        "allow: [{finding: non-finite, reason: known}, {finding: loss-divergence, reason: known}]",
      "expired.yaml": "allow:\n  - {finding: non-finite, reason: known, until: 2020-01-31}\n",
    ]
    try with(files) { command in
      let expired = try command("assert", "swings.jsonl", "--policy", "expired.yaml")
      #expect(expired.status == 1)
      let text = expired.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(text.contains("Its allowance expired on 2020-01-31."))
      // What is allowed no longer fails, though a loss that is no number is no verdict either.
      #expect(try command("assert", "swings.jsonl", "--policy", "open.yaml").status == 3)
    }
  }

  @Test func badInputIsToldBeforeAnythingIsTrained() throws {
    let files = [
      "policy.yaml": "fail-on: warning\nthresholds: {}\nallows: []\n", "notes.txt": "mine",
      "baseline.json": "{}", "run.jsonl": SmallLog().text,
    ]
    try expect(
      ["assert", "run.jsonl", "--policy", "policy.yaml"],
      toFailWith: "policy.yaml:3: unknown key \"allows\" in the policy; did you mean \"allow\"?",
      files: files)
    try expect(
      ["assert", "run.jsonl", "--reports", "notes.txt"],
      toFailWith: "notes.txt: is a file, expected a folder to write reports to", files: files)
    try expect(
      ["assert", "run.jsonl", "--reports", "notes.txt/reports"],
      toFailWith: "notes.txt/reports: the folder can't be made: not a directory", files: files)
    try expect(
      ["assert", "run.jsonl", "--output", "nowhere/results.xml"],
      toFailWith: "nowhere/results.xml: can't be written: no such folder", files: files)
    try expect(
      ["assert", "run.jsonl", "--baseline", "baseline.json"],
      toFailWith:
        "baseline.json: is no baseline, expected one that `gradcheck baseline update` wrote",
      files: files)
  }
}
