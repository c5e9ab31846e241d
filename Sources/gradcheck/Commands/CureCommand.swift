import ArgumentParser
import Foundation
import GradientHealth

struct CureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cure",
    abstract: "Try the remedies; write the cured model.",
    usage: "gradcheck cure <model> [options]",
    discussion: """
      gradcheck cure Examples/vanishing/model.yaml
      gradcheck cure model.yaml --output cured.yaml --steps 1000
      """)

  @Argument(help: "The model file (YAML).")
  var model: String
  @Option(help: ArgumentHelp("Default: NAME.cured.yaml beside the model.", valueName: "file"))
  var output: String?
  @Option(help: ArgumentHelp("The most steps of a trial.", valueName: "number"))
  var steps = Cure.Limits().steps
  @Option(help: ArgumentHelp("Begin no trial after so many.", valueName: "seconds"))
  var seconds = Cure.Limits().seconds
  @OptionGroup var judging: JudgeOptions
  @OptionGroup var computing: ComputeOptions
  @OptionGroup var printing: OutputOptions

  func validate() throws {
    if steps < 1 { throw ValidationError("--steps is \(steps), expected 1 or more") }
    if !(seconds > 0) { throw ValidationError("--seconds is \(seconds), expected more than 0") }
  }

  func run() throws {
    let screen = Screen(printing)
    let session = try Session(model, computing, judging)
    let interruption = Interruption()
    _ = try session.requireData()
    _ = try session.file.requireTraining()
    let path = output ?? Self.defaultPath(for: session.file)
    try refuse(toReplace: model, by: path, as: "model")
    // Found out before anything is trained, not behind it.
    _ = try FileWriter(path: path)

    screen.line()
    screen.describe(session)
    let limits = Cure.Limits(steps: steps, seconds: seconds, bytes: computing.inputs.maxInput)
    var progress = ProgressLine(quiet: printing.quiet)
    let cure = try withProgress(of: session, limits, interruption, &progress)
    progress.clear()
    screen.line()
    screen.describe(cure, limits)
    var written: CuredFiles?
    if let healing = cure.healing, let finding = cure.finding, interruption.status == nil {
      let cured = try CuredModel(healing, of: finding, in: session.file, for: path)
      written = try CuredFiles(cured, healing, cure, finding)
      screen.describe(healing, cured, written?.chart)
    }
    screen.line()
    printing.emit(json: cure.json(written: written?.model, chart: written?.chart))
    try ExitStatus.raise([
      interruption.status,
      cure.healing == nil ? cure.before.diagnosis.exitStatus(session.policy) : nil,
    ])
  }

  private func withProgress(
    of session: Session, _ limits: Cure.Limits, _ interruption: Interruption,
    _ progress: inout ProgressLine
  ) throws -> Cure {
    let shown = Shown(progress)
    let cure = try Cure(of: session.file, limits: limits, policy: session.policy) { now in
      shown.line.show(
        "trial \(now.trial), step", now.step, of: now.steps, detail: now.label)
      return interruption.status == nil ? .goOn : .stop
    }
    progress = shown.line
    guard let cure else {
      throw InputError(
        file: session.file.path, "has no \"training\", which says how long and with what")
    }
    return cure
  }

  /// `NAME.cured.yaml` beside the model, NAME being what its reports are called.
  private static func defaultPath(for file: ModelFile) -> String {
    let folder = file.path.lastIndex(of: "/").map { file.path[...$0] } ?? ""
    return "\(folder)\(file.name).cured.yaml"
  }
}

/// A progress line that a closure writes to.
private final class Shown {
  var line: ProgressLine

  init(_ line: ProgressLine) { self.line = line }
}

/// What a cure leaves on the disk: the model and a chart beside it.
private struct CuredFiles {
  let model: String
  let chart: String?

  init(_ cured: CuredModel, _ healing: Attempt, _ cure: Cure, _ finding: Finding) throws {
    try cured.write()
    model = cured.path
    chart = try Self.draw(healing, cure, finding, beside: cured.path)
  }

  /// The chart's path; nil where there is nothing to draw with, which is told.
  private static func draw(
    _ healing: Attempt, _ cure: Cure, _ finding: Finding, beside path: String
  ) throws -> String? {
    guard let trial = healing.trial else { return nil }
    let sheet = try CureSheet(
      before: cure.before.side, after: trial.side, finding: finding, remedies: healing.remedies,
      change: healing.label)
    let stem = [".yaml", ".yml"].first { path.hasSuffix($0) }.map { path.dropLast($0.count) }
    let chart = (stem.map(String.init) ?? path) + ".png"
    let picture: Data
    tellOfMissingFont()
    do { picture = try Canvas(sheet.drawing()).png() } catch {
      complain("\(error)")
      return nil
    }
    let writer = try FileWriter(path: chart)
    try writer.write(picture)
    try writer.close()
    return chart
  }
}

extension Trial {
  /// The trial as the chart shows it.
  fileprivate var side: CureSheet.Side {
    CureSheet.Side(trace, diagnosis, accuracy: accuracy)
  }
}
