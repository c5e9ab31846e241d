import GzipIO
import Synchronization

/// The steps of a log in JSON lines, read a line at a time.
final class JSONLinesTrace: TraceSource {
  let header: TraceHeader
  var path: String? { file }
  private let file: String
  private let keepGoing: Bool
  private let limit: Int
  private let documents: [String: String]
  private let skipped = Mutex(0)

  init(path: String, keepGoing: Bool, limit: Int) throws {
    file = path
    self.keepGoing = keepGoing
    self.limit = limit
    var lines = try LineReader(path: path, limit: limit)
    let first = try lines.next()
    let line = first ?? []
    guard let opening = line.first(where: { !" \t\r".utf8.contains($0) }),
      opening == UInt8(ascii: "{")
    else {
      let found = String(decoding: line.prefix(200), as: UTF8.self)
      throw InputError(
        file: path,
        "not a trace: expected a .gradtrace, .jsonl or .jsonl.gz, found \(found.quoted)")
    }
    let isWhole = lines.isTerminated
    (header, documents) = try line.withUnsafeBytes { bytes in
      var decoder = HeaderDecoder()
      do {
        return try decoder.decode(bytes, file: path)
      } catch let fault as JSONScanner.Fault {
        throw fault.error(file: path, line: 1, length: bytes.count, isWhole: isWhole)
      }
    }
    try header.check(file: path, line: 1)
  }

  var skippedLines: Int { skipped.withLock { $0 } }

  func forEachStep(_ body: (StepRecord) throws -> Void) throws {
    let decoder = StepDecoder(header)
    var lines = try LineReader(path: file, limit: limit)
    var left = 0
    var last = -1
    _ = try lines.next()
    while let line = try nextLine(of: &lines, &left) {
      guard line.contains(where: { !" \t".utf8.contains($0) }) else { continue }
      let step: StepRecord
      do {
        step = try self.step(of: line, lines, decoder, after: last)
      } catch {
        guard keepGoing else { throw error }
        left += 1
        continue
      }
      last = step.step
      try body(step)
    }
    skipped.withLock { $0 = left }
  }

  /// The next line, nil at the end; a fault of the file itself, as in gzip that is cut off, counts as a line left out.
  private func nextLine(
    of lines: inout LineReader, _ left: inout Int
  ) throws(InputError) -> ArraySlice<UInt8>? {
    do throws(InputError) {
      return try lines.next()
    } catch {
      guard keepGoing else { throw error }
      left += 1
      return nil
    }
  }

  private func step(
    of line: ArraySlice<UInt8>, _ lines: LineReader, _ decoder: StepDecoder, after last: Int
  ) throws(InputError) -> StepRecord {
    let decoded = line.withUnsafeBytes { bytes -> Result<StepRecord, JSONScanner.Fault> in
      do throws(JSONScanner.Fault) {
        return .success(try decoder.decode(bytes))
      } catch { return .failure(error) }
    }
    switch decoded {
    case .failure(let fault):
      throw fault.error(
        file: file, line: lines.lineNumber, length: line.count, isWhole: lines.isTerminated)
    case .success(let step):
      guard step.step > last else {
        throw InputError(
          file: file, line: lines.lineNumber,
          "found step \(step.step) after step \(last), expected ascending steps")
      }
      return step
    }
  }

  func document(_ name: String) throws -> String? { documents[name] }

  func documentNames() throws -> [String] { documents.keys.sorted() }
}

extension JSONScanner.Fault {
  /// This fault as an error of the file it is in.
  func error(file: String, line: Int, length: Int, isWhole: Bool) -> InputError {
    guard isCutOff else { return InputError(file: file, line: line, message) }
    return InputError(
      file: file, line: line,
      isWhole
        ? "the line ends too early, after \(length) bytes: expected a whole JSON object"
        : "the file is cut off in the middle of this line, after \(length) bytes of it")
  }
}
