import Foundation
import Testing

/// `gradcheck check --program`: the example in Python, right and wrong, and what goes wrong around a program.
@Suite struct ProgramTests {
  static let network = "python3 '\(Command.package.path)/Examples/any-language/network.py'"

  private struct Document: Decodable {
    struct Tensor: Decodable {
      var name: String
      var count: Int
      var checked: Int
      var passed: Int
      var failed: Int
      var relativeError: Double
    }
    var verdict: String
    var tensors: [Tensor]
    var oracles: [String]
    var obstacle: String?
    var notes: [String]?
  }

  private func check(_ arguments: String...) throws -> (status: Int32, document: Document) {
    let command = try Command()
    defer { command.clean() }
    let result = try command.call(["check"] + arguments + ["--format", "json"])
    #expect(result.errors == "")
    return (
      result.status, try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
    )
  }

  @Test func theExampleIsRight() throws {
    let (status, document) = try check("--program", Self.network)
    #expect(status == 0)
    #expect(document.verdict == "pass")
    #expect(document.oracles == ["finite-difference"])
    #expect(
      document.tensors.map(\.name)
        == ["hidden/weight", "hidden/bias", "output/weight", "output/bias"])
    #expect(document.tensors.map(\.count) == [30, 5, 15, 3])
    #expect(document.tensors.allSatisfy { $0.passed == $0.count && $0.relativeError < 1e-8 })
  }

  /// The derivative of tanh is wrong: the layer below it is, the one above isn't.
  @Test func itsMistakeIsFound() throws {
    let (status, document) = try check("--program", Self.network + " --mistake", "--exhaustive")
    #expect(status == 1)
    #expect(document.verdict == "fail")
    #expect(
      document.tensors.filter { $0.failed > 0 }.map(\.name) == ["hidden/weight", "hidden/bias"])
    let command = try Command()
    defer { command.clean() }
    let shown = try command("check", "--program", Self.network + " --mistake")
    #expect(shown.output.contains("\n  FAIL   hidden/bias   5 of 5 entries"))
    #expect(shown.output.contains("\n  pass   2 other tensors (18 entries)\n"))
  }

  @Test func onlyProgramsThatAnswerAreJudged() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(
      """
      import sys
      print("before", file=sys.stderr)
      raise MemoryError("too small")
      """, to: "broken.py")
    let broken = try command("check", "--program", "python3 broken.py")
    #expect(broken.status == 2)
    #expect(broken.output == "")
    let lines = broken.errors.split(separator: "\n")
    #expect(
      lines.first
        == "gradcheck: python3 broken.py: ended with exit status 1 instead of its first line")
    #expect(lines.dropFirst().first == "  | before")
    #expect(lines.last == "  | MemoryError: too small")

    let slow = try command("check", "--program", "sleep 30", "--timeout", "0.2")
    #expect(slow.status == 2)
    #expect(slow.errors == "gradcheck: sleep 30: took longer than 0.2 s for its first line\n")
  }

  @Test func aRandomProgramGetsNoVerdict() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(
      """
      import json, random, sys
      hello = {"format": "gradient-program", "version": 1, "parameters": [{"name": "w", "values": [1]}]}
      print(json.dumps(hello), flush=True)
      for line in sys.stdin:
          print(json.dumps({"value": random.random(), "gradient": {"w": [1]}}), flush=True)
      """, to: "dice.py")
    let result = try command("check", "--program", "python3 dice.py")
    #expect(result.status == 3)
    #expect(result.errors == "")
    let words = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(
      words.contains(
        #/^\? not deterministic: asked three times at the same point, its value was 0\.\d+/#))
  }

  @Test func howManyEntriesMayBeUndecidedIsAnOption() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(
      """
      import json, sys
      hello = {"format": "gradient-program", "version": 1, "parameters": [{"name": "w", "values": [1, 2]}]}
      print(json.dumps(hello), flush=True)
      for line in sys.stdin:
          request, w = json.loads(line), [1, 2]
          w = request.get("tensors", {}).get("w", w)
          for name, place, number in request.get("entries", []): w[place] = number
          answer = {"value": 1 + 1e-30 * w[0] ** 2 + w[1] ** 2, "gradient": {"w": [2e-30 * w[0], 2 * w[1]]}}
          if request["request"] == "end": break
          print(json.dumps(answer), flush=True)
      """, to: "faint.py")
    func check(_ arguments: String...) throws -> Command.Result {
      try command.call(["check", "--program", "python3 faint.py"] + arguments)
    }
    let doubtful = try check()
    #expect(doubtful.status == 3)
    #expect(
      doubtful.output == """
          ?      w   1 of 2 entries too small against the noise to say
          No verdict 1 of 2 can't be told, 50 %; at most 5 % may be, and not all of a
                     tensor (--max-unverifiable)

        """)
    #expect(try check("--max-unverifiable", "49").status == 3)
    let allowed = try check("--max-unverifiable", "50")
    #expect(allowed.status == 0)
    #expect(allowed.output == "  pass   1 tensor (2 entries, 1 of them too small to say)\n")
  }

  @Test func aGradientThatIsNoNumberIsWrong() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(
      """
      import json, sys
      hello = {"format": "gradient-program", "version": 1, "parameters": [{"name": "w", "values": [1, 2]}]}
      print(json.dumps(hello), flush=True)
      for line in sys.stdin:
          request, w = json.loads(line), [1, 2]
          w = request.get("tensors", {}).get("w", w)
          for name, place, number in request.get("entries", []): w[place] = number
          if request["request"] == "end": break
          print(json.dumps({"value": w[0] * w[1], "gradient": {"w": [w[1], "NaN"]}}), flush=True)
      """, to: "nan.py")
    let result = try command("check", "--program", "python3 nan.py")
    #expect(result.status == 1 && result.errors == "")
    #expect(result.output.hasPrefix("  FAIL   w   1 of 2 entries\n"))
    #expect(result.output.contains("\n         [1]: analytic nan, numeric 1 ± "))
  }

  @Test func usageIsTold() throws {
    let command = try Command()
    defer { command.clean() }
    func error(_ arguments: String...) throws -> String {
      let result = try command.call(["check"] + arguments)
      #expect(result.status == 2)
      return result.errors
    }
    #expect(try error().hasPrefix("Error: expected a model file or --program, got none\n"))
    #expect(
      try error("model.yaml", "--program", "true")
        .hasPrefix("Error: expected a model file or --program, got both\n"))
    #expect(
      try error("--program", "true", "--method", "dual")
        .hasPrefix("Error: --method dual is for models; a program answers in plain numbers\n"))
    #expect(try error("--program", "true", "--timeout", "0").contains("--timeout is 0.0, expected"))
    for (nonsense, told) in [("120", "120"), ("-1", "-1"), ("nan", "nan")] {
      #expect(
        try error("--program", "true", "--max-unverifiable=\(nonsense)")
          .hasPrefix("Error: --max-unverifiable is \(told), expected 0 to 100 percent\n"))
    }
  }

  @Test func anInterruptionEndsTheProgramToo() throws {
    let command = try Command()
    defer { command.clean() }
    let result = try command.shell(
      #"""
      set -m
      "$gradcheck" check --program 'echo $$ >id; exec sleep 600' &
      until [ -s id ]; do sleep 0.02; done
      kill -INT $!
      wait $!
      echo "status $?"
      until ! kill -0 "$(cat id)" 2>/dev/null; do sleep 0.02; done
      echo gone
      """#)
    #expect(result.output.hasSuffix("status 130\ngone\n"), "\(result)")
  }

  @Test func aModelThatStartsWithoutNumbersSaysWhere() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(
      """
      model:
        input: [4]
        layers:
          - dense: {units: 4, initializer: {normal: {standard-deviation: 1e300}}}
          - dense: {units: 3, initializer: {normal: {standard-deviation: 1e300}}}
      loss: softmax-cross-entropy
      """, to: "model.yaml")
    let result = try command("check", "model.yaml")
    #expect(result.status == 2)
    #expect(
      result.errors.contains(
        #/^gradcheck: model\.yaml: layer "dense-2": its output is -?(inf|nan) at the start, in example 1, at \[\d\], while all that it reads are numbers\n$/#
      ), "\(result.errors)")
  }

  @Test func aModelWithoutParametersSaysSo() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(
      """
      model:
        input: [4]
        layers: [tanh]
      loss: half-squared-error
      """, to: "model.yaml")
    let result = try command("check", "model.yaml")
    #expect(result.status == 0, "\(result)")
    #expect(
      result.output.contains(
        "\n  note   the model has no parameters to train; its deltas alone are checked\n"))
  }
}
