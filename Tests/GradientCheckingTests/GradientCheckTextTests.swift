import Foundation
import Testing

import Backpropagation
@testable import GradientChecking

struct GradientCheckTextTests {
  @Test func aPassIsOneLineForTheLayersAndOneForTheWiring() throws {
    let check = try GradientCheck(
      TestNetwork.digits.make(), on: randomExamples(8))
    #expect(
      check.description == """
          pass   8 tensors (1,530 of 12,250 entries)
          pass   the whole network's wiring (30 directions)
        """)
  }

  @Test func aFailureSaysWhereWhatAndWhy() throws {
    let network = try NeuralNetwork(input: [7], loss: .halfSquaredError) {
      Dense(5)
      Tanh()
      LayerNode(PlantedLayer(.weightDoubled, in: Dense(3)), name: "my-layer")
    }
    let check = try GradientCheck(network, on: GradientCheckNetworkTests.graphExamples)
    let lines = check.description.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines[0] == "  FAIL   my-layer/weight   15 of 15 entries")
    #expect(lines[1] == "         the analytic gradient is the numeric one times 2.000")
    let values =
      #/^\[\d, \d\]: analytic -?[\d.]+, numeric -?[\d.]+ ± \de-\d\d \(finite difference\), -?[\d.]+ \(dual\)$/#
    #expect((lines[2] + lines[3].dropFirst(8)).dropFirst(9).contains(values))
    #expect(
      lines[4] == "         Breaks equation 4, dE/dw = δ·z, in this layer only; the deltas below it"
    )
    #expect(lines[5] == "         are right.")
    #expect(
      lines[6] == "         Likely: the ½ of the error is missing, or a contribution is added")
    #expect(lines[7] == "         twice.")
    #expect(lines[8] == "  pass   7 other tensors (203 entries)")
    #expect(lines.count == 9)
  }

  @Test func theJSONHasTheDocumentedKeys() throws {
    let check = try GradientCheck(layer: PlantedLayer(.weightUnwritten, in: Dense(2)), input: [3])
    let text = try check.jsonText
    let document = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(document["format"] as? String == "gradient-check")
    #expect(document["version"] as? Int == 1)
    #expect(document["verdict"] as? String == "fail")
    #expect(document["seed"] as? Int == 1)
    #expect(document["evaluations"] as? Int == check.evaluations)
    #expect(document["oracles"] as? [String] == ["dual", "finite-difference"])
    let tensors = try #require(document["tensors"] as? [[String: Any]])
    #expect(tensors.map { $0["name"] as? String } == ["dense/weight", "dense/bias", "dense/input"])
    let keys = [
      "name", "checked", "passed", "failed", "unverifiable", "atKink", "worst", "signature",
    ]
    for tensor in tensors { for key in keys { #expect(tensor[key] != nil, "\(key)") } }
    #expect(tensors[1]["signature"] is NSNull)
    let worst = try #require(tensors[0]["worst"] as? [String: Any])
    #expect(worst["analytic"] as? String == "NaN")
    #expect(worst["index"] as? [Int] == [0, 0])
    #expect((worst["numeric"] as? Double)?.isFinite == true)
    let entryKeys = [
      "index", "analytic", "numeric", "relativeError", "floor", "step", "verdict", "atKink",
      "oracle", "secondOpinion",
    ]
    #expect(Set(worst.keys) == Set(entryKeys))
  }

  @Test func tooManyUnverifiableEntriesAreNoPass() {
    func tensor(passed: Int, unverifiable: Int, failed: Int = 0) -> TensorCheck {
      let checked = passed + unverifiable + failed
      return TensorCheck(
        name: "a/weight", layer: "a", count: checked, checked: checked, passed: passed,
        failed: failed, unverifiable: unverifiable, atKink: 0, worst: nil, signature: nil)
    }
    func verdict(_ tensors: TensorCheck...) -> CheckVerdict {
      GradientCheck(seed: 1, evaluations: 0, tensors: tensors).verdict
    }
    #expect(verdict(tensor(passed: 95, unverifiable: 5)) == .pass)
    #expect(verdict(tensor(passed: 94, unverifiable: 6)) == .unverifiable)
    #expect(verdict(tensor(passed: 99, unverifiable: 0, failed: 1)) == .fail)
    #expect(verdict(tensor(passed: 0, unverifiable: 100, failed: 1)) == .fail)
    // A tensor of which nothing could be told is not covered by the others.
    #expect(
      verdict(tensor(passed: 1_000, unverifiable: 0), tensor(passed: 0, unverifiable: 2))
        == .unverifiable)
    #expect(verdict() == .pass)
  }

  /// Dual numbers can always tell, so that with them no entry may stay undecided unless that is asked for.
  @Test func howManyMayBeUnverifiableDependsOnTheOracle() throws {
    func check(_ oracles: [String], unverifiable: Int) -> GradientCheck {
      let tensor = TensorCheck(
        name: "a/weight", layer: "a", count: 1_000, checked: 1_000, passed: 1_000 - unverifiable,
        failed: 0, unverifiable: unverifiable, atKink: 0, worst: nil, signature: nil)
      return GradientCheck(seed: 1, evaluations: 0, tensors: [tensor], oracles: oracles)
    }
    #expect(check(["dual", "finite-difference"], unverifiable: 0).verdict == .pass)
    #expect(check(["dual", "finite-difference"], unverifiable: 1).verdict == .unverifiable)
    #expect(check(["finite-difference"], unverifiable: 50).verdict == .pass)
    #expect(check(["finite-difference"], unverifiable: 51).verdict == .unverifiable)
    let doubtful = check(["dual"], unverifiable: 1)
    #expect(doubtful.allowing(unverifiable: 0.001).verdict == .pass)
    #expect(doubtful.allowing(unverifiable: 0.0009).verdict == .unverifiable)
    #expect(doubtful.allowing(unverifiable: 1).allowing(unverifiable: 0) == doubtful)
    let blind = check(["taylor"], unverifiable: 1_000)
    #expect(blind.allowing(unverifiable: 0.999).verdict == .unverifiable)
    #expect(blind.allowing(unverifiable: 1).verdict == .pass)
    let allowed = doubtful.allowing(unverifiable: 0.001)
    #expect(try GradientCheck(json: allowed.jsonText)?.verdict == .pass)
    #expect(try GradientCheck(json: doubtful.jsonText)?.verdict == .unverifiable)
    // What is wrong stays wrong.
    let wrong = try GradientCheck(layer: PlantedLayer(.weightSign, in: Dense(2)), input: [3])
    #expect(wrong.allowing(unverifiable: 1).verdict == .fail)
  }
}
