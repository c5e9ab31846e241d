import DigitClassifier
import GradientHealth
import GradientTesting
import XCTest

/// What `GradientTests` expects, in XCTest.
final class GradientCase: XCTestCase {
  func testSwishIsRight() throws {
    try expectCorrectGradients(ofLayer: Swish(), input: [64])
  }

  func testNetworkIsRight() throws {
    try expectCorrectGradients(of: DigitClassifier.trainer().network, on: digits().training)
  }

  func testLearnsHealthily() throws {
    try expectHealthyGradients(training: DigitClassifier.trainer(), on: digits(), steps: 200)
  }
}
