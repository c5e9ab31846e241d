import Foundation
import GradientHealth
import Testing

/// `gradcheck assert` of a run whose gradients are wrong, and that is healthy otherwise.
///
/// The layers of a model file are right. A wrong gradient comes from a layer of one's own: a program checks its network, and
/// keeps the check with the run, as `gradcheck run` does.
@Suite struct WrongGradientTests {
  /// Swish, z = a·σ(a); `isWhole`: whether its derivative knows that σ depends on a as well.
  private struct Swish: Layer {
    var isWhole: Bool

    func outputShape(of inputs: [Shape]) throws(ShapeError) -> Shape { try inputs.single }

    func forward<S>(_ pass: ForwardPass<S>) { pass.output.assign(pass.input * sigmoid(pass.input)) }

    func backward<S>(_ pass: BackwardPass<S>) {
      let a = pass.input, s = sigmoid(a)
      pass.inputDelta?.assign(pass.outputDelta * (isWhole ? s + a * s * (1 - s) : s))
    }
  }

  /// Trains on the digits and records it in the command's folder, with the check of the gradients.
  private func record(in command: Command, isWhole: Bool) throws {
    let digits = try Dataset(
      csv: Command.package.appending(path: "Examples/data/digits.csv.gz").path, target: .last
    ).split(train: 0.7, validation: 0.1, test: 0.2, seed: 1).normalized(.standard)
    let network = try NeuralNetwork(input: [64], loss: .softmaxCrossEntropy) {
      Dense(32, initializer: .heNormal)
      Swish(isWhole: isWhole)
      Dense(10)
    }
    let check = try GradientCheck(network, on: digits.training)
    var recorder: TraceRecorder?
    let recording = RunRecording(
      name: "swish",
      begin: {
        recorder = try TraceRecorder(
          to: command.folder.appending(path: "swish.gradtrace").path, header: $0)
        try recorder?.attach(document: check.jsonText, named: "check")
      },
      record: {
        try recorder?.record($0)
        return .goOn
      })
    let trainer = Trainer(network, optimizer: .sgd(learningRate: 0.1, momentum: 0.9), seed: 1)
    try trainer.train(on: digits, for: .steps(200), observer: recording)
    try recorder?.finish()
  }

  private func with(isWhole: Bool, _ body: (Command) throws -> Void) throws {
    let command = try Command()
    defer { command.clean() }
    try record(in: command, isWhole: isWhole)
    try body(command)
  }

  @Test func aRightOnePasses() throws {
    try with(isWhole: true) { command in
      let result = try command("assert", "swish.gradtrace")
      #expect(result.status == 0)
      #expect(result.output.hasPrefix("\n  healthy    swish.gradtrace"), "\(result.output)")
    }
  }

  /// Whatever the policy says: no setting silences it.
  @Test(arguments: ["error", "never"])
  func aWrongOneFailsTheBuild(failOn: String) throws {
    try with(isWhole: false) { command in
      let result = try command(
        "assert", "swish.gradtrace", "--fail-on", failOn, "--reports", "reports")
      #expect(result.status == 1 && result.errors == "")
      let lines = result.output.split(separator: "\n").map(String.init)
      #expect(lines[0] == "  FAILED     swish.gradtrace")
      #expect(lines[1] == "             wrong gradient in swish-1: swish-1/input")
      #expect(
        lines.contains { $0.contains("h′ is that of another activation, or lacks a term") },
        "\(result.output)")
      #expect(lines.last == "             Report: reports/swish/report.md")
      let page = try command.text(of: "reports/swish/report.md")
      #expect(page.contains("swish-1/input"))
    }
  }

  @Test func everyFormatHasTheItem() throws {
    try with(isWhole: false) { command in
      func text(_ format: String) throws -> String {
        let result = try command("assert", "swish.gradtrace", "--format", format)
        #expect(result.status == 1 && result.errors == "", "\(format)")
        return result.output
      }
      let message = "wrong gradient in swish-1: swish-1/input"

      let document = try json(text("json"))
      let subject = try #require((document["subjects"] as? [[String: Any]])?.first)
      let items = try #require(subject["items"] as? [[String: Any]])
      let failed = items.filter { $0["outcome"] as? String == "failed" }
      #expect(failed.map { $0["id"] as? String } == ["gradients"], "the run itself is healthy")
      #expect(failed.first?["text"] as? String == message)

      let cases = try text("junit").split(separator: "<testcase ")
      let broken = cases.filter { $0.contains("<failure") }
      #expect(broken.count == 1)
      #expect(broken.first?.hasPrefix("name=\"gradients\" classname=\"swish.gradients\">") == true)
      #expect(broken.first?.contains("<failure type=\"error\" message=\"\(message)\">") == true)

      let runs = try #require(try json(text("sarif"))["runs"] as? [[String: Any]])
      let results = try #require(runs.first?["results"] as? [[String: Any]])
      #expect(results.map { $0["ruleId"] as? String } == ["gradients"])
      #expect(results.first?["level"] as? String == "error")
      let told = (results.first?["message"] as? [String: String])?["text"]
      #expect(told?.hasPrefix(message + "\n") == true)

      let annotation =
        "::error file=swish.gradtrace,line=1,title=gradcheck%3A gradients::\(message)"
      #expect(try text("github").hasPrefix(annotation))
      #expect(try text("gitlab").contains("\"check_name\" : \"gradients\""))
    }
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }
}
