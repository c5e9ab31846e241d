import Foundation
import GradientHealth

/// Checks every entry of a model's gradients within one process, as its peer does, and prints the seconds of the fastest.
///
/// `check MODEL BATCH METHOD REPEATS` with a model file, a file of examples, and `automatic`, `dual` or `finite-difference`.
@main
struct Check {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count == 4, let method = CheckMethod(rawValue: arguments[2]),
      let repeats = Int(arguments[3]), repeats > 0
    else {
      FileHandle.standardError.write(Data("usage: check MODEL BATCH METHOD REPEATS\n".utf8))
      exit(2)
    }
    MatrixProducts.use(threads: 1)
    let file = try ModelFile(contentsOf: arguments[0], allowOutside: true)
    let batch = try file.readBatch(arguments[1])
    let clock = ContinuousClock()
    let durations = try (0..<repeats).map { _ in
      try clock.measure {
        let check = try GradientCheck(
          file.network, on: batch, method: method, exhaustive: true, examples: batch.count)
        precondition(check.verdict == .pass, check.description)
      }
    }
    print((durations.min() ?? .zero) / .seconds(1))
  }
}
