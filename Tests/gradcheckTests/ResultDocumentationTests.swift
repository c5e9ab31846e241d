import Foundation
import Testing

/// Documentation/results.md names every field that a command writes as JSON, in the section on that kind of object.
@Suite struct ResultDocumentationTests {
  /// The section on a format; what is none of these stands above the first section.
  private static let sections = [
    "gradient-diagnosis": "Diagnosis", "gradient-check": "Check",
    "gradient-preflight": "Preflight", "gradient-sweep": "Sweep", "gradient-cure": "Cure",
    "gradient-assertion": "Assertion", "gradient-assertion-subject": "Assertion",
    "gradient-comparisons": "Comparison", "gradient-comparison": "Comparison",
    "gradient-baseline": "Baseline",
  ]
  /// Under these stand names for so many levels, and not keys.
  private static let named = ["parts": 1, "baselines": 1, "weights": 1, "sizes": 2]

  /// Commands that write each kind of object, one after another in one folder.
  private static let commands = [
    "run $examples/vanishing/model.yaml --format json", "cure small.yaml --steps 60 --format json",
    "check $examples/digits/model.yaml --second-order --format json",
    "check --program \"python3 $examples/any-language/network.py --mistake\" --format json",
    "train $examples/digits/model.yaml --output a.gradtrace --format json",
    "report a.gradtrace --output report --format json", "diagnose a.gradtrace --format json",
    "compare a.gradtrace log.jsonl --format json",
    "import log.jsonl --output i.gradtrace --format json",
    "baseline update a.gradtrace --baseline b.json --format json", "sweep small.yaml --format json",
    "assert $examples/vanishing/model.yaml none.yaml --reports reports --format json 2>/dev/null",
    "gradients small.yaml --output g.safetensors --format json", "explain sgd --format json",
  ]

  @Test func everyFieldIsNamed() throws {
    let command = try Command()
    defer { command.clean() }
    try command.write(SmallLog().text, to: "log.jsonl")
    try command.write(
      """
      model: {name: small, input: [64], layers: [dense: 16, sigmoid, dense: 16, sigmoid, dense: 10]}
      loss: softmax-cross-entropy
      data: {file: digits.csv.gz, target: last}
      training: {seed: 1, steps: 60, optimizer: {sgd: {learning-rate: 1e-9}}}

      """, to: "small.yaml")
    try command.shell("cp \"$package/Examples/data/digits.csv.gz\" .")
    var documents = try Self.commands.map { call in
      let result = try command.shell("examples=$package/Examples; \"$gradcheck\" \(call)")
      #expect(result.errors == "", "\(call)")
      return result.output
    }
    documents.append(try command.text(of: "b.json"))

    var keys: [String: Set<String>] = [:]
    for text in documents {
      let document = try JSONSerialization.jsonObject(with: Data(text.utf8))
      Self.collect(document, section: "", named: 0, into: &keys)
    }
    #expect(Set(keys.keys) == Set(Self.sections.values).union([""]), "there is one of each kind")
    let page = try sections()
    for (section, keys) in keys {
      let text = try #require(page[section], "there is no section \(section)")
      for key in keys {
        #expect(text.contains("\"\(key)\"") || text.contains("`\(key)`"), "\(section): \(key)")
      }
    }
  }

  /// The keys of a document, by the section that has to name them.
  private static func collect(
    _ value: Any, section: String, named levels: Int, into keys: inout [String: Set<String>]
  ) {
    if let list = value as? [Any] {
      for item in list { collect(item, section: section, named: levels, into: &keys) }
    }
    guard let object = value as? [String: Any] else { return }
    let format = object["format"] as? String
    let section = format.map { sections[$0] ?? "" } ?? section
    for (key, inner) in object {
      if levels == 0 { keys[section, default: []].insert(key) }
      let below = levels == 0 && inner is [String: Any] ? named[key] ?? 0 : max(0, levels - 1)
      collect(inner, section: section, named: below, into: &keys)
    }
  }

  /// The page's sections by their titles; what stands above the first has none.
  private func sections() throws -> [String: String] {
    let page = try String(
      contentsOf: Command.package.appending(path: "Documentation/results.md"), encoding: .utf8)
    let parts = page.components(separatedBy: "\n## ").enumerated().map { place, part in
      let end = part.firstIndex(of: "\n") ?? part.endIndex
      return place == 0 ? ("", part) : (String(part[..<end]), String(part[end...]))
    }
    return Dictionary(parts, uniquingKeysWith: { $0 + $1 })
  }
}
