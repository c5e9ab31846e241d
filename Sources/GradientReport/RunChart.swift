import Foundation
public import GradientDiagnosis
public import GradientTrace
import GzipIO

/// One chart of a run as a file of its own, for a paper, a slide or a page.
public struct RunChart: Sendable {
  /// The ids of the charts, the sheet with several of them first.
  public static var ids: [String] { ["overview"] + ChartCatalog.entries.map(\.id) }

  /// The colors.
  public enum Appearance: String, Sendable, CaseIterable {
    case light, dark
  }

  /// The smallest and the largest side of a chart.
  public static let sides: ClosedRange<Int> = 300...8000
  /// How many dots of a picture go to an inch of 96 pixels.
  public static let resolutions: ClosedRange<Int> = 48...768

  /// What the chart shows, for someone who can't see it.
  public let alternativeText: String
  private let draw: @Sendable (Theme) -> Drawing

  /// Gathers what the chart `id` draws of a run, beside the one that it is `paired` with, if it is.
  ///
  /// - Throws: An `InputError` about `file` if there is no such chart, or the run has not the data for it; what reading the
  ///   trace throws.
  public init(
    _ id: String, of trace: Trace, paired: Trace? = nil, _ diagnosis: Diagnosis, file: String
  ) throws {
    let run = try RunDigest(trace, diagnosis, paired: paired)
    try self.init(id, of: run, diagnosis, file: file)
  }

  /// Gathers what several charts draw of a run, in one pass over its steps.
  ///
  /// - Throws: the same as for one.
  public static func charts(
    _ ids: [String], of trace: Trace, _ diagnosis: Diagnosis, file: String
  ) throws -> [RunChart] {
    let run = try RunDigest(trace, diagnosis)
    return try ids.map { try RunChart($0, of: run, diagnosis, file: file) }
  }

  private init(
    _ id: String, of run: RunDigest, _ diagnosis: Diagnosis, file: String
  ) throws(InputError) {
    if id == Self.ids[0] {
      let sheet = OverviewSheet(run, diagnosis)
      alternativeText = sheet.alternativeText
      draw = { sheet.drawing(theme: $0) }
      return
    }
    guard let entry = ChartCatalog.entry(id: id) else {
      throw InputError(
        file: file,
        "found no chart \(id.quoted), expected one of \(Self.ids.joined(separator: ", "))")
    }
    let finding = diagnosis.findings.first { entry.symptoms.contains($0.id) }
    do {
      let chart = try entry.type.init(run, diagnosis, about: finding)
      alternativeText = chart.alternativeText
      draw = { chart.drawing(theme: $0) }
    } catch {
      throw InputError(file: file, "the chart \(id.quoted) can't be drawn: \(error.reason)")
    }
  }

  /// Writes the chart as SVG where the file's name ends so, else as PNG.
  ///
  /// - Parameters:
  ///   - path: The file; it is replaced only by a complete one.
  ///   - width: The width in pixels at 96 dots per inch.
  ///   - height: The height.
  ///   - dotsPerInch: How fine a PNG is; SVG is sharp at any size.
  ///   - appearance: The colors.
  /// - Throws: An `InputError` if the file can't be written, and the reason where there is no picture.
  public func write(
    to path: String, width: Int = 1200, height: Int = 675, dotsPerInch: Int = 96,
    appearance: Appearance = .light
  ) throws {
    precondition(
      Self.sides.contains(width) && Self.sides.contains(height),
      "expected sides of \(Self.sides) pixels, got \(width) × \(height)")
    var theme = appearance == .dark ? Theme.dark : .standard
    theme.frame = Frame(x: 0, y: 0, width: Double(width), height: Double(height))
    // What is small has room for small titles.
    if width < 900 { theme = theme.compact }
    let drawing = draw(theme)
    let bytes =
      path.hasSuffix(".svg")
      ? Data(SVGPicture(drawing).text(description: alternativeText).utf8)
      : try Canvas(drawing, dotsPerInch: dotsPerInch).png()
    let file = try FileWriter(path: path)
    try file.write(bytes)
    try file.close()
  }
}
