/// What a program is asked, as one line of JSON.
struct Request {
  enum Kind: String { case value, gradient, end }

  var kind: Kind
  /// Whole arrays that differ from those of the first line.
  var tensors: [(name: String, values: [Double])] = []
  /// Single numbers that do.
  var entries: [(name: String, place: Int, value: Double)] = []

  /// The line, with its end.
  var line: [UInt8] {
    var text = "{\"request\":\"\(kind.rawValue)\""
    if !tensors.isEmpty {
      let members = tensors.map { tensor in
        tensor.name.inJSON + ":[" + tensor.values.map(\.inJSON).joined(separator: ",") + "]"
      }
      text += ",\"tensors\":{\(members.joined(separator: ","))}"
    }
    if !entries.isEmpty {
      let triples = entries.map { "[\($0.name.inJSON),\($0.place),\($0.value.inJSON)]" }
      text += ",\"entries\":[\(triples.joined(separator: ","))]"
    }
    return Array("\(text)}\n".utf8)
  }
}

extension Double {
  /// This number in the fewest digits that give it back; a string where JSON has no number for it.
  fileprivate var inJSON: String {
    if isFinite { return "\(self)" }
    return isNaN ? "\"NaN\"" : self > 0 ? "\"Infinity\"" : "\"-Infinity\""
  }
}

extension String {
  /// This text as JSON writes it.
  fileprivate var inJSON: String {
    var result = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
