import Backpropagation
import Testing

@testable import GradientModelFiles

struct NumberParserTests {
  func parse(_ text: String) -> Double? {
    let bytes = Array("<\(text)>".utf8)
    return decimalNumber(bytes.span, from: 1, to: bytes.count - 1)
  }

  @Test(arguments: [
    "0", "-0", "+7", "00012", "1.5", ".5", "5.", "-.5e3", "1e22", "1e23", "1e-22", "1E+5",
    "9007199254740993", "9007199254740992", "123456789012345678901234567890", "0.1", "0.3",
    "1.7976931348623157e308", "1e309", "5e-324", "2e-324", "0e999999999999999999999",
    "179769313486231580793728971405301e276", "8.5", "1.510000000000000000e+02",
    "2.2250738585072011e-308", "3.14159265358979323846264338327950288",
  ])
  func agreesWithTheStandardLibrary(text: String) {
    #expect(parse(text)?.bitPattern == Double(text)?.bitPattern)
  }

  @Test(arguments: [
    "", "+", "-", ".", "e5", "1e", "1e+", "1 2", "1,5", "--1", "0x10", "inf", "nan", "1.2.3",
    "1e5.0",
    "１", "1_000",
  ])
  func refusesWhatIsNoDecimalNumber(text: String) { #expect(parse(text) == nil) }

  @Test func agreesOnRandomNumbers() {
    var random = RandomSource(seed: 1)
    for _ in 0..<20_000 {
      let bits = Double(bitPattern: random.next())
      let short = (random.uniform(-1e4, 1e4) * 1e4).rounded() / 1e4
      for number in [bits, short] where number.isFinite { #expect(parse("\(number)") == number) }
    }
  }
}
