import Foundation
import GradientDiagnosis
import GradientTrace
import Testing

@Suite struct CollapsedOutputTests {
  /// The answers differ by so much from example to example, next to a mean of 1.
  private func run(_ deviation: @escaping (_ step: Int) -> Double) -> SyntheticRun {
    var run = SyntheticRun(depth: 2)
    run.loss = { _ in 2.31 }
    run.edit = { record in
      guard record.step % 10 == 9 else { return }
      record.layers[3]?.unitMeans = [1, -1, 1]
      record.layers[3]?.unitDeviations = [Double](repeating: deviation(record.step), count: 3)
    }
    return run
  }

  @Test func aConstantAnswerIsFound() throws {
    let run = run { $0 < 40 ? 0.5 : 1e-4 }
    let finding = try #require(run.findings(of: CollapsedOutput.self).first)
    #expect(finding.severity == .error)
    #expect(finding.layer == "dense-2")
    #expect(finding.firstStep == 40 && finding.raisedAtStep == 59)
    #expect(
      finding.message
        == "dense-2 gives the same answer for every example: its units differ by 1e-4 of their size."
    )
    #expect(run.liveAlarm("collapsed-output") == 59)
  }

  @Test func whatTheFirstWindowShowsBeganWithIt() throws {
    let finding = try #require(run { _ in 1e-4 }.findings(of: CollapsedOutput.self).first)
    #expect(finding.firstStep == 0 && finding.raisedAtStep == 19)
  }

  /// An input that is the same for all examples leaves nothing to learn, whatever the targets; one that varies does not.
  @Test(arguments: [0, 0.5]) func anInputThatNeverVariesIsTheCause(deviation: Double) throws {
    var run = run { _ in 1e-4 }
    let outputs = run.edit
    run.edit = { record in
      outputs(&record)
      guard record.step % 10 == 9 else { return }
      var input = record.layers[0] ?? LayerRecord()
      input.unitMeans = [0, 3]
      input.unitDeviations = [0, deviation]
      record.layers[0] = input
    }
    let finding = try #require(run.findings(of: CollapsedOutput.self).first)
    #expect(finding.cause.id == (deviation == 0 ? "data" : "unknown"))
    #expect(finding.remedies.first?.id == (deviation == 0 ? "check-columns" : "check-targets"))
  }

  @Test func followsFromWhatDied() throws {
    var run = run { _ in 1e-4 }
    run.chanceSilent = 0
    run.active = { _, step, _ in step < 5 ? 32 : 0 }
    let diagnosis = try run.diagnosis()
    #expect(diagnosis.root?.id == "dead-relu")
    let collapsed = try #require(diagnosis.findings.first { $0.id == "collapsed-output" })
    #expect(collapsed.causedBy == 0)
    // Somewhere in the first window, and not before the units died.
    #expect(diagnosis.root?.firstStep == 4 && collapsed.firstStep == 4)
  }

  @Test func smallDifferencesThatTellAndAnswersOfZeroAreHealthy() {
    #expect(run { _ in 0.03 }.findings(of: CollapsedOutput.self).isEmpty)
    // Far from zero, answers may differ by little and be right.
    var learned = run { _ in 1e-4 }
    learned.loss = { 2.3 / (1 + Double($0)) }
    #expect(learned.findings(of: CollapsedOutput.self).isEmpty)
    // A last layer that starts at zero.
    var zero = run { _ in 0 }
    zero.edit = { record in
      guard record.step % 10 == 9 else { return }
      record.layers[3]?.unitMeans = [0, 0, 0]
      record.layers[3]?.unitDeviations = [0, 0, 0]
    }
    #expect(zero.findings(of: CollapsedOutput.self).isEmpty)
    // A batch of one example has nothing to differ from.
    var single = run { _ in 0 }
    single.examples = 1
    #expect(single.findings(of: CollapsedOutput.self).isEmpty)
    #expect(run { $0 < 60 ? 1e-4 : 0.5 }.findings(of: CollapsedOutput.self).isEmpty)
  }

  @Test func saysWhatIsMissing() {
    #expect(
      SyntheticRun(depth: 2).outcome(of: CollapsedOutput.self)
        == .notChecked("no means and deviations of the output in this trace"))
  }
}
