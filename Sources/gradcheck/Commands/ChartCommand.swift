import ArgumentParser
import Foundation
import GradientHealth

struct ChartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chart",
    abstract: "Draw one chart of a run, as PNG or SVG.",
    usage: "gradcheck chart <trace> [<chart>] --output <file> [options]",
    discussion: """
      gradcheck chart run.gradtrace --output overview.png
      gradcheck chart run.gradtrace gradient-flow --output flow.svg --size 800x450
      """)

  @Argument(help: "The trace: .gradtrace, .jsonl or .jsonl.gz.")
  var trace: String
  @Argument(help: ArgumentHelp("loss, network, …; a wrong id lists all.", valueName: "chart"))
  var chart: String = RunChart.ids[0]
  @Option(help: ArgumentHelp("A .png or .svg to write.", valueName: "file"))
  var output: String
  @Option(help: ArgumentHelp("In pixels.", valueName: "size"))
  var size: PixelSize = PixelSize(width: 1200, height: 675)
  @Option(help: ArgumentHelp("How fine a PNG is.", valueName: "number"))
  var dpi: Int = 96
  @Option(help: "light or dark")
  var theme: RunChart.Appearance = .light
  @OptionGroup var pairing: PairedOptions
  @OptionGroup var reading: TraceOptions
  @OptionGroup var judging: JudgeOptions

  func validate() throws {
    guard output.hasSuffix(".png") || output.hasSuffix(".svg") else {
      throw ValidationError(
        "--output is \(output.quotable), expected a name that ends in .png or .svg")
    }
    guard RunChart.resolutions.contains(dpi) else {
      throw ValidationError(
        "--dpi is \(dpi), expected \(RunChart.resolutions.lowerBound) to \(RunChart.resolutions.upperBound)"
      )
    }
  }

  func run() throws {
    let recorded = try reading.open(trace)
    let paired = try pairing.trace(reading)
    let diagnosis = try Diagnosis(of: recorded, paired: paired, policy: judging.policy())
    try refuse(toReplace: trace, by: output)
    if output.hasSuffix(".png") { tellOfMissingFont() }
    try RunChart(chart, of: recorded, paired: paired, diagnosis, file: trace).write(
      to: output, width: size.width, height: size.height, dotsPerInch: dpi,
      appearance: theme)
    reading.tellLeftOut(of: recorded, at: trace)
  }
}

extension RunChart.Appearance: Choice {}

/// A width and a height as people write them: `1200x675`.
struct PixelSize: ExpressibleByArgument {
  let width: Int
  let height: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  init?(argument: String) {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1],
      RunChart.sides.contains(width), RunChart.sides.contains(height)
    else { return nil }
    self.init(width: width, height: height)
  }

  var defaultValueDescription: String { "\(width)x\(height)" }
}
