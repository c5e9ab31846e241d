import Foundation
import Testing

/// A run that is ended early keeps what it has recorded.
@Suite struct InterruptionTests {
  /// A model that would train for hours.
  static let endless = """
    model:
      name: endless
      input: [64]
      layers:
        - dense: 64
        - relu
        - dense: 10
    loss: softmax-cross-entropy
    data: {file: digits.csv.gz, split: {train: 0.8, test: 0.2}}
    training:
      steps: 100000000
      optimizer: {sgd: {learning-rate: 0.01}}

    """

  @Test(arguments: [("INT", 130), ("TERM", 143)])
  func signalClosesTheTrace(signal: String, status: Int) throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(Self.endless, to: "model.yaml")
    let result = try command.shell(
      """
      cp "$package/Examples/data/digits.csv.gz" .
      "$gradcheck" run model.yaml & job=$!
      until [ -e gradcheck-report/endless/trace.running.gradtrace ]; do sleep 0.05; done
      sleep 0.5
      kill -\(signal) $job
      wait $job
      """)
    #expect(result.status == Int32(status))
    #expect(result.errors == "")
    #expect(command.has("gradcheck-report/endless/trace.gradtrace"))
    #expect(!command.files.contains { $0.contains("running") })
    #expect(command.has("gradcheck-report/endless/report.md"))
    let again = try command(
      "report", "gradcheck-report/endless/trace.gradtrace", "--output", "again")
    #expect(again.status == 0, "\(again.errors)")
  }

  /// `Scripts/survival` does this twenty times at random moments and says what was lost.
  @Test func killedRunCanBeDiagnosed() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(Self.endless, to: "model.yaml")
    let killed = try command.shell(
      """
      cp "$package/Examples/data/digits.csv.gz" .
      "$gradcheck" train model.yaml --quiet & job=$!
      until [ -e endless.running.gradtrace ]; do sleep 0.05; done
      sleep 2.5
      kill -KILL $job
      wait $job
      """)
    #expect(killed.status == 137)
    #expect(!command.has("endless.gradtrace"))
    let diagnosis = try command("diagnose", "endless.running.gradtrace")
    #expect(diagnosis.status == 0, "\(diagnosis.errors)")
    #expect(diagnosis.output.contains("healthy"))
  }
}
