import Foundation
public import GradientChecking
public import GradientDiagnosis
public import GradientTrace

/// A run's report: one Markdown page that anyone understands, and the charts that show what it says.
///
/// ```swift
/// try Report(trace, diagnosis, check).write(to: "digits-report")
/// ```
public struct Report: Sendable {
  private let trace: Trace
  private let diagnosis: Diagnosis
  private let check: GradientCheck?
  /// The name of the page in its folder.
  private static let page = "report.md"

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
    try ReportFolder(directory, page: page).make()
  }

  /// Writes `report.md` and its pictures into a folder, which is made if need be.
  ///
  /// An earlier report there is replaced as a whole, a trace beside it is kept. Everything is written aside first, so that
  /// an error leaves the folder as it was.
  ///
  /// - Parameters:
  ///   - directory: the folder.
  ///   - reproducible: leaves out what differs from one machine or run to the next.
  /// - Returns: the path of `report.md`.
  /// - Throws: An `InputError` if the folder holds files that aren't a report's, can't be written or is full; what reading
  ///   the trace throws.
  @discardableResult
  public func write(to directory: String, reproducible: Bool = false) throws -> String {
    let folder = try ReportFolder(directory, page: Self.page)
    let start = ContinuousClock.now
    let run = try RunDigest(trace, diagnosis)
    let gallery = Gallery(run, diagnosis)
    let gradients = check.map(CheckSection.init)
    var files: [(name: String, bytes: Data)] = []
    for picture in gallery.pictures + (gradients?.gallery.pictures ?? []) {
      files.append((picture.file, try Canvas(picture.drawing).png()))
    }
    var page = ReportPage(
      run: run, diagnosis: diagnosis, gradients: gradients, gallery: gallery,
      results: try PartResult.all(of: trace),
      preflight: try Preflight.kept(in: trace))
    if !reproducible {
      page.timings = try trace.timings()
      page.drawingTime = ContinuousClock.now - start
    }
    files.append((Self.page, Data(page.markdown.utf8)))
    return try folder.replace(with: files)
  }
}
