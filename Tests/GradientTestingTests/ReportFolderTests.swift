import Foundation
import GradientHealth
import Testing

@testable import GradientTesting

/// Where the reports of failed expectations go, and what becomes of them where that is no place to write to.
struct ReportFolderTests {
  private let root = FileManager.default.temporaryDirectory
    .appending(path: "report-folder-tests-\(UUID().uuidString)").path

  /// A failed expectation at a line.
  private func location(_ line: UInt) -> TestLocation {
    TestLocation(fileID: "Tests/File.swift", filePath: "/Tests/File.swift", line: line, column: 1)
  }

  private func report() throws -> Report {
    let trace = try Subjects.trace(of: Subjects.vanishing(), steps: 60)
    return Report(trace, try Diagnosis(of: trace))
  }

  /// Writes a report as a failed expectation does; gives what it says of it, and the names of what is attached.
  private func write(
    _ report: Report, at line: UInt
  ) async throws -> (text: String, attachments: [String]) {
    let (text, recorded) = try await RecordedIssues.during { [location = location(line), root] in
      ReportFolders.write(report, at: location, under: root)
    }
    return (text, recorded.attachments)
  }

  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test func aLineThatFailsTwiceHasTwoFolders() async throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let report = try report()
    var lines: [String] = []
    for line: UInt in [3, 3, 4] {
      let (text, attachments) = try await write(report, at: line)
      lines.append(text)
      #expect(
        try attachments == names(in: "\(root)/\(text.split(separator: "/").dropLast().last ?? "")"))
    }
    #expect(
      lines == ["File-3", "File-3-2", "File-4"].map { "Report: \(root)/\($0)/report.md" })
    #expect(try names(in: root) == ["File-3", "File-3-2", "File-4"])
  }

  @Test func whereNothingCanBeWrittenThatIsSaid() async throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    try Data("a file".utf8).write(to: URL(filePath: root))
    let line = try await write(report(), at: 5).text
    #expect(
      line == "No report: \(root)/File-5: the folder can't be made: not a directory")
  }

  /// A process that is killed leaves its files aside, or some of them in their place and the page, which moves last, aside.
  @Test func whatAKilledProcessLeftIsReplaced() async throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let manager = FileManager.default
    let folder = "\(root)/File-6", aside = "\(folder)/.gradcheck-unfinished-1"
    let report = try report()
    let page = try report.write(to: folder)
    let complete = try names(in: folder)
    try manager.createDirectory(atPath: aside, withIntermediateDirectories: false)
    try manager.moveItem(atPath: page, toPath: "\(aside)/report.md")
    try manager.createDirectory(
      atPath: "\(folder)/.gradcheck-unfinished-2", withIntermediateDirectories: false)
    try Data("half of a pic".utf8).write(
      to: URL(filePath: "\(folder)/.gradcheck-unfinished-2/overview.png"))

    let line = try await write(report, at: 6).text
    #expect(line == "Report: \(folder)/report.md")
    #expect(try names(in: folder) == complete)
  }

  /// The same with a process that really is killed, when so many files of its report are complete.
  @Test(arguments: [1, 4, 8])
  func aKilledTestDoesNotDisturbTheNext(files: Int) async throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let folder = "\(root)/File-8"
    // It may have ended its report before it was killed.
    for _ in 0..<20 where Self.unfinished(in: folder) == nil {
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [folder = folder as String, files = files as Int] in
        let trace = try Subjects.trace(of: Subjects.vanishing(), steps: 60)
        let report = Report(trace, try Diagnosis(of: trace))
        Thread.detachNewThread {
          while Self.unfinished(in: folder) ?? 0 < files {}
          kill(getpid(), SIGKILL)
        }
        while true { _ = try report.write(to: folder) }
      }
    }
    #expect(Self.unfinished(in: folder) != nil)

    let report = try report()
    let line = try await write(report, at: 8).text
    #expect(line == "Report: \(folder)/report.md")
    _ = try report.write(to: "\(root)/whole")
    #expect(try names(in: folder) == names(in: "\(root)/whole"))
  }

  /// How many files are complete of a report that is being written; nil where none is.
  private static func unfinished(in folder: String) -> Int? {
    let manager = FileManager.default
    let aside = try? manager.contentsOfDirectory(atPath: folder)
      .first { $0.hasPrefix(".gradcheck-unfinished-") }
    return aside.map { name in
      let files = (try? manager.contentsOfDirectory(atPath: "\(folder)/\(name)")) ?? []
      return files.count { !$0.hasSuffix(".unfinished") }
    }
  }

  @Test func whatSomebodyElseLeftIsKept() async throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let folder = "\(root)/File-7"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: URL(filePath: "\(folder)/overview.png"))
    let line = try await write(report(), at: 7).text
    #expect(line.hasPrefix("No report: \(folder): the folder holds \"overview.png\", which is "))
    #expect(try String(contentsOfFile: "\(folder)/overview.png", encoding: .utf8) == "mine")
  }
}
