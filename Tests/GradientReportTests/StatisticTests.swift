import Testing

@testable import GradientReport

struct StatisticTests {
  @Test(arguments: [
    ("attenuation", 7.53, "7.5 decades"), ("slope", 0.31, "0.31 decades a layer"),
    ("excess-dead-share", 0.87, "87 %"), ("z-score", 6.2, "6.2"), ("fall", -0.0028, "-0.0028"),
  ])
  func aValueHasItsUnit(id: String, value: Double, text: String) {
    #expect(Statistic(id: id).text(value) == text)
  }

  @Test func aRangeHasItOnce() {
    #expect(Statistic(id: "attenuation").text(-1...1.5) == "-1 to 1.5 decades")
    #expect(Statistic(id: "clipped-share").text(0.05...0.5) == "5 to 50 %")
    #expect(Statistic(id: "output-spread").text(0.1...1) == "0.1 to 1")
  }

  @Test func itsNameIsInWords() {
    #expect(Statistic(id: "excess-dead-share").name == "excess dead share")
  }
}
