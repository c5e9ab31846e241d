import Foundation
import GradientDiagnosis
import Testing

@Suite struct DiagnosisJSONTests {
  private let finding = Finding(
    id: "vanishing-gradient", severity: .error, layer: nil, layers: ["a/b", "c"], firstStep: 0,
    raisedAtStep: 25, lastStep: 199, statistic: "attenuation", value: .infinity, threshold: 3,
    healthy: -1...1.5, cause: Cause(id: "depth", text: "why"), message: "δ \"fades\"",
    remedies: [Remedy(id: "use-relu", text: "how")])

  @Test func holdsEveryFieldOthersRead() throws {
    let diagnosis = Diagnosis(
      verdict: .error, rootCause: 0, findings: [finding],
      passed: [CheckedSymptom(id: "not-learning", evidence: "it fell")],
      notChecked: [UncheckedSymptom(id: "dead-relu", reason: "no counts")], steps: 200,
      reason: "because")
    let text = try diagnosis.json()
    let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let document = try #require(parsed as? [String: Any])
    #expect(document["format"] as? String == "gradient-diagnosis")
    #expect(document["version"] as? Int == 1)
    #expect(document["verdict"] as? String == "error")
    #expect(document["rootCause"] as? Int == 0)
    let findings = try #require(document["findings"] as? [[String: Any]])
    let first = try #require(findings.first)
    #expect(
      Set(first.keys) == [
        "id", "severity", "layer", "layers", "firstStep", "raisedAtStep", "lastStep", "statistic",
        "value", "threshold", "healthy", "cause", "causedBy", "message", "remedies",
      ])
    #expect(first["layer"] is NSNull)
    #expect(first["causedBy"] is NSNull)
    #expect(first["value"] as? String == "Infinity")
    #expect(first["healthy"] as? [Double] == [-1, 1.5])
    #expect((first["cause"] as? [String: String]) == ["id": "depth", "text": "why"])
    #expect(
      (document["notChecked"] as? [[String: String]]) == [
        ["id": "dead-relu", "reason": "no counts"]
      ])
    #expect(text == (try diagnosis.json()))
  }

  @Test func saysNullWhereThereIsNoRoot() throws {
    let diagnosis = Diagnosis(
      verdict: .healthy, rootCause: nil, findings: [], passed: [], notChecked: [], steps: 0,
      reason: "")
    #expect(try diagnosis.json().contains("\"rootCause\" : null"))
  }
}
