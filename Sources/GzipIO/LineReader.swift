import Foundation

/// Reads a file line by line, as bytes; lines end with LF or CRLF.
///
/// A byte order mark at the beginning is no part of the first line.
public struct LineReader {
  /// The longest line that is read where nothing else is said: 64 MiB.
  public static let defaultLongestLine = 64 << 20

  /// The number of the line read last, counted from 1; 0 before the first.
  public private(set) var lineNumber = 0
  /// Whether the line read last was ended by a line break, not by the end of the file.
  public private(set) var isTerminated = true

  private let reader: FileReader
  private let longestLine: Int
  private var buffer: [UInt8]
  /// The unread part of the buffer, and up to where it holds no line break.
  private var start = 0
  private var searched = 0
  private var end = 0
  private var isAtEnd = false

  /// Opens the file at `path`; its size is limited to `limit` bytes, unpacked, and each line to `longestLine`.
  ///
  /// - Throws: An ``InputError`` if there is no such file, if it is a folder, or if it can't be opened.
  public init(
    path: String, limit: Int = FileReader.defaultLimit,
    longestLine: Int = LineReader.defaultLongestLine
  ) throws(InputError) {
    self.init(try FileReader(path: path, limit: limit), longestLine: longestLine)
  }

  /// Reads the lines of what `reader` has not delivered yet.
  public init(_ reader: FileReader, longestLine: Int = LineReader.defaultLongestLine) {
    self.reader = reader
    self.longestLine = longestLine
    buffer = [UInt8](repeating: 0, count: 1 << 18)
  }

  /// The file as the user named it.
  public var path: String { reader.path }

  /// The next line without its line break, or nil at the end of the file.
  ///
  /// The slice shares the reader's buffer: let go of it before asking for the next, and nothing is copied.
  ///
  /// - Throws: An ``InputError`` as ``FileReader/read(into:at:)`` does (whole lines before the fault come first), or
  ///   for a line that is too long.
  public mutating func next() throws(InputError) -> ArraySlice<UInt8>? {
    while true {
      if let lineBreak = indexOfLineBreak() {
        return try line(upTo: lineBreak, continuingAt: lineBreak + 1)
      }
      searched = end
      if isAtEnd {
        isTerminated = start == end
        return isTerminated ? nil : try line(upTo: end, continuingAt: end)
      }
      try checkLength(end - start)
      try readMore()
    }
  }

  private func indexOfLineBreak() -> Int? {
    buffer.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, searched < end,
        let found = memchr(base + searched, 0x0a, end - searched)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  private mutating func line(
    upTo lineEnd: Int, continuingAt next: Int
  ) throws(InputError) -> ArraySlice<UInt8> {
    try checkLength(lineEnd - start)
    var line = buffer[start..<lineEnd]
    start = next
    searched = next
    lineNumber += 1
    if line.last == 0x0d { line.removeLast() }
    if lineNumber == 1, line.starts(with: [0xef, 0xbb, 0xbf]) { line.removeFirst(3) }
    return line
  }

  private func checkLength(_ length: Int) throws(InputError) {
    guard length <= longestLine else {
      throw InputError(
        file: path, line: lineNumber + 1,
        "a line longer than the limit of \(byteCount(longestLine))")
    }
  }

  private mutating func readMore() throws(InputError) {
    if start > 0 {
      buffer.replaceSubrange(0..<end - start, with: buffer[start..<end])
      end -= start
      start = 0
      searched = end
    }
    if end == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
    let count = try reader.read(into: &buffer, at: end)
    end += count
    isAtEnd = count == 0
  }
}
