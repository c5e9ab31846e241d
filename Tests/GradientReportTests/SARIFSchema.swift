import Foundation

/// What the schema of SARIF 2.1.0 says of the objects that a log of ours has: their keys, those that must be there, and what
/// belongs to them.
///
/// The schema forbids every key that it doesn't name, but in bags of properties.
enum SARIFSchema {
  /// What stands under a key.
  private indirect enum Kind: Sendable {
    case text
    case oneOf([String])
    case whole(atLeast: Int)
    case boolean
    case texts
    case object(String)
    case list(Kind)
  }

  private static let objects: [String: (required: Set<String>, keys: [String: Kind])] = [
    "log": (
      ["version", "runs"],
      ["$schema": .text, "version": .oneOf(["2.1.0"]), "runs": .list(.object("run"))]
    ),
    "run": (
      ["tool"],
      [
        "tool": .object("tool"), "invocations": .list(.object("invocation")),
        "columnKind": .oneOf(["utf16CodeUnits", "unicodeCodePoints"]),
        "results": .list(.object("result")),
      ]
    ),
    "tool": (["driver"], ["driver": .object("toolComponent")]),
    "toolComponent": (
      ["name"],
      [
        "name": .text, "version": .text, "semanticVersion": .text,
        "rules": .list(.object("reportingDescriptor")),
      ]
    ),
    "reportingDescriptor": (
      ["id"],
      [
        "id": .text, "name": .text, "shortDescription": .object("multiformatMessageString"),
        "fullDescription": .object("multiformatMessageString"),
        "help": .object("multiformatMessageString"),
      ]
    ),
    "multiformatMessageString": (["text"], ["text": .text, "markdown": .text]),
    "invocation": (
      ["executionSuccessful"],
      [
        "executionSuccessful": .boolean, "exitCode": .whole(atLeast: 0),
        "toolExecutionNotifications": .list(.object("notification")),
      ]
    ),
    "notification": (
      ["message"],
      ["level": level, "message": .object("message"), "locations": .list(.object("location"))]
    ),
    "result": (
      ["message"],
      [
        "ruleId": .text, "ruleIndex": .whole(atLeast: -1), "level": level,
        "message": .object("message"), "locations": .list(.object("location")),
        "partialFingerprints": .texts,
      ]
    ),
    "message": (["text"], ["text": .text, "markdown": .text]),
    "location": (
      [],
      [
        "physicalLocation": .object("physicalLocation"),
        "logicalLocations": .list(.object("logicalLocation")),
      ]
    ),
    "physicalLocation": (
      ["artifactLocation"],
      ["artifactLocation": .object("artifactLocation"), "region": .object("region")]
    ),
    "artifactLocation": ([], ["uri": .text]),
    "region": ([], ["startLine": .whole(atLeast: 1)]),
    "logicalLocation": ([], ["name": .text, "kind": .text]),
  ]

  private static let level = Kind.oneOf(["none", "note", "warning", "error"])

  /// What is wrong with an object of the log.
  static func mistakes(in object: Any?, _ name: String) -> [String] {
    guard let object = object as? [String: Any], let known = objects[name] else {
      return ["\(name) is no object"]
    }
    let missing = known.required.subtracting(object.keys).map { "\(name) without \($0)" }
    let others = object.flatMap { key, value in
      known.keys[key].map { mistakes(in: value, $0, "\(name).\(key)") }
        ?? ["\(name) with \(key)"]
    }
    return (missing + others).sorted()
  }

  private static func mistakes(in value: Any, _ kind: Kind, _ place: String) -> [String] {
    let isRight: Bool
    switch kind {
    case .text: isRight = value is String
    case .oneOf(let words): isRight = (value as? String).map(words.contains) ?? false
    case .whole(let least): isRight = (value as? Int).map { $0 >= least } ?? false
    case .boolean: isRight = value is Bool
    case .texts: isRight = value is [String: String]
    case .object(let name): return mistakes(in: value, name)
    case .list(let kind):
      return (value as? [Any])?.flatMap { mistakes(in: $0, kind, place) } ?? ["\(place) is no list"]
    }
    return isRight ? [] : ["\(place) is \(value)"]
  }
}
