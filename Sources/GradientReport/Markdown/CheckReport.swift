import Foundation
public import GradientChecking

/// A gradient check as a Markdown page with its charts.
///
/// ```swift
/// try CheckReport(GradientCheck(network, on: examples)).write(to: "digits-check")
/// ```
public struct CheckReport: Sendable {
  /// A setting of the check, as the page lists it.
  public struct Setting: Sendable {
    /// What was set.
    public var name: String
    /// What to.
    public var value: String

    /// Creates a setting.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  private let check: GradientCheck
  private let settings: [Setting]

  /// The name of the page in its folder.
  static let page = "check.md"

  /// Creates the report of a check; the settings tell how to repeat it.
  public init(_ check: GradientCheck, settings: [Setting] = []) {
    self.check = check
    self.settings = settings
  }

  /// Makes the folder that a report will be written to, so that a long check doesn't end with an error that was there from
  /// the start.
  ///
  /// - Throws: An `InputError` if it holds files that aren't of such a report, or can't be made or written.
  public static func prepare(_ directory: String) throws {
    try ReportFolder(directory, page: page).make()
  }

  /// Writes `check.md` and its pictures into a folder, which is made if need be.
  ///
  /// An earlier one there is replaced as a whole. Everything is written aside first, so that an error leaves the folder as
  /// it was.
  ///
  /// - Parameter directory: the folder.
  /// - Returns: the path of `check.md`.
  /// - Throws: An `InputError` if the folder holds files that aren't of such a report, can't be written or is full.
  @discardableResult
  public func write(to directory: String) throws -> String {
    let folder = try ReportFolder(directory, page: Self.page)
    let section = CheckSection(check)
    var files = try section.gallery.pictures.map { (name: $0.file, bytes: try $0.png()) }
    let page = CheckPage(section: section, settings: settings)
    files.append((Self.page, Data(page.markdown.utf8)))
    return try folder.replace(with: files)
  }
}
