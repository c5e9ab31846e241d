import Foundation
import GradientHealth
import Testing

/// The command, the changelog and what a package is told to depend on name one version.
@Suite struct VersionTests {
  /// A semantic version without suffixes.
  private struct Version: Comparable {
    var numbers: [Int]

    init?(_ text: some StringProtocol) {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
      guard parts.count == 3, !parts.contains(nil) else { return nil }
      numbers = parts.compactMap(\.self)
    }

    static func < (left: Version, right: Version) -> Bool {
      left.numbers.lexicographicallyPrecedes(right.numbers)
    }
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Command.package.appending(path: path), encoding: .utf8)
  }

  /// What is wrong with a changelog beside the version that the code tells.
  private func mistakes(in changelog: String, version: String) -> [String] {
    let sections = changelog.components(separatedBy: "\n## ").dropFirst()
    guard let first = sections.first, first.hasPrefix("Unreleased\n") else {
      return ["doesn't begin with what is unreleased"]
    }
    var mistakes: [String] = []
    let kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Dependencies"]
    for match in changelog.matches(of: /\n### (.*)\n/) where !kinds.contains(String(match.output.1))
    {
      mistakes.append("has a section \(match.output.1)")
    }
    var versions: [Version] = []
    for section in sections.dropFirst() {
      guard let heading = section.firstMatch(of: /^(\d+\.\d+\.\d+) - \d{4}-\d{2}-\d{2}\n/),
        let version = Version(heading.output.1)
      else {
        mistakes.append("a heading has no version and day")
        continue
      }
      if let last = versions.last, version >= last { mistakes.append("the versions don't fall") }
      versions.append(version)
    }
    let planned = first.firstMatch(of: /\nWill be (\S+)[,.]/).map { String($0.output.1) }
    let isEmpty = !first.contains("\n### ")
    let told = isEmpty ? versions.first : planned.flatMap { Version($0) }
    if told == nil || told != Version(version) { mistakes.append("tells another version") }
    if let told, let last = versions.first, !isEmpty {
      if told <= last { mistakes.append("what is unreleased isn't later than what is released") }
      let isMinor = first.matches(of: /\n### (.*)\n/).contains { $0.output.1 != "Fixed" }
      if isMinor, told.numbers.prefix(2).elementsEqual(last.numbers.prefix(2)) {
        mistakes.append("more than mistakes mended takes a minor version")
      }
    }
    return mistakes
  }

  @Test func theCommandTellsTheVersion() throws {
    let command = try Command()
    defer { command.clean() }
    let result = try command("--version")
    #expect(result.status == 0 && result.output == gradientHealthVersion + "\n")
    #expect(Version(gradientHealthVersion) != nil)
  }

  @Test func theChangelogTellsIt() throws {
    #expect(mistakes(in: try text("CHANGELOG.md"), version: gradientHealthVersion) == [])
  }

  @Test(arguments: ["README.md", "Examples/ci-package/Package.swift"])
  func aPackageIsToldToDependOnIt(file: String) throws {
    let version = try #require(try text(file).firstMatch(of: /from: "([^"]*)"/)).output.1
    #expect(String(version) == gradientHealthVersion, "\(file)")
  }

  /// Changelogs with the version that the code tells, and what is wrong with them; nil where nothing is.
  private static let samples: [(changelog: String, version: String, mistake: String?)] = [
    ("## Unreleased\n\nWill be 0.2.0.\n\n### Added\n\n## 0.1.0 - 2026-01-31\n", "0.2.0", nil),
    ("## Unreleased\n\n## 0.2.0 - 2026-02-01\n\n## 0.1.9 - 2026-01-31\n", "0.2.0", nil),
    ("## Unreleased\n\nWill be 0.1.1.\n\n### Fixed\n\n## 0.1.0 - 2026-01-31\n", "0.1.1", nil),
    ("## 0.1.0 - 2026-01-31\n", "0.1.0", "doesn't begin with what is unreleased"),
    ("## Unreleased\n\nWill be 0.1.0.\n\n### New\n", "0.1.0", "has a section New"),
    ("## Unreleased\n\n### Added\n", "0.1.0", "tells another version"),
    ("## Unreleased\n\nWill be 0.2.0.\n\n### Added\n", "0.1.0", "tells another version"),
    ("## Unreleased\n\n## 0.1.0 - 2026-01-31\n", "0.2.0", "tells another version"),
    ("## Unreleased\n\n## 0.1.0\n", "0.1.0", "a heading has no version and day"),
    (
      "## Unreleased\n\n## 0.1.0 - 2026-01-31\n\n## 0.2.0 - 2026-02-01\n", "0.1.0",
      "the versions don't fall"
    ),
    (
      "## Unreleased\n\nWill be 0.1.0.\n\n### Fixed\n\n## 0.1.0 - 2026-01-31\n", "0.1.0",
      "what is unreleased isn't later than what is released"
    ),
    (
      "## Unreleased\n\nWill be 0.1.1.\n\n### Changed\n\n## 0.1.0 - 2026-01-31\n", "0.1.1",
      "more than mistakes mended takes a minor version"
    ),
  ]

  @Test func aChangelogThatIsWrongIsFound() {
    for (changelog, version, mistake) in Self.samples {
      let found = mistakes(in: "# Changelog\n\n" + changelog, version: version)
      #expect(mistake.map(found.contains) ?? found.isEmpty, "\(changelog): \(found)")
    }
  }
}
