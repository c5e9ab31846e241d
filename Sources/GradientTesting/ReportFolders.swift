import Foundation
import GradientHealth
import Synchronization
import Testing

/// Where the reports of failed expectations go: a folder each, under the one that the environment variable
/// `GRADIENT_REPORTS` names, else in the system's temporary folder.
///
/// A folder is called after the file and line of its expectation, so that the next run of the test replaces what an earlier
/// one left there, also one that was killed; a line that fails twice in a run gets a second folder.
enum ReportFolders {
  private static let taken = Mutex<[String: Int]>([:])

  /// The folder above those of all expectations.
  static var root: String {
    ProcessInfo.processInfo.environment["GRADIENT_REPORTS"].flatMap { $0.isEmpty ? nil : $0 }
      ?? FileManager.default.temporaryDirectory.appending(path: "gradient-reports").path
  }

  /// Writes the report of a failed expectation, and attaches it to the test.
  ///
  /// - Returns: A line that says where it lies, or why there is none: a full disk must not hide the finding.
  static func write(_ report: Report, at location: TestLocation, under root: String = root)
    -> String
  {
    let folder = place(of: location, under: root)
    do {
      let page = try report.write(to: folder)
      attach(folder, at: location)
      return "Report: \(page)"
    } catch {
      return "No report: \(error)"
    }
  }

  private static func place(of location: TestLocation, under root: String) -> String {
    let file = URL(filePath: "\(location.filePath)").deletingPathExtension().lastPathComponent
    let folder = "\(root)/\(file)-\(location.line)"
    let count = taken.withLock { taken in
      taken[folder, default: 0] += 1
      return taken[folder, default: 1]
    }
    return folder + (count > 1 ? "-\(count)" : "")
  }

  private static func attach(_ folder: String, at location: TestLocation) {
    guard Test.current != nil else { return }
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for file in files.sorted() {
      guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(file)") else { continue }
      location.attach(Array(bytes), named: file)
    }
  }
}
