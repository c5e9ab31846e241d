import Testing
import XCTest

/// Where an expectation stands in a test, in the form that both frameworks take.
struct TestLocation: Sendable {
  var fileID: StaticString
  var filePath: StaticString
  var line: UInt
  var column: UInt

  /// What takes an attachment in the place of the running test; nil but in the tests of this library.
  @TaskLocal static var attaching: (@Sendable (_ bytes: [UInt8], _ name: String) -> Void)?

  /// Fails the running test here, whichever framework runs it.
  ///
  /// An issue alone passes silently in an `XCTestCase`, and `XCTFail` alone in a `@Test`. A detached task of a `@Test` has
  /// no current test; there the issue fails the run, and `XCTFail` does nothing.
  func fail(_ message: String) {
    Issue.record(Comment(rawValue: message), sourceLocation: source)
    if Test.current == nil { XCTFail(message, file: filePath, line: line) }
  }

  /// Notes what doesn't fail the test: a warning, which only Swift Testing knows.
  func warn(_ message: String) {
    guard Test.current != nil else {
      print("\(filePath):\(line): warning: \(message)")
      return
    }
    Issue.record(Comment(rawValue: message), severity: .warning, sourceLocation: source)
  }

  /// Keeps a file with the test's results; only Swift Testing can.
  func attach(_ bytes: [UInt8], named name: String) {
    if let attaching = Self.attaching { return attaching(bytes, name) }
    guard Test.current != nil else { return }
    Attachment.record(bytes, named: name, sourceLocation: source)
  }

  private var source: SourceLocation {
    SourceLocation(
      fileID: "\(fileID)", filePath: "\(filePath)", line: Int(line), column: Int(column))
  }
}
