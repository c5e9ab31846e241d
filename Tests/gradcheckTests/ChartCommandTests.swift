import Foundation
import Testing

/// `gradcheck chart`, as a user calls it.
@Suite struct ChartCommandTests {
  /// Width and height of a PNG file.
  private func size(_ command: Command, _ name: String) throws -> [Int] {
    let bytes = try Data(contentsOf: command.folder.appending(path: name))
    return [16, 20].map { start in bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
  }

  @Test func chartsHaveTheAskedFormAndSize() throws {
    let command = try Command()
    defer { command.clean() }
    let model = Command.package.appending(path: "Examples/vanishing/model.yaml").path
    #expect(try command("train", model, "--output", "run.gradtrace", "--quiet").status == 0)
    let plain = try command("chart", "run.gradtrace", "--output", "overview.png")
    #expect(plain.status == 0 && plain.output == "" && plain.errors == "")
    #expect(try size(command, "overview.png") == [1200, 675])
    let fine = try command(
      "chart", "run.gradtrace", "gradient-flow", "--output", "flow.png", "--size", "800x450",
      "--dpi", "192", "--theme", "dark")
    #expect(fine.status == 0)
    #expect(try size(command, "flow.png") == [1600, 900])
    #expect(
      try command("chart", "run.gradtrace", "gradient-flow", "--output", "flow.svg").status == 0)
    let svg = try command.text(of: "flow.svg")
    #expect(svg.contains(">δ loses 7.5 decades from dense-13 to dense-1</text>"))

    for (arguments, message) in [
      (
        ["nothing", "--output", "a.svg"],
        "gradcheck: run.gradtrace: found no chart \"nothing\", expected one of overview, loss, "
          + "gradient-flow, "
      ),
      (
        ["dead-units", "--output", "a.svg"],
        "gradcheck: run.gradtrace: the chart \"dead-units\" can't be drawn: "
      ),
      (["--output", "a.jpg"], "Error: --output is a.jpg, expected a name that ends in"),
      (["--output", "a.png", "--dpi", "1"], "Error: --dpi is 1, expected 48 to 768"),
      (["--output", "a.png", "--size", "12"], "Error: The value '12' is invalid"),
      (["--output", "none/a.png"], "gradcheck: none/a.png: "),
    ] {
      let result = try command.call(["chart", "run.gradtrace"] + arguments)
      #expect(result.status == 2)
      #expect(result.errors.hasPrefix(message), "\(result.errors)")
      #expect(!command.has("a.svg") && !command.has("a.png"))
    }
  }
}
