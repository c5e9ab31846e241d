import Foundation
import GzipIO

/// Reads a CSV file row by row, each split into its cells; blank lines are passed over.
struct CSVRowReader {
  /// The bytes that the cells lie in.
  private(set) var bytes: ArraySlice<UInt8> = []
  /// Where each cell of the current row lies in ``bytes``, counted from their beginning.
  private(set) var cells: [Range<Int>] = []
  /// The line on which the current row begins.
  private(set) var line = 0
  /// What stands between two cells; `automatic` until the first row was read.
  private(set) var delimiter: CSVSource.Delimiter

  private static let mostColumns = 1 << 20
  private var lines: LineReader

  init(_ source: CSVSource, file: String) throws(InputError) {
    lines = try LineReader(path: file, limit: source.limit)
    delimiter = source.delimiter
    for _ in 0..<source.skipRows { bytes = try lines.next() ?? [] }
  }

  /// Whether there was another row; its cells are then in ``cells``.
  mutating func next() throws(InputError) -> Bool {
    repeat {
      bytes = []  // Lets go of the reader's buffer.
      guard let next = try lines.next() else { return false }
      bytes = next
      line = lines.lineNumber
      guard bytes.first != 0xff, bytes.first != 0xfe else {
        throw InputError(file: lines.path, line: line, "is not UTF-8 text; UTF-16 perhaps")
      }
    } while isBlank(bytes.span)
    let isQuoted = bytes.withUnsafeBytes { row in
      row.baseAddress.map { memchr($0, Int32(quote), row.count) != nil } ?? false
    }
    if isQuoted { try joinLinesOfQuotedCells() }
    if delimiter == .automatic { delimiter = Self.delimiter(of: bytes.span) }
    cells.removeAll(keepingCapacity: true)
    if isQuoted {
      try splitQuoted()
    } else {
      let row = bytes
      split(row.span, at: delimiter.byte, into: &cells)
    }
    guard cells.count <= Self.mostColumns else {
      throw InputError(
        file: lines.path, line: line, "\(cells.count) columns; \(Self.mostColumns) are supported")
    }
    return true
  }

  /// The text of a cell.
  func text(_ column: Int) -> String {
    String(decoding: cell(column), as: UTF8.self)
  }

  /// The bytes of a cell.
  func cell(_ column: Int) -> ArraySlice<UInt8> {
    let range = cells[column]
    return bytes[bytes.startIndex + range.lowerBound..<bytes.startIndex + range.upperBound]
  }

  /// A line break within quotation marks belongs to the cell: as long as a mark is open, the next line is added.
  private mutating func joinLinesOfQuotedCells() throws(InputError) {
    var marks = bytes.span.count(of: quote)
    guard marks % 2 == 1 else { return }
    var joined = Array(bytes)
    bytes = []
    while marks % 2 == 1 {
      guard joined.count <= LineReader.defaultLongestLine, let next = try lines.next() else {
        throw unclosed()
      }
      joined.append(0x0a)
      joined += next
      marks += next.span.count(of: quote)
    }
    bytes = joined[...]
  }

  /// Splits a row with quotation marks, and copies its cells without them.
  private mutating func splitQuoted() throws(InputError) {
    let whole = bytes
    let row = whole.span
    let isSpaced = delimiter == .space
    var unquoted: [UInt8] = []
    var position = 0
    func skipBlanks(in row: Span<UInt8>) {
      while position < row.count, row[position].isBlank,
        isSpaced || row[position] != delimiter.byte
      {
        position += 1
      }
    }
    while true {
      skipBlanks(in: row)
      if isSpaced, position == row.count { break }
      let start = unquoted.count
      if position < row.count, row[position] == quote {
        position = try copyQuoted(row, from: position + 1, to: &unquoted)
        guard position == row.count || row[position].isBlank || row[position] == delimiter.byte
        else { throw misquoted("goes on behind its closing quotation mark") }
        if !isSpaced { skipBlanks(in: row) }
        guard position == row.count || row[position] == delimiter.byte else {
          throw misquoted("goes on behind its closing quotation mark")
        }
      } else {
        while position < row.count, row[position] != delimiter.byte {
          guard row[position] != quote else {
            throw misquoted("has a quotation mark, but doesn't begin with it")
          }
          unquoted.append(row[position])
          position += 1
        }
        while unquoted.count > start, unquoted[unquoted.count - 1].isBlank { unquoted.removeLast() }
      }
      cells.append(start..<unquoted.count)
      if position == row.count { break }
      position += 1
    }
    bytes = unquoted[...]
  }

  /// Copies a cell up to its closing quotation mark, two marks being one; returns the place behind it.
  private func copyQuoted(
    _ row: Span<UInt8>, from start: Int, to unquoted: inout [UInt8]
  ) throws(InputError) -> Int {
    var position = start
    while position < row.count {
      if row[position] == quote {
        position += 1
        guard position < row.count, row[position] == quote else { return position }
      }
      unquoted.append(row[position])
      position += 1
    }
    throw unclosed()
  }

  private func misquoted(_ what: String) -> InputError {
    InputError(file: lines.path, line: line, "column \(cells.count + 1) \(what)")
  }

  private func unclosed() -> InputError {
    InputError(file: lines.path, line: line, "a quotation mark that is never closed")
  }

  /// The first of tab, semicolon, comma and space that the row has outside of quotation marks.
  private static func delimiter(of row: Span<UInt8>) -> CSVSource.Delimiter {
    var found: Set<UInt8> = []
    var isInside = false
    for index in row.indices {
      if row[index] == quote { isInside.toggle() }
      if !isInside { found.insert(row[index]) }
    }
    return [.tab, .semicolon, .comma, .space].first { found.contains($0.byte) } ?? .comma
  }
}

/// Splits a row without quotation marks; blanks around a cell don't belong to it.
private func split(_ row: Span<UInt8>, at delimiter: UInt8, into cells: inout [Range<Int>]) {
  let isSpaced = delimiter == 0x20
  var position = 0
  while true {
    while position < row.count, row[position].isBlank, row[position] != delimiter || isSpaced {
      position += 1
    }
    if isSpaced, position == row.count { return }
    let start = position
    while position < row.count, row[position] != delimiter { position += 1 }
    var end = position
    while end > start, row[end - 1].isBlank { end -= 1 }
    cells.append(start..<end)
    if position == row.count { return }
    position += 1
  }
}

private func isBlank(_ row: Span<UInt8>) -> Bool {
  for index in row.indices where !row[index].isBlank { return false }
  return true
}

private let quote = UInt8(ascii: "\"")

extension UInt8 {
  fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 }
}

extension Span<UInt8> {
  fileprivate func count(of byte: UInt8) -> Int {
    var count = 0
    for index in indices where self[index] == byte { count += 1 }
    return count
  }
}

extension CSVSource.Delimiter {
  /// The byte that it is.
  var byte: UInt8 {
    switch self {
    case .automatic, .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .tab: 0x09
    case .space: 0x20
    }
  }
}
