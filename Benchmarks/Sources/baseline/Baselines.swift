import Foundation
import GradientHealth

/// Holds healthy and faulty runs against baselines, and prints how often they are called worse, as Markdown.
///
/// `baseline EXAMPLES [MODEL …]`: with the folder of the examples, and those of them to measure. The exit code is 1 where too
/// many healthy runs are called worse, or too few faulty ones.
@main
struct Baselines {
  static let models = [
    "digits", "digits-convolution", "autoencoder", "digits-lstm", "digits-transformer",
  ]
  /// Seeds of their own: the limits were set looking at runs of smaller ones.
  static let firstSeed = 101
  static let seeds = 45
  static let faultySeeds = 20

  static func main() async throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard let examples = arguments.first else {
      FileHandle.standardError.write(Data("usage: baseline EXAMPLES [MODEL …]\n".utf8))
      exit(2)
    }
    // Small products only, and the same sums on every machine.
    MatrixProducts.use(threads: 1)
    var rows: [BaselineRow] = []
    for model in arguments.count > 1 ? Array(arguments.dropFirst()) : models {
      rows += try await BaselineRow.all(
        of: model, in: examples, from: firstSeed, seeds: seeds, faultySeeds: faultySeeds)
    }
    print(BaselinePage(rows: rows, seeds: seeds, faultySeeds: faultySeeds).text)
    exit(rows.allSatisfy(\.isAsItShouldBe) ? 0 : 1)
  }
}
