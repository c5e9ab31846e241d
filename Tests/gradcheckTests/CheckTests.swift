import Foundation
import Testing

/// `gradcheck check`: the screen, the page and the document.
@Suite struct CheckTests {
  private static let digits = Command.package.appending(path: "Examples/digits/model.yaml").path

  @Test func theScreenSaysWhatEachOracleFoundAndHowToRepeatIt() throws {
    let command = try Command()
    defer { command.clean() }
    let result = try command("check", Self.digits, "--seed", "7")
    #expect(result.status == 0 && result.errors == "")
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(result.output)")
    #expect(lines.contains("  Seed       7; --seed 7 repeats this check"))
    let words = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for pattern in [
      #"pass 8 tensors \([\d,]+ of [\d,]+ entries\)"#,
      #"Oracles dual numbers: ([\d,]+) of \1 agree, relative error at most \S+e-1\d in "#,
      #"finite differences: (\d+) of \1 agree, relative error at most "#,
      #"Float, in which models train, agrees with Double to \S+e-0\d, worst in dense-"#,
      #"Meaning raising dense-2/\w+\[[\d, ]+\] by 0.01 (lowers|raises) the error by (\S+),"#,
    ] {
      #expect(words.contains(try Regex(pattern)), "\(pattern) in\n\(result.output)")
    }
    #expect(try command("check", Self.digits, "--seed", "7").output == result.output)
    #expect(command.files.isEmpty)
  }

  @Test func thePageLiesInTheFolder() throws {
    let command = try Command()
    defer { command.clean() }
    let result = try command("check", Self.digits, "--output", "page")
    #expect(result.status == 0 && result.errors == "")
    #expect(result.output.contains("  Report     page/check.md\n"))
    #expect(
      command.files.filter { $0.hasPrefix("page/") }
        == ["page/check-agreement.png", "page/check-steps.png", "page/check.md"])
    let page = try command.text(of: "page/check.md")
    #expect(page.hasPrefix("# PASS: the gradients are right\n"))
    for heading in [
      "What each oracle says", "The entry that agrees least, at every step",
      "What a derivative means", "The entries that agree least", "Tensor by tensor", "Repeat it",
    ] {
      #expect(page.contains("\n## \(heading)\n"))
    }
    #expect(page.contains("| seed | 1 |"))
    // A second one takes its place.
    #expect(try command("check", Self.digits, "--output", "page", "--seed", "2").status == 0)
    #expect(try command.text(of: "page/check.md").contains("| seed | 2 |"))
  }

  @Test func aForeignFolderIsRefusedBeforeAnythingIsDone() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write("mine", to: "page/thesis.tex")
    let result = try command("check", Self.digits, "--output", "page")
    #expect(result.status == 2 && result.output == "")
    #expect(
      result.errors
        == "gradcheck: page: the folder holds \"thesis.tex\", which is not of a report; expected an empty folder or an earlier report\n"
    )
    #expect(command.files == ["page", "page/thesis.tex"])
  }

  @Test func theSecondOrderIsHeldAgainstTheLearningRate() throws {
    struct Document: Decodable {
      struct Order: Decodable {
        struct Sharpness: Decodable {
          var value: Double, residual: Double
          var hasConverged: Bool
        }
        struct Training: Decodable { var learningRate: Double, stableBelow: Double }
        var sharpness: Sharpness
        var training: Training
        var examples: Int, weights: Int
      }
      var verdict: String
      var secondOrder: Order
    }
    let command = try Command()
    defer { command.clean() }
    let result = try command("check", Self.digits, "--second-order", "--format", "json")
    let document = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
    #expect(document.verdict == "pass")
    let order = document.secondOrder
    #expect(order.examples == 256 && order.weights == 9_610)
    #expect(order.sharpness.hasConverged && order.sharpness.residual < order.sharpness.value)
    #expect(order.training.learningRate == 0.1)
    // Momentum of 0.9 makes room for 1.9 times the learning rate of plain descent.
    #expect(abs(order.training.stableBelow * order.sharpness.value / 2 - 1.9) < 1e-9)
    let screen = try command("check", Self.digits, "--second-order")
    let words = screen.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("Hessian The Hessian is symmetric"))
    #expect(words.contains("The top curvature λ_max is "))
    #expect(words.contains("the model's learning rate, 0.1, is "))
  }

  /// What `run` found out lies in the trace, so that `report` shows it without the model.
  @Test func aRunsReportShowsTheCheckFromTheTrace() throws {
    let command = try Command()
    defer { command.clean() }
    #expect(try command("run", Self.digits, "--output", "run", "--quiet").status == 0)
    let first = try command.text(of: "run/report.md")
    #expect(
      try command("report", "run/trace.gradtrace", "--output", "again", "--quiet").status == 0)
    let again = try command.text(of: "again/report.md")
    func section(_ page: String) -> Substring? {
      page.range(of: "## Are the gradients right?").map { page[$0.lowerBound...] }?
        .split(separator: "\n## ").first
    }
    #expect(section(first) == section(again) && section(again) != nil)
    #expect(again.contains("](check-agreement.png)") && command.has("again/check-steps.png"))
    #expect(again.contains("### What a derivative means"))
  }
}
