import Foundation
import GradientDiagnosis
import GzipIO
import Testing

@Suite struct HealthPolicyTests {
  private var fading: SyntheticRun {
    var run = SyntheticRun(depth: 9)
    run.delta = { depth, _ in pow(10, -0.5 * Double(9 - depth)) }
    run.updateRatio = { depth, _ in depth < 4 ? 1e-6 : 1e-3 }
    return run
  }

  @Test func aThresholdCanBeSetForAllLayers() throws {
    #expect(fading.findings(of: VanishingGradient.self).count == 1)
    var policy = HealthPolicy()
    try policy.set(["vanishing-gradient.attenuation": 4.5, "vanishing-gradient.slope": 1])
    #expect(fading.findings(of: VanishingGradient.self, policy).isEmpty)
    try policy.set(["vanishing-gradient.attenuation": 3.5])
    #expect(fading.findings(of: VanishingGradient.self, policy).first?.threshold == 3.5)
  }

  @Test func aThresholdCanBeSetByLayer() throws {
    var policy = HealthPolicy()
    let values = ["vanishing-gradient.attenuation": 4.5, "vanishing-gradient.slope": 1]
    try policy.set(values, forLayers: NamePattern("relu-*"))
    #expect(fading.findings(of: VanishingGradient.self, policy).count == 1)
    try policy.set(values, forLayers: NamePattern("dense-?"))
    #expect(fading.findings(of: VanishingGradient.self, policy).isEmpty)
  }

  @Test func whatIsToleratedBecomesANote() throws {
    var policy = HealthPolicy()
    try policy.allow(
      "vanishing-gradient", layer: NamePattern("dense-*"), reason: "a study of depth",
      until: CalendarDate("2027-01-01"))
    policy.date = CalendarDate("2026-12-31")
    let tolerated = try fading.diagnosis(policy)
    #expect(tolerated.verdict == .healthy)
    #expect(tolerated.findings.first?.severity == .info)
    #expect(
      tolerated.findings.first?.message.hasSuffix("Tolerated until 2027-01-01: a study of depth.")
        == true)
    policy.date = CalendarDate("2027-01-02")
    let expired = try fading.diagnosis(policy)
    #expect(expired.verdict == .error)
    #expect(expired.root?.message.hasSuffix(" Its allowance expired on 2027-01-01.") == true)
    policy.date = nil
    #expect(try fading.diagnosis(policy).verdict == .healthy)
  }

  @Test func failsOnTheSeverityItSays() throws {
    let sick = try fading.diagnosis()
    let well = try SyntheticRun(depth: 3).diagnosis()
    #expect(HealthPolicy(failOn: .error).fails(sick))
    #expect(HealthPolicy(failOn: .info).fails(sick))
    #expect(!HealthPolicy(failOn: nil).fails(sick))
    #expect(!HealthPolicy(failOn: .info).fails(well))
  }

  @Test func namesWhatItDoesNotKnow() {
    var policy = HealthPolicy()
    #expect(
      throws: PolicyError(
        "unknown threshold \"vanishing-gradient.atenuation\"; did you mean "
          + "\"vanishing-gradient.attenuation\"?")
    ) { try policy.set(["vanishing-gradient.atenuation": 3]) }
    #expect(throws: PolicyError("unknown threshold \"x\"")) { try policy.set(["x": 3]) }
    #expect(
      throws: PolicyError(
        "threshold vanishing-gradient.slope is nan; expected a finite number")
    ) { try policy.set(["vanishing-gradient.slope": .nan], forLayers: NamePattern("*")) }
    #expect(
      throws: PolicyError(
        "unknown finding \"vanishing-gradients\"; did you mean "
          + "\"vanishing-gradient\"?")
    ) { try policy.allow("vanishing-gradients", reason: "on purpose") }
    #expect(throws: PolicyError("allow of not-learning: a reason is missing")) {
      try policy.allow("not-learning", reason: " ")
    }
    #expect(
      PolicyError("unknown threshold \"x\"").located(file: "p.yaml", line: 3).description
        == "p.yaml:3: unknown threshold \"x\"")
  }

  @Test(arguments: [
    ("*", "anything", true), ("relu-*", "relu-12", true), ("relu-?", "relu-12", false),
    ("*-1*", "a-2-13", true), ("a*b*c", "a-b-b-c", true), ("a*b*c", "a-b-b", false),
    ("", "", true), ("", "a", false), ("a", "", false), ("**", "", true),
  ])
  func patterns(_ pattern: String, _ name: String, _ matches: Bool) {
    #expect(NamePattern(pattern).matches(name) == matches)
  }

  @Test(arguments: [
    "2027-02-29", "2027-13-01", "2027-00-10", "27-01-01", "2027-1-1", "2027-01-01 ", "heute",
    "2027-01-00", "-001-01-01",
  ])
  func datesThatAreNone(_ text: String) { #expect(CalendarDate(text) == nil) }

  @Test func datesAreOrdered() throws {
    let leap = try #require(CalendarDate("2028-02-29"))
    let next = try #require(CalendarDate("2028-03-01"))
    #expect(leap < next)
    #expect(leap.description == "2028-02-29")
  }
}
