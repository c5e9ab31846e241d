import Foundation
import GzipIO
import Testing

@testable import GradientChecking

/// Programs that don't keep to the protocol, each with its message.
struct ProgramFunctionTests {
  static let hello =
    #"{"format":"gradient-program","version":1,"parameters":[{"name":"w","shape":[1,2],"values":[1,2]}]}"#
  static let value = #"{"value":3.5}"#
  static let gradient = #"{"gradient":{"w":[1,0.5]}}"#

  /// A shell command that prints these lines, each but the first in answer to one.
  private func saying(_ lines: String..., then: String = "") -> String {
    lines.enumerated().map { place, line in
      (place > 0 ? "read -r request; " : "") + "printf '%s\\n' '\(line)'"
    }.joined(separator: "; ") + (then.isEmpty ? "" : "; " + then)
  }

  private func failure(_ command: String, timeout: Duration = .seconds(20)) -> ProgramError? {
    #expect(throws: ProgramError.self) {
      let program = try ProgramFunction(command: command, timeout: timeout)
      return try GradientCheck(of: program)
    }
  }

  private func expect(
    _ command: String, toFailWith message: String, timeout: Duration = .seconds(20),
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = failure(command, timeout: timeout)
    #expect(error?.error.message == message, sourceLocation: sourceLocation)
    #expect(error?.error.file == command, sourceLocation: sourceLocation)
  }

  @Test func aProgramThatDoesNotRun() {
    let missing = failure("no-such-program --fast")
    #expect(
      missing?.error.message
        == "was not found, or ended with exit status 127, instead of its first line")
    #expect(missing?.lastWords.count == 1)
    #expect(missing?.lastWords.first?.contains("not found") == true)
    expect("exit 3", toFailWith: "ended with exit status 3 instead of its first line")
    expect("kill -9 $$", toFailWith: "was ended by signal 9 instead of its first line")
    expect("exec >&-; sleep 9", toFailWith: "closed its output instead of its first line")
    expect(
      "sleep 9", toFailWith: "took longer than 0.2 s for its first line",
      timeout: .milliseconds(200))
  }

  @Test func aFirstLineThatIsNone() {
    expect(
      "echo Loading; cat >/dev/null",
      toFailWith: "its first line is \"Loading\": expected one JSON object")
    expect(
      saying(#"{"version":1}"#),
      toFailWith: #"its first line is "{"version":1}": expected a "format""#)
    expect(
      saying(#"{"format":"gradient-trace","version":1}"#),
      toFailWith: #"its first line has the format "gradient-trace", expected "gradient-program""#)
    expect(
      saying(#"{"format":"gradient-program","version":2}"#),
      toFailWith: "speaks version 2 of the protocol, expected 1")
    func parameters(_ list: String) -> String {
      saying(#"{"format":"gradient-program","version":1,"parameters":[\#(list)]}"#)
    }
    expect(parameters(""), toFailWith: "its first line names no parameters")
    expect(
      parameters(#"{"name":"w","values":[1]},{"name":"w","values":[2]}"#),
      toFailWith: "its first line has two parameters called \"w\"")
    expect(
      parameters(#"{"name":"w","shape":[2,2],"values":[1,2,3]}"#),
      toFailWith: "its first line gives \"w\" the shape [2, 2] and 3 values")
    expect(
      parameters(#"{"name":"w","shape":[4611686018427387904,4],"values":[]}"#),
      toFailWith:
        "its first line gives \"w\" the shape [4611686018427387904, 4] and 0 values")
    expect(
      parameters(#"{"name":"w","values":[1,"two"]}"#),
      toFailWith:
        "its first line is \"{\"format\":\"gradient-program\",\"version\":…\": expected a number "
        + "at parameters[0].values[1]")
    expect(
      parameters(#"{"name":"w","values":[1,"NaN"]}"#) + "; cat >/dev/null",
      toFailWith: "the point's \"w\" is nan at [1], expected a number")
  }

  @Test func anAnswerThatIsNone() {
    func answering(_ answer: String) -> String {
      saying(Self.hello, answer, then: "cat >/dev/null")
    }
    expect(
      answering("[1]"),
      toFailWith: "answered \"value\" with \"[1]\": expected an object")
    expect(
      answering(#"{"loss":1}"#),
      toFailWith: #"answered "value" with "{"loss":1}": expected a "value""#)
    expect(
      answering(#"{"value":[1]}"#),
      toFailWith: #"answered "value" with "{"value":[1]}": expected a number at value"#)
    expect(
      answering(#"{"error":"out of memory"}"#),
      toFailWith: "answered \"value\" with the error \"out of memory\"")
  }

  @Test func aValueThatIsNoNumberOrAGradientThatIsNone() {
    func check(_ value: String, _ gradient: String) -> String {
      saying(Self.hello, value, value, value, gradient, gradient, gradient, then: "cat >/dev/null")
    }
    expect(
      check(#"{"value":"NaN"}"#, Self.gradient),
      toFailWith: "its value is nan at the start, expected a number")
    expect(
      check(Self.value, #"{"gradient":{"w":[1,2,3]}}"#),
      toFailWith: "its gradient by \"w\" has 3 numbers, expected 2")
    expect(
      check(Self.value, #"{"gradient":{"v":[1,2]}}"#),
      toFailWith: "its gradient has \"v\", which the point doesn't have; did you mean \"w\"?")
    expect(
      check(Self.value, #"{"gradient":{"w":[1,true]}}"#),
      toFailWith:
        #"answered "gradient" with "{"gradient":{"w":[1,true]}}": expected a number at gradient.w[1]"#
    )
  }

  @Test func tooMuchTooLateOrCutOff() {
    expect(
      saying(Self.hello, then: "read -r request; head -c 200000 /dev/zero | tr '\\0' x; sleep 9"),
      toFailWith: "answering \"value\", printed more than 65,536 bytes without a line's end")
    expect(
      saying(Self.hello, Self.value + "\n{}") + "; cat >/dev/null",
      toFailWith: "printed \"{}\" without being asked")
    expect(
      saying(Self.hello, then: "read -r request; sleep 9"),
      toFailWith: "took longer than 0.5 s for answering \"value\"", timeout: .milliseconds(500))
    expect(
      saying(Self.hello, then: #"read -r request; printf '{"val'; exit 1"#),
      toFailWith:
        "ended with exit status 1 instead of answering \"value\"; its last line is cut off: "
        + "\"{\"val\"")
    expect(
      saying(Self.hello, then: "exec 0<&-"),
      toFailWith: "ended with exit status 0 instead of answering \"value\"")
  }

  @Test func theEndOfItsErrorsIsShown() {
    let error = failure("for i in $(seq 30); do echo line $i >&2; done; exit 1")
    #expect(error?.lastWords.first == "line 11")
    #expect(error?.lastWords.last == "line 30")
    #expect(
      error?.description.hasSuffix(
        "instead of its first line\n" + (11...30).map { "  | line \($0)" }.joined(separator: "\n"))
        == true)
  }

  @Test func anAnswerThatVariesGetsNoVerdict() throws {
    let values = ["1", "2", "1"].map { "{\"value\":\($0)}" }
    let drifting = try GradientCheck(
      of: ProgramFunction(
        command: saying(
          Self.hello, values[0], values[1], values[2], Self.gradient, Self.gradient, Self.gradient,
          then: "cat >/dev/null")))
    #expect(
      drifting.obstacle
        == "not deterministic: asked three times at the same point, its value was 1.0, 2.0, 1.0")
    let gradients = try GradientCheck(
      of: ProgramFunction(
        command: saying(
          Self.hello, Self.value, Self.value, Self.value, Self.gradient, Self.gradient,
          #"{"gradient":{"w":[1,0.25]}}"#, then: "cat >/dev/null")))
    #expect(gradients.verdict == .unverifiable)
    #expect(
      gradients.obstacle == """
        not deterministic: asked three times at the same point, its gradient by "w" at [0, 1] was \
        0.5, 0.5, 0.25
        """)
  }

  @Test func numbersComeInEveryForm() throws {
    let program = try ProgramFunction(
      command: saying(
        #"{"format":"gradient-program","version":1,"name":"f","examples":3,"new":null,"#
          + #""parameters":[{"name":"a/b","values":["0x1.8p-3",5e-324,-0.0,"-0x1p1"]}]}"#,
        then: "cat >/dev/null"))
    #expect(program.name == "f" && program.examples == 3)
    #expect(program.start.parts[0].values == [0.1875, Double.leastNonzeroMagnitude, 0, -2])
    #expect(program.start.parts[0].values[2].sign == .minus)
  }

  @Test func allThatItStartedEndsWithIt() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "id").path
    do {
      let program = try ProgramFunction(
        command: "sleep 600 & echo $! >\(file); \(saying(Self.hello)); sleep 600")
      #expect(program.start.count == 2)
    }
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let process = try #require(
      pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    // Whoever inherits the killed process may take a moment to collect it.
    let deadline = ContinuousClock.now + .seconds(10)
    while isRunning(process), ContinuousClock.now < deadline { usleep(10_000) }
    #expect(!isRunning(process))
  }

  private func isRunning(_ process: pid_t) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    return status.map { !$0.contains(") Z ") } ?? false
  }

  @Test func waitingCanBeGivenUp() {
    #expect(throws: CancellationError.self) {
      try ProgramFunction(command: "sleep 9", shouldStop: { true })
    }
  }

  /// f = w₀² w₁ in Python, with ways to misread requests.
  private func product(_ misreading: String) -> String {
    #"""
    python3 -c '
    import json, sys
    mode, start = "\#(misreading)", [1.5, -2.0]
    print(json.dumps({"format": "gradient-program", "version": 1,
                      "parameters": [{"name": "w", "values": start}]}), flush=True)
    kept = list(start)
    for line in sys.stdin:
        request = json.loads(line)
        w = kept if mode == "keeps" else list(start)
        if mode != "ignores":
            w[:] = request.get("tensors", {}).get("w", w)
            for name, place, number in [] if mode == "no entries" else request.get("entries", []):
                w[place] = number
        a, b = w
        answer = {"value": a * a * b, "gradient": {"w": [2 * a * b, a * a]}}
        if request["request"] == "end": break
        print(json.dumps(answer), flush=True)
    '
    """#
  }

  @Test func requestsThatAreNotFollowed() throws {
    #expect(try GradientCheck(of: ProgramFunction(command: product(""))).verdict == .pass)
    func message(_ misreading: String) -> String? {
      failure(product(misreading))?.error.message
    }
    #expect(
      message("ignores") == """
        its value stays -4.5 when the parameter with the largest gradient is changed; expected it \
        to follow "entries" and "tensors"
        """)
    #expect(
      message("no entries")?.hasPrefix(
        "its value is -4.5 with one number changed in \"entries\", and ") == true)
    #expect(
      message("keeps")?.hasPrefix(
        "its value at the start was -4.5, and after a request with other parameters ") == true)
  }
}
