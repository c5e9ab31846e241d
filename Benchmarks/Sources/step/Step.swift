import Foundation
import GradientHealth

/// Trains one workload in blocks of steps, one each time it is told to, so that it can take turns with its peer.
///
/// `step WORKLOAD THREADS recorded|bare` takes 20 steps to warm up and writes `ready`. Then it reads commands from
/// standard input, a line each, and answers each with a line: `block` with the milliseconds of each of 50 steps,
/// `steps N` with `done`, and `end` with a JSON object:
///
///     {"products": "OpenBLAS 0.3.21 SkylakeX", "allocations": 0, "bytes": 151}
///
/// `allocations` are the most that the training thread made in a step after the first, or null where nothing counts
/// them (`peers/allocations.c`); `bytes` are those of the trace for each weight layer and step.
@main
struct Step {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count == 3, let threads = Int(arguments[1]), arguments[2] != "help",
      let workload = Workload.all.first(where: { $0.name == arguments[0] })
    else {
      let names = Workload.all.map(\.name).joined(separator: "|")
      FileHandle.standardError.write(Data("usage: step \(names) THREADS recorded|bare\n".utf8))
      exit(2)
    }
    MatrixProducts.use(threads: threads)
    let pacer = Pacer()
    let isRecorded = arguments[2] == "recorded"
    let bytes = try run(workload, isRecorded: isRecorded, pacer: pacer)
    let weights = try workload.network().parameters.count { $0.shape.rank > 1 }
    let allocations = pacer.mostAllocations.map(String.init) ?? "null"
    print(
      #"{"products": "\#(MatrixProducts.backend)", "allocations": \#(allocations), "#
        + #""bytes": \#(bytes / weights / max(pacer.steps, 1))}"#)
  }

  /// Trains until the pacer stops it, and returns the size of the trace.
  private static func run(_ workload: Workload, isRecorded: Bool, pacer: Pacer) throws -> Int {
    let trainer = Trainer(
      try workload.network(), optimizer: workload.optimizer, batch: workload.data.count,
      recording: isRecorded ? .everyStep : .off)
    let data = DataSplit(
      training: workload.data, validation: workload.data.prefix(0), test: workload.data.prefix(0))
    guard isRecorded else {
      try trainer.train(on: data, for: .steps(mostSteps), observer: pacer)
      return 0
    }
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "step-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let trace = folder.appending(path: "step.gradtrace")
    var recorder: TraceRecorder?
    let recording = RunRecording(
      begin: { recorder = try TraceRecorder(to: trace.path, header: $0) },
      record: {
        try recorder?.record($0)
        return pacer.stepEnded()
      })
    try trainer.train(on: data, for: .steps(mostSteps), observer: recording)
    try recorder?.finish()
    return try trace.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
  }

  private static let mostSteps = 1_000_000
}
