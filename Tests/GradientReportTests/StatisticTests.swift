import Testing

@testable import GradientReport

struct StatisticTests {
  @Test(arguments: [
    ("attenuation", 7.53, "7.5 decades"), ("slope", 0.31, "0.31 decades a layer"),
    ("excess-dead-share", 0.87, "87 %"), ("z-score", 6.2, "6.2"), ("fall", -0.0028, "-0.28 %"),
    ("input-size", 2, "100"), ("feature-spread", 2, "100 times"), ("leaps", 3, "3 steps"),
  ])
  func aValueHasItsUnit(id: String, value: Double, text: String) {
    #expect(Statistic(id: id).text(value) == text)
  }

  @Test func aRangeHasItOnce() {
    #expect(Statistic(id: "attenuation").text(-1...1.5) == "-1 to 1.5 decades")
    #expect(Statistic(id: "clipped-share").text(0.05...0.5) == "5 to 50 %")
    #expect(Statistic(id: "output-spread").text(0.1...1) == "0.1 to 1")
  }

  /// A loss that falls too little lies below its threshold, a δ that loses too much above.
  @Test func theAlarmHasItsSide() {
    #expect(Statistic(id: "fall").alarm(at: 0.018, 0.1) == "alarm below")
    #expect(Statistic(id: "attenuation").alarm(at: 7.5, 3) == "alarm above")
    #expect(Statistic(id: "distinct-rows").alarm(at: 1, 1) == "alarm at")
  }

  @Test func itsNameIsInWords() {
    #expect(Statistic(id: "excess-dead-share").name == "excess dead share")
    #expect(Statistic(id: "input-size").name == "RMS of the input")
  }
}
