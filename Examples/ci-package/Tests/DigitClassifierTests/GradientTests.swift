import DigitClassifier
import GradientHealth
import GradientTesting
import Testing

struct GradientTests {
  @Test func swishIsRight() throws {
    try expectCorrectGradients(ofLayer: Swish(), input: [64])
  }

  @Test func networkIsRight() throws {
    try expectCorrectGradients(of: DigitClassifier.trainer().network, on: digits().training)
  }

  @Test func learnsHealthily() throws {
    try expectHealthyGradients(training: DigitClassifier.trainer(), on: digits(), steps: 200)
  }
}
