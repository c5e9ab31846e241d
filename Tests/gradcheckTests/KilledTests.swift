import Foundation
import GradientHealth
import Testing

/// A command that is killed on the way doesn't disturb the next one in the same folders, which leaves nothing of it.
@Suite struct KilledTests {
  /// A small model of the digits through whose sigmoids δ vanishes.
  private static let model = """
    model:
      name: sick
      input: [64]
      layers: [\(Array(repeating: "dense: 12, sigmoid", count: 9).joined(separator: ", ")), dense: 10]
    loss: softmax-cross-entropy
    data: {file: digits.csv.gz, target: last, normalize: standard}
    training: {seed: 1, batch: 64, steps: 400, optimizer: {sgd: {learning-rate: 0.1}}}

    """

  /// A folder with a model and its data, and one for temporary files.
  private func folder() throws -> (command: Command, environment: [String: String]) {
    let command = try Command()
    try FileManager.default.copyItem(
      at: Command.package.appending(path: "Examples/data/digits.csv.gz"),
      to: command.folder.appending(path: "digits.csv.gz"))
    try command.write(Self.model, to: "model.yaml")
    let temporary = command.folder.appending(path: "temporary")
    try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: false)
    return (command, ["TMPDIR": temporary.path])
  }

  /// Commands that write into their folders, and their exit codes.
  private static let commands: [(arguments: String, status: Int32)] = [
    ("assert model.yaml --reports reports --format json --output a.json", 1),
    ("run model.yaml --output report", 1),
    ("baseline update model.yaml --seeds 2 --baseline b.json", 0),
  ]

  @Test(arguments: commands)
  func theNextRunIsAsIfNothingHadBeen(call: String, status: Int32) throws {
    let arguments = call.split(separator: " ").map(String.init)
    let (whole, environment) = try folder()
    defer { whole.clean() }
    let start = ContinuousClock.now
    let expected = try whole.call(arguments, environment: environment)
    let duration = (ContinuousClock.now - start) / .seconds(1)
    #expect(expected.status == status && expected.errors == "")

    let (killed, other) = try folder()
    defer { killed.clean() }
    var source = RandomSource(seed: 1)
    for _ in 0..<3 {
      let moment = source.uniform(0, duration)
      try kill(killed, arguments, environment: other) { _ in usleep(UInt32(moment * 1e6)) }
    }
    try kill(killed, arguments, environment: other) {
      while $0.isRunning, !killed.files.contains(where: { $0.hasSuffix(".running.gradtrace") }) {}
    }
    #expect(killed.files.contains { $0.hasSuffix(".running.gradtrace") }, "killed while it trains")

    let result = try killed.call(arguments, environment: other)
    #expect(result.status == status && result.errors == "")
    #expect(result.output.masked == expected.output.masked)
    #expect(killed.files == whole.files)
    for name in whole.files where name.hasSuffix(".json") {
      #expect(try killed.text(of: name) == whole.text(of: name), "\(name)")
    }
  }

  /// Starts the command and kills it after `wait`, if it hasn't ended by then.
  private func kill(
    _ command: Command, _ arguments: [String], environment: [String: String],
    after wait: (Process) -> Void
  ) throws {
    let process = command.process(arguments, environment: environment)
    try process.run()
    wait(process)
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
