import GradientDiagnosis
import GradientReport
import GzipIO
import Testing

/// What comes of a subject, and of several together.
@Suite struct AssertionResultTests {
  @Test func everythingThatIsLookedAtIsAnItemWithARule() {
    let rules = AssertionRule.all.map(\.id)
    #expect(Set(rules).count == rules.count)
    let items = SampleAssertion.healthy().items
    #expect(items.map(\.id) == rules.dropLast())
    #expect(items.count == 1 + 5 + 24 + 1)
    #expect(items.count { $0.outcome == .notChecked } == 1)
    #expect(items.allSatisfy { !$0.text.isEmpty && $0.issues.isEmpty })
  }

  @Test func everyRuleIsWhole() {
    #expect(AssertionRule.verdicts.map(\.id) == ["gradients", "verdict", "baseline"])
    for rule in AssertionRule.all {
      for text in [rule.summary, rule.measures, rule.matters, rule.fires, rule.reference] {
        #expect(text.count > 20 && text.hasSuffix(".") && !text.contains("\n"), "\(rule.id)")
      }
      #expect(!rule.causes.isEmpty && !rule.remedies.isEmpty, "\(rule.id)")
      #expect(rule.description.split(separator: "\n").allSatisfy { $0.count <= 78 }, "\(rule.id)")
    }
  }

  @Test func theWorstCounts() {
    let all: [AssertionResult] = [
      SampleAssertion.healthy(), SampleAssertion.undecided, SampleAssertion.failed(),
      SampleAssertion.unusable,
    ]
    #expect(all.map(\.status) == [.passed, .undecided, .failed, .unusable])
    for count in 1...all.count {
      let report = AssertionReport(Array(all.prefix(count)), version: "1")
      #expect(report.status == all[count - 1].status)
    }
    #expect(AssertionReport([], version: "1").status == .undecided)
    #expect(
      SampleAssertion.report.headline
        == "5 subjects: 1 can't be read, 1 failed, 1 without a verdict, 2 passed")
  }

  @Test func whatFailsIsForThePolicyToSay() {
    func status(_ failOn: Severity?, _ verdict: Verdict, _ severity: Severity)
      -> AssertionResult.Status
    {
      var result = AssertionResult(path: "run.jsonl", name: "run")
      let finding = Finding(
        id: "oscillation", severity: severity, layer: nil, firstStep: 0, raisedAtStep: 0,
        lastStep: 1,
        statistic: "s", value: 1, threshold: 1, cause: Cause(id: "unknown", text: "Unknown."),
        message: "It swings.", remedies: [])
      result.add(
        Diagnosis(
          verdict: verdict, rootCause: severity > .info ? 0 : nil, findings: [finding], passed: [],
          notChecked: [], steps: 50, reason: "the loss fell"),
        policy: HealthPolicy(failOn: failOn))
      return result.status
    }
    #expect(status(.error, .error, .error) == .failed && status(nil, .error, .error) == .passed)
    #expect(status(.error, .warning, .warning) == .passed)
    #expect(status(.warning, .warning, .warning) == .failed)
    #expect(
      status(.info, .healthy, .info) == .failed && status(.warning, .healthy, .info) == .passed)
    // Whatever fails, a run without a verdict is never green.
    #expect(status(nil, .inconclusive, .info) == .undecided)
  }

  @Test func whatIsToBeToldComesInOrder() {
    let failed = SampleAssertion.failed()
    #expect(failed.issues.map(\.item.id) == ["gradients", "vanishing-gradient", "oscillation"])
    #expect(failed.issues.map { failed.line(of: $0.issue.layer) } == [9, 7, 1])
    #expect(
      failed.summary.filter { !$0.hasPrefix("the ") && !$0.hasPrefix("a ") } == [
        "wrong gradient in my-layer: my-layer/weight",
        "vanishing-gradient (error) in ‘hidden’, since step 3: hidden is 100 % wrong.",
        "Why: Nobody knows.", "Try: Try this. Or: try that.", "Besides: oscillation",
      ])
    #expect(SampleAssertion.healthy().summary.isEmpty)
    #expect(SampleAssertion.undecided.summary == ["no verdict: no step in this trace"])
  }
}
