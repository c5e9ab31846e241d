import Foundation
import Testing

/// Traces and policies with something wrong in them, as the commands take them.
@Suite struct BadTraceTests {
  /// A log, and what is wrong with it.
  struct Bad: Sendable, CustomTestStringConvertible {
    let message: String
    let log: String

    init(_ message: String, _ change: (inout SmallLog) -> Void) {
      self.message = message
      log = SmallLog.changed(change)
    }

    var testDescription: String { message }
  }

  @Test(arguments: [
    Bad("run.jsonl:8: found step 5 after step 6, expected ascending steps") {
      $0.steps.swapAt(5, 6)
    },
    Bad("run.jsonl:7: found step 4 after step 4, expected ascending steps") {
      $0.steps.insert($0.steps[4], at: 5)
    },
    Bad("run.jsonl:42: the line ends too early, after 100 bytes: expected a whole JSON object") {
      $0.steps[40] = String($0.steps[40].prefix(100))
    },
    Bad(
      #"run.jsonl:5: expected an object at column 96, found ""big","delta":{"count":32,"rms":0.01,"m…""#
    ) {
      $0.steps[3] = $0.steps[3].replacing(
        #""activation":{"count":32,"rms":0.5,"max":1.5,"zeros":0,"nonFinite":0}"#,
        with: #""activation":"big""#)
    },
    Bad(
      #"run.jsonl:2: expected a number at column 99, found "[0.5,0.5,0.5,0.5],"max":1.5,"zeros":0,"…""#
    ) { $0.replace(#""rms":0.5"#, with: #""rms":[0.5,0.5,0.5,0.5]"#) },
    Bad(
      #"""
      run.jsonl:11: expected lists with one value a unit in "unitWindow" at column 327, found \#
      "{"steps":10,"activeCounts":[60,50,40,70…"
      """#
    ) { $0.replace("[60,50,40,70]", with: #"[60,50,40,70],"lastActive":[9,9]"#) },
    Bad(
      #"""
      run.jsonl:2: expected as many "unitMeans" as "unitDeviations", not 2 and 3, at column 298, found \#
      "{"unitMeans":[1,2],"unitDeviations":[1,…"
      """#
    ) {
      $0.replace(#""act":{"#, with: #""act":{"unitMeans":[1,2],"unitDeviations":[1,2,3],"#)
    },
  ])
  func whatCannotBeReadIsNamed(_ bad: Bad) throws {
    for arguments in [
      ["diagnose", "run.jsonl"], ["report", "run.jsonl", "--output", "report"],
      ["import", "run.jsonl", "--output", "run.gradtrace"],
    ] {
      try expect(arguments, toFailWith: bad.message, files: ["run.jsonl": bad.log])
    }
  }

  @Test func aLogThatIsCutOffIsNamed() throws {
    let text = String(SmallLog().text.dropLast(100))
    try expect(
      ["diagnose", "run.jsonl"],
      toFailWith:
        "run.jsonl:61: the file is cut off in the middle of this line, after 640 bytes of it",
      files: ["run.jsonl": text])
  }

  /// With `--keep-going` the verdict is that of the lines that are whole.
  @Test func ofACutLogWhatIsWholeIsTaken() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(SmallLog.changed { $0.steps.remove(at: 40) }, to: "whole.jsonl")
    try command.write(
      SmallLog.changed { $0.steps[40] = String($0.steps[40].prefix(100)) }, to: "cut.jsonl")
    let whole = try command("diagnose", "whole.jsonl", "--format", "json")
    let cut = try command("diagnose", "cut.jsonl", "--format", "json", "--keep-going")
    #expect(whole.status == 0 && cut.status == 0)
    #expect(cut.output == whole.output)
    #expect(cut.errors == "gradcheck: cut.jsonl: left out 1 line that can't be read\n")
  }

  /// A log that is strange and none the less judged, how its verdict begins, and the exit code.
  struct Strange: Sendable, CustomTestStringConvertible {
    let verdict: String
    let status: Int32
    let log: String

    init(_ verdict: String, exit status: Int32, _ change: (inout SmallLog) -> Void) {
      self.verdict = verdict
      self.status = status
      log = SmallLog.changed(change)
    }

    var testDescription: String { verdict }
  }

  @Test(arguments: [
    Strange("healthy   the loss fell from 2.30 to 0.235; the best constant", exit: 0) { _ in },
    // A layer of which the steps tell nothing, and one that the first line doesn't name.
    Strange("healthy   the loss fell", exit: 0) {
      $0.replace(#""fc1":{"#, with: #""fc1":null,"other":{"#)
    },
    Strange("healthy   the loss fell", exit: 0) {
      $0.header = $0.header.replacing(#"{"name":"act","kind":"relu","units":4},"#, with: "")
    },
    Strange("healthy   the loss fell", exit: 0) {
      $0.header = $0.header.replacing(
        #""relu","units""#, with: #""relu","inputs":["nobody"],"units""#)
    },
    // Counts of other units than the layer has.
    Strange("healthy   the loss fell", exit: 0) {
      $0.steps[39] = $0.steps[39].replacing("[60,50,40,70]", with: "[60,50]")
    },
    Strange("ERROR     non-finite values in fc1, since step 0", exit: 1) {
      for (name, value) in [
        ("rms", "0.5"), ("max", "1.5"), ("rms", "0.01"), ("max", "0.1"), ("rms", "0.3"),
        ("gradientRms", "0.01"), ("updateRms", "0.001"),
      ] {
        $0.replace(#""\#(name)":\#(value),"#, with: #""\#(name)":"NaN","#)
      }
      $0.replace(#""nonFinite":0"#, with: #""nonFinite":32"#)
      $0.setLoss(#""NaN""#)
    },
    Strange("UNCLEAR   only 1 step: the loss is 2.30 now, 2.30 at the start;", exit: 3) {
      $0.steps.removeLast(59)
    },
    Strange("UNCLEAR   no step in this trace", exit: 3) { $0.steps = [] },
    Strange("UNCLEAR   no loss in this trace", exit: 3) {
      $0.replace(#""loss":"#, with: #""cost":"#)
    },
  ])
  func whatIsStrangeIsJudged(_ strange: Strange) throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(strange.log, to: "run.jsonl")
    let result = try command("diagnose", "run.jsonl")
    #expect(result.output.hasPrefix("\n  Health     \(strange.verdict)"), "\(result.output)")
    #expect(result.status == strange.status && result.errors == "")
    #expect(try command("report", "run.jsonl", "--output", "report").status == strange.status)
    #expect(try command("import", "run.jsonl", "--output", "run.gradtrace").status == 0)
    let again = try command("diagnose", "run.gradtrace")
    #expect(again.output == result.output && again.status == strange.status)
  }

  // MARK: Documents

  @Test(arguments: [
    (
      #"{"format":"gradient-preflight","version":2}"#,
      "found version 2 of the preflight kept in the trace, expected at most 1"
    ),
    (
      #"{"format":"gradient-preflight","version":1,"verdict":"pass"}"#,
      "the preflight kept in the trace can't be read"
    ),
    (#"{"format":"gradient-check","version":2}"#, "the preflight kept in the trace can't be read"),
    ("[1, 2]", "the preflight kept in the trace can't be read"),
  ])
  func aPreflightThatCannotBeReadIsRefused(_ document: String, _ message: String) throws {
    let log = SmallLog.changed { $0.add(document: document, named: "preflight") }
    for arguments in [["diagnose", "run.jsonl"], ["report", "run.jsonl"]] {
      try expect(
        arguments, toFailWith: "run.jsonl: \(message)", files: ["run.jsonl": log])
    }
    let command = try Command()
    defer { command.clean() }
    try command.write(log, to: "run.jsonl")
    _ = try command("import", "run.jsonl", "--output", "run.gradtrace")
    #expect(
      try command("diagnose", "run.gradtrace").errors == "gradcheck: run.gradtrace: \(message)\n")
  }

  // MARK: Policies

  @Test func aPolicyThatNamesAnUnknownFinding() throws {
    try expect(
      ["diagnose", "run.jsonl", "--policy", "policy.yaml"],
      toFailWith: #"policy.yaml:2: unknown finding "dead-relus"; did you mean "dead-relu"?"#,
      files: [
        "run.jsonl": SmallLog().text,
        "policy.yaml": "allow:\n- {finding: dead-relus, reason: pruned}\n",
      ])
  }

  /// A policy may be meant for several models, so that a layer it names in vain is told, and is no error.
  @Test func aPolicyThatNamesAnUnknownLayer() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(SmallLog().text, to: "run.jsonl")
    try command.write(
      """
      overrides:
      - {layer: "fc*", thresholds: {vanishing-gradient.attenuation: 4}}
      - {layer: fc3, thresholds: {vanishing-gradient.attenuation: 5}}
      allow:
      - {finding: dead-relu, layer: "relu-*", reason: pruned}
      """, to: "policy.yaml")
    for arguments in [["diagnose", "run.jsonl"], ["report", "run.jsonl"]] {
      let result = try command.call(arguments + ["--policy", "policy.yaml"])
      #expect(result.status == 0)
      #expect(
        result.errors == """
          gradcheck: no layer fits "fc3", which the policy names; did you mean "fc1"?
          gradcheck: no layer fits "relu-*", which the policy names

          """)
    }
  }
}
