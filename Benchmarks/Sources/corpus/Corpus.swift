import Foundation
import GradientHealth

/// Generates the labelled corpus, diagnoses every run, and writes how well that went.
///
/// `corpus FOLDER [SEEDS [TEXT]]`: so many seeds a family, of the families whose names hold the text.
@main
struct Corpus {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard let folder = arguments.first, arguments.count <= 3,
      let seeds = arguments.count > 1 ? UInt64(arguments[1]) : 5, seeds > 0
    else {
      FileHandle.standardError.write(Data("usage: corpus FOLDER [SEEDS [TEXT]]\n".utf8))
      exit(2)
    }
    // Small products only, and the same sums on every machine.
    MatrixProducts.use(threads: 1)
    let families = FamilyCatalog.all.filter {
      arguments.count < 3 || $0.name.contains(arguments[2])
    }
    var runs: [Examination] = []
    for family in families {
      for seed in 1...seeds { runs.append(try Examination(family, seed: seed)) }
    }
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    try write(CorpusPage(runs: runs).text, to: "\(folder)/README.md")
    try write(RunLines.text(runs), to: "\(folder)/runs.csv")
  }

  private static func write(_ text: String, to path: String) throws {
    let file = try FileWriter(path: path)
    try file.write(text)
    try file.close()
  }
}
