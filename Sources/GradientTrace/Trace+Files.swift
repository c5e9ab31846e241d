import Foundation
public import GzipIO

extension Trace {
  /// Opens a recorded run: a `.gradtrace` file (of a run that goes on or was killed, too), or JSON lines, plain or
  /// gzip, as its content says.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - keepGoing: Whether lines of a log that can't be read are left out, and counted in ``skippedLines``, where
  ///     they would be an error otherwise.
  ///   - limit: The most bytes that are read of a log, unpacked.
  /// - Throws: An `InputError` if there is no such file, or if it isn't a trace that this version reads.
  public init(
    contentsOf path: String, keepGoing: Bool = false, limit: Int = FileReader.defaultLimit
  ) throws {
    guard !isPipeOrDevice(path) else {
      throw InputError(
        file: path, "is a pipe or a device, expected a file: a trace is read more than once")
    }
    var head = [UInt8](repeating: 0, count: 16)
    var count = 0
    let file = try FileReader(path: path, limit: limit)
    while count < head.count {
      let more = try file.read(into: &head, at: count)
      if more == 0 { break }
      count += more
    }
    let kinds = "a trace (.gradtrace, .jsonl or .jsonl.gz)"
    guard count > 0 else {
      throw InputError(file: path, "the file is empty, expected \(kinds)")
    }
    let magic = Array("SQLite format 3\0".utf8)
    if head == magic {
      let source = try DatabaseTrace(path: path)
      self.init(header: source.header, source: source)
    } else if count < magic.count, magic.starts(with: head[..<count]) {
      throw InputError(file: path, "the trace is cut off after \(count) bytes")
    } else {
      let source = try JSONLinesTrace(path: path, keepGoing: keepGoing, limit: limit)
      self.init(header: source.header, source: source)
    }
  }
}

extension Trace {
  /// What a trace file is called while its run goes on: `NAME.running.gradtrace` for `NAME.gradtrace`.
  public static func runningPath(for path: String) -> String {
    let ending = ".gradtrace"
    let stem = path.hasSuffix(ending) ? String(path.dropLast(ending.count)) : path
    return stem + ".running" + ending
  }

  /// Whether a name is that of a trace file, or of one that lies beside it while it is written or after its process was
  /// killed.
  package static func isFile(named name: String) -> Bool {
    (TraceWriter.suffixes + TraceWriter.copySuffixes).contains { name.hasSuffix(".gradtrace" + $0) }
  }
}

/// Whether `path`, its links followed, is there and neither a file nor a folder.
private func isPipeOrDevice(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
}
