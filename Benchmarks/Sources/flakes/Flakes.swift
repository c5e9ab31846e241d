import Foundation
import GradientHealth

/// Makes assertions of healthy and of faulty models at many seeds, and prints how often each passes, as Markdown.
///
/// `flakes EXAMPLES [SEEDS]`: with the folder of the examples. The exit code is 1 where one passes that shouldn't, or fails
/// that shouldn't.
@main
struct Flakes {
  static func main() async throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard let examples = arguments.first, arguments.count <= 2,
      let seeds = arguments.count == 2 ? UInt64(arguments[1]) : 200, seeds > 0
    else {
      FileHandle.standardError.write(Data("usage: flakes EXAMPLES [SEEDS]\n".utf8))
      exit(2)
    }
    // Small products only, and the same sums on every machine.
    MatrixProducts.use(threads: 1)
    var rows: [FlakeRow] = []
    for subject in try FlakeSubject.all(examples: examples) {
      rows.append(try await FlakeRow(subject, seeds: seeds))
    }
    print(FlakesPage(rows: rows, seeds: seeds).text)
    exit(rows.allSatisfy(\.isAsItShouldBe) ? 0 : 1)
  }
}
