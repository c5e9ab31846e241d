import GradientHealth

extension Cure {
  /// The search as a JSON document (`gradient-cure`, version 1).
  func json(written model: String?, chart: String?) -> String {
    let verdict = finding == nil ? "healthy" : healing == nil ? "not-healed" : "healed"
    var document = JSONDocument("gradient-cure").adding("verdict", verdict)
      .adding("finding", json: finding.map { JSONDocument.quoted($0.id) } ?? "null")
      .adding("before", json: before.json)
      .adding("attempts", json: "[\(attempts.map(\.json).joined(separator: ","))]")
      .adding("ranOutOfTime", json: "\(ranOutOfTime)")
    for (key, path) in [("model", model), ("chart", chart)] {
      document = document.adding(key, json: path.map(JSONDocument.quoted) ?? "null")
    }
    return document.text
  }
}

extension Attempt {
  fileprivate var json: String {
    let remedies = remedies.map {
      "{\"id\":\(JSONDocument.quoted($0.id)),\"text\":\(JSONDocument.quoted($0.text))}"
    }
    var reason: String?
    if case .notTried(let words) = outcome { reason = words }
    return "{"
      + [
        "\"remedies\":[\(remedies.joined(separator: ","))]",
        "\"change\":\(JSONDocument.quoted(label))", "\"heals\":\(heals)",
        "\"notTried\":\(reason.map(JSONDocument.quoted) ?? "null")",
        "\"trial\":\(trial?.json ?? "null")",
      ].joined(separator: ",") + "}"
  }
}

extension Trial {
  fileprivate var json: String {
    let remaining = diagnosis.findings.filter { $0.severity > .info }
      .map { "{\"id\":\(JSONDocument.quoted($0.id)),\"severity\":\"\($0.severity.rawValue)\"}" }
    return "{"
      + [
        "\"verdict\":\"\(diagnosis.verdict.rawValue)\"", "\"steps\":\(result.steps)",
        "\"firstLoss\":\(JSONDocument.number(firstLoss))",
        "\"lastLoss\":\(JSONDocument.number(lastLoss))",
        "\"accuracy\":\(accuracy.map(JSONDocument.number) ?? "null")",
        "\"remaining\":[\(remaining.joined(separator: ","))]",
      ].joined(separator: ",") + "}"
  }
}
