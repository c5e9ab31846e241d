import Foundation
public import GradientChecking
public import GradientDiagnosis
public import GradientTrace
import GzipIO

/// A run's report: one Markdown page that anyone understands, and the charts that show what it says.
///
/// ```swift
/// try Report(trace, diagnosis, check).write(to: "digits-report")
/// ```
public struct Report: Sendable {
  private let trace: Trace
  private let diagnosis: Diagnosis
  private let check: GradientCheck?
  private let paired: Trace?

  /// The form of a report.
  public enum Format: String, Sendable, CaseIterable {
    /// `report.md` with a picture for each chart.
    case markdown
    /// `report.html`, one page for a browser with everything in it.
    case html

    /// The name of the page in its folder.
    fileprivate var page: String { self == .markdown ? "report.md" : "report.html" }
  }

  /// Which charts a report shows beside the overview and each finding's evidence.
  public enum Charts: String, Sendable, CaseIterable {
    /// Those that tell most of a run.
    case standard
    /// All that the run has the data for.
    case all
  }

  /// Creates the report of a run.
  ///
  /// - Parameters:
  ///   - trace: what was recorded.
  ///   - diagnosis: what was found in it.
  ///   - check: the numeric check of the model's gradients; nil where there was none.
  ///   - paired: what was recorded of the network that this one trained against; nil where there was none.
  public init(
    _ trace: Trace, _ diagnosis: Diagnosis, _ check: GradientCheck? = nil, paired: Trace? = nil
  ) {
    self.trace = trace
    self.diagnosis = diagnosis
    self.check = check
    self.paired = paired
  }

  /// Makes the folder that a report will be written to, so that a long run doesn't end with an error that was there from
  /// the start.
  ///
  /// - Throws: An `InputError` if it holds files that aren't a report's, or can't be made or written.
  public static func prepare(_ directory: String) throws {
    try folder(directory, for: .markdown).make()
  }

  /// Makes the folder below which reports will be written, a folder each.
  ///
  /// - Throws: An `InputError` if it can't be made or written.
  package static func prepareRoot(_ directory: String) throws {
    var isFolder: ObjCBool = true
    if FileManager.default.fileExists(atPath: directory, isDirectory: &isFolder),
      !isFolder.boolValue
    {
      throw InputError(file: directory, "is a file, expected a folder to write reports to")
    }
    try ReportFolder.prepare(directory)
  }

  /// Writes a report into a folder, which is made if need be: `report.md` and its pictures, or `report.html`.
  ///
  /// An earlier report there, of either form, is replaced as a whole; a trace beside it is kept. Everything is written aside
  /// first, so that an error leaves the folder as it was.
  ///
  /// - Parameters:
  ///   - directory: the folder.
  ///   - format: the form of the report.
  ///   - charts: which charts it shows.
  ///   - embedding: puts the pictures of a Markdown report into it, so that it is one file; those of a page always are.
  ///   - reproducible: leaves out what differs from one machine or run to the next.
  /// - Returns: the path of the page.
  /// - Throws: An `InputError` if the folder holds files that aren't a report's, can't be written or is full; what reading
  ///   the trace throws.
  @discardableResult
  public func write(
    to directory: String, as format: Format = .markdown, charts: Charts = .standard,
    embedding: Bool = false,
    reproducible: Bool = false
  ) throws -> String {
    let folder = try Self.folder(directory, for: format)
    let start = ContinuousClock.now
    let run = try RunDigest(trace, diagnosis, paired: paired)
    let gallery = Gallery(run, diagnosis, charts)
    let gradients = check.map(CheckSection.init)
    let pictures = gallery.pictures + (gradients?.gallery.pictures ?? [])
    let files = try pictures.map { (name: $0.file, bytes: try $0.png()) }
    var page = ReportPage(
      run: run, diagnosis: diagnosis, gradients: gradients, gallery: gallery,
      results: try PartResult.all(of: trace),
      preflight: try Preflight.kept(in: trace))
    if !reproducible {
      page.timings = try trace.timings()
      page.drawingTime = ContinuousClock.now - start
    }
    switch format {
    case .markdown where embedding:
      let markdown = page.markdown(embedding: EmbeddedPictures(pictures: files))
      return try folder.replace(with: [(name: format.page, bytes: Data(markdown.utf8))])
    case .markdown:
      return try folder.replace(
        with: files + [(name: format.page, bytes: Data(page.markdown.utf8))])
    case .html:
      let dark = try pictures.map { (name: $0.file, bytes: try $0.png(.dark)) }
      let addresses = ThemedPicture.addresses(light: files, dark: dark)
      let data = try PageData(
        trace, run, diagnosis, budget: PageData.budget(besides: addresses.values))
      let html = try HTMLPage(page: page, data: data, pictures: addresses).html()
      return try folder.replace(with: [(format.page, Data(html.utf8))])
    }
  }

  private static func folder(_ directory: String, for format: Format) throws -> ReportFolder {
    try ReportFolder(directory, page: format.page, insteadOf: Format.allCases.map(\.page))
  }
}
