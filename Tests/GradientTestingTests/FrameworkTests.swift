import GradientHealth
import GradientTesting
import XCTest

/// The same expectations in XCTest: a healthy model passes, a planted defect fails once, at its own line.
final class FrameworkTests: XCTestCase {
  /// What failed while failures were expected.
  private var expected: [(text: String, line: Int)]?

  #if os(Linux)
    override func recordFailure(
      withDescription description: String, inFile filePath: String, atLine lineNumber: Int,
      expected isExpected: Bool
    ) {
      guard expected != nil else {
        super.recordFailure(
          withDescription: description, inFile: filePath, atLine: lineNumber, expected: isExpected)
        return
      }
      expected?.append((description, lineNumber))
    }

    func testAPlantedDefectFails() throws {
      expected = []
      let line = #line + 1
      try expectCorrectGradients(ofLayer: CarelessSwish(), input: [6])
      try expectHealthyGradients(training: Subjects.vanishing(), on: Subjects.digits())
      let found = expected ?? []
      expected = nil
      XCTAssertEqual(found.map(\.line), [line, line + 1])
      XCTAssert(found.first?.text.contains("the gradients are wrong") == true)
      XCTAssert(found.last?.text.contains("vanishing-gradient (error) in dense-1") == true)
    }
  #endif

  func testAHealthyModelPasses() throws {
    try expectCorrectGradients(ofLayer: Swish(), input: [6])
    try expectHealthyGradients(training: Subjects.healthy(), on: Subjects.digits())
  }
}
