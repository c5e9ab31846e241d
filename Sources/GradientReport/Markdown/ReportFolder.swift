import Foundation
import GradientTrace
import GzipIO

/// The folder that a report lies in: makes sure that it is ours, and replaces what it holds at once.
struct ReportFolder {
  /// What a folder for files not yet complete is called.
  private static let unfinished = ".gradcheck-unfinished-"
  /// The last line of a page starts with this and lists the pictures, so that a later report knows its own files.
  private static let markerStart = "<!-- gradcheck report:"

  private let path: String
  /// The name of the report's page.
  private let page: String
  /// Whether the folder held nothing, or wasn't there.
  private let isEmpty: Bool
  /// The files of an earlier report.
  private let earlier: [String]

  /// Looks at the folder `path`, for a report whose page has the name `page`, or which replaces one whose page has one of the
  /// `others`.
  ///
  /// - Throws: An `InputError` if it is a file, can't be read, or holds something that no report of ours left there.
  init(_ path: String, page: String, insteadOf others: [String] = []) throws {
    self.path = path
    self.page = page
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      isEmpty = true
      earlier = []
      return
    }
    guard isDirectory.boolValue else {
      throw InputError(file: path, "is a file, expected a folder to write the report to")
    }
    guard let entries = try? FileManager.default.contentsOfDirectory(atPath: path).sorted() else {
      throw InputError(file: path, "the folder can't be read: \(Self.lastError)")
    }
    // The page moves last: one that was killed on the way lists the pictures that have moved already.
    let places = [path] + entries.filter(Self.isLeftover).map { path + "/" + $0 }
    let ours = Set(
      ([page] + others).flatMap { page in
        places.flatMap { Self.filesOfReport(in: $0, page: page) }
      })
    // A trace lies beside its report.
    let foreign = entries.first {
      !ours.contains($0) && !Trace.isFile(named: $0) && !Self.isLeftover($0)
    }
    if let foreign {
      throw InputError(
        file: path,
        "the folder holds \(foreign.quoted), which is not of a report; expected an empty folder or an earlier report"
      )
    }
    isEmpty = entries.isEmpty
    earlier = entries.filter { ours.contains($0) || Self.isLeftover($0) }
  }

  /// The line that tells a later report which files are this one's.
  static func marker(_ pictures: [String]) -> String {
    "\(markerStart) \(pictures.joined(separator: " ")) -->"
  }

  /// Makes the folder if it isn't there.
  ///
  /// - Throws: An `InputError` if it can't be made or written.
  func make() throws { try Self.prepare(path) }

  /// Makes a folder if it isn't there, and makes sure that it can be written.
  ///
  /// - Throws: An `InputError` if it can't be made or written.
  static func prepare(_ path: String) throws {
    guard Self.make(path) else {
      throw InputError(file: path, "the folder can't be made: \(Self.lastError)")
    }
    guard access(path, W_OK) == 0 else {
      throw InputError(file: path, "the folder can't be written: \(Self.lastError)")
    }
  }

  /// Puts `files` in the place of an earlier report: all of them, or none if one can't be written.
  ///
  /// - Returns: the path of the page.
  /// - Throws: An `InputError` if the folder can't be made or written, or is full.
  func replace(with files: [(name: String, bytes: Data)]) throws -> String {
    let manager = FileManager.default
    try make()
    let aside = path + "/" + Self.unfinished + String(UInt32.random(in: 0...UInt32.max), radix: 36)
    guard mkdir(aside, 0o777) == 0 else {
      let reason = Self.lastError
      if isEmpty { rmdir(path) }
      throw InputError(file: path, "the folder can't be written: \(reason)")
    }
    do {
      for file in files {
        let writer = try FileWriter(path: aside + "/" + file.name)
        try writer.write(file.bytes)
        try writer.close()
      }
    } catch {
      try? manager.removeItem(atPath: aside)
      if isEmpty { rmdir(path) }
      let name = error.file.split(separator: "/").last.map(String.init) ?? error.file
      throw InputError(file: path + "/" + name, error.message)
    }
    // Everything is on the disk: from here on files only change their names. The page comes last, as it names the others.
    for file in files {
      guard rename(aside + "/" + file.name, path + "/" + file.name) == 0 else {
        let reason = Self.lastError
        try? manager.removeItem(atPath: aside)
        throw InputError(file: path + "/" + file.name, "can't be written: \(reason)")
      }
    }
    let names = Set(files.map(\.name))
    for stale in earlier where !names.contains(stale) {
      try? manager.removeItem(atPath: path + "/" + stale)
    }
    try? manager.removeItem(atPath: aside)
    return path + "/" + page
  }

  /// The page and pictures of the report in a folder, by the list at the page's end; empty if there is none of ours.
  private static func filesOfReport(in path: String, page: String) -> Set<String> {
    guard let bytes = FileManager.default.contents(atPath: path + "/" + page),
      let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").last,
      line.hasPrefix(markerStart), line.hasSuffix("-->")
    else { return [] }
    let names = line.dropFirst(markerStart.count).dropLast(3).split(separator: " ")
    // The list may be forged: only pictures of this very folder are taken from it.
    let pictures = names.filter { $0.hasSuffix(".png") && !$0.contains("/") && !$0.hasPrefix(".") }
    return Set(pictures.map(String.init) + [page])
  }

  /// What a report that was killed left behind.
  private static func isLeftover(_ name: String) -> Bool { name.hasPrefix(unfinished) }

  /// Makes the folder `path` with those above it; true if it is there.
  private static func make(_ path: String) -> Bool {
    if mkdir(path, 0o777) == 0 || errno == EEXIST { return true }
    guard errno == ENOENT, let slash = path.dropLast().lastIndex(of: "/"), slash > path.startIndex
    else { return false }
    return make(String(path[..<slash])) && mkdir(path, 0o777) == 0
  }

  /// What the system says of the call that failed last: `permission denied`.
  private static var lastError: String {
    let text = String(cString: strerror(errno))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
