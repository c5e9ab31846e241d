import Backpropagation
import GzipIO

/// How a column of a table, or several, are referred to.
public enum ColumnReference: Sendable, Hashable {
  /// The last column.
  case last
  /// The column at this place, counted from 1.
  case position(Int)
  /// The columns from one place to another, counted from 1, both included.
  case range(Int, Int)
  /// The column of this name in the header.
  case name(String)

  /// What `text` refers to: `last`, a range (`3-7`), or a name.
  public init(_ text: String) {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    if text == "last" {
      self = .last
    } else if ends.count == 2, let first = ends[0], let last = ends[1] {
      self = .range(first, last)
    } else {
      self = .name(text)
    }
  }
}

extension ColumnReference: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  public init(stringLiteral text: String) { self.init(text) }
  public init(integerLiteral position: Int) { self = .position(position) }
}

extension ColumnReference: CustomStringConvertible {
  /// As it stands in a sentence: `column "age"`.
  public var description: String {
    switch self {
    case .last: "last column"
    case .position(let position): "column \(position)"
    case .range(let first, let last): "columns \(first)-\(last)"
    case .name(let name): "column \(name.quoted)"
    }
  }
}

/// The columns that a table has.
struct TableColumns {
  var file: String
  /// The line that they are known from, if the file has lines.
  var line: Int?
  var count: Int
  /// Their names, if there is a header.
  var names: [String]?

  /// How a message calls the column at `index`, counted from 0.
  func title(_ index: Int) -> String {
    let name = names.map { " (\($0[index].quoted))" } ?? ""
    return "column \(index + 1)\(name)"
  }

  /// The places, counted from 0, that `references` stand for.
  func indices(_ references: [ColumnReference]) throws(InputError) -> [Int] {
    var indices: [Int] = []
    var seen: Set<Int> = []
    for reference in references {
      for index in try self.indices(reference) {
        guard seen.insert(index).inserted else {
          throw InputError(file: file, line: line, "\(title(index)) is named twice")
        }
        indices.append(index)
      }
    }
    return indices
  }

  private func indices(_ reference: ColumnReference) throws(InputError) -> ClosedRange<Int> {
    switch reference {
    case .last: return count - 1...count - 1
    case .position(let position):
      try check(position)
      return position - 1...position - 1
    case .range(let first, let last):
      try check(first)
      try check(last)
      guard first <= last else {
        throw InputError(
          file: file, line: line, "no columns \(first)-\(last): a range runs upwards")
      }
      return first - 1...last - 1
    case .name(let name):
      guard let names else {
        throw InputError(
          file: file, line: line, "no column \(name.quoted): the file has no header")
      }
      guard let index = names.firstIndex(of: name) else {
        throw InputError(
          file: file, line: line,
          "no column \(name.quoted) in the header" + suggestion(for: name, among: names))
      }
      guard names.lastIndex(of: name) == index else {
        throw InputError(file: file, line: line, "two columns are called \(name.quoted)")
      }
      return index...index
    }
  }

  private func check(_ position: Int) throws(InputError) {
    guard (1...count).contains(position) else {
      throw InputError(
        file: file, line: line, "no column \(position): the file has columns 1 to \(count)")
    }
  }
}
