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

  /// The form of a report.
  public enum Format: String, Sendable, CaseIterable {
    /// `report.md` with a picture for each chart.
    case markdown
    /// `report.html`, one page for a browser with everything in it.
    case html

    /// The name of the page in its folder.
    fileprivate var page: String { self == .markdown ? "report.md" : "report.html" }
  }

  /// Creates the report of a run.
  ///
  /// - Parameters:
  ///   - trace: what was recorded.
  ///   - diagnosis: what was found in it.
  ///   - check: the numeric check of the model's gradients; nil where there was none.
  public init(_ trace: Trace, _ diagnosis: Diagnosis, _ check: GradientCheck? = nil) {
    self.trace = trace
    self.diagnosis = diagnosis
    self.check = check
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
  ///   - reproducible: leaves out what differs from one machine or run to the next.
  /// - Returns: the path of the page.
  /// - Throws: An `InputError` if the folder holds files that aren't a report's, can't be written or is full; what reading
  ///   the trace throws.
  @discardableResult
  public func write(
    to directory: String, as format: Format = .markdown, reproducible: Bool = false
  ) throws -> String {
    let folder = try Self.folder(directory, for: format)
    let start = ContinuousClock.now
    let run = try RunDigest(trace, diagnosis)
    let gallery = Gallery(run, diagnosis)
    let gradients = check.map(CheckSection.init)
    let pictures = try (gallery.pictures + (gradients?.gallery.pictures ?? []))
      .map { (name: $0.file, bytes: try Canvas($0.drawing).png()) }
    var page = ReportPage(
      run: run, diagnosis: diagnosis, gradients: gradients, gallery: gallery,
      results: try PartResult.all(of: trace),
      preflight: try Preflight.kept(in: trace))
    if !reproducible {
      page.timings = try trace.timings()
      page.drawingTime = ContinuousClock.now - start
    }
    switch format {
    case .markdown:
      return try folder.replace(
        with: pictures + [(name: format.page, bytes: Data(page.markdown.utf8))])
    case .html:
      let html = try HTMLPage(
        page: page, data: PageData(trace, run, diagnosis),
        pictures: Dictionary(uniqueKeysWithValues: pictures.map { ($0.name, $0.bytes) })
      ).html()
      return try folder.replace(with: [(format.page, Data(html.utf8))])
    }
  }

  private static func folder(_ directory: String, for format: Format) throws -> ReportFolder {
    try ReportFolder(directory, page: format.page, insteadOf: Format.allCases.map(\.page))
  }
}
