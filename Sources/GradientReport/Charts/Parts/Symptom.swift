import GradientDiagnosis
import GzipIO

extension Finding {
  /// The symptom's name as it is spoken: `vanishing gradient`, `dead ReLU`.
  package var spokenName: String { Self.spoken(id) }

  /// An id as it is spoken.
  package static func spoken(_ id: String) -> String {
    if id == "non-finite" { return "non-finite values" }
    return id.split(separator: "-").map { $0 == "relu" ? "ReLU" : String($0) }
      .joined(separator: " ")
  }

  /// Symptom and place in a few words: `vanishing gradient in dense-1`.
  package var headline: String {
    layer.map { "\(spokenName) in \($0.shortened)" } ?? spokenName
  }
}

extension String {
  /// The name in at most 32 characters, its middle left out, control characters escaped.
  package var shortened: String {
    let shown = quotable
    guard shown.count > 32 else { return shown }
    return shown.prefix(16) + "…" + shown.suffix(15)
  }

  /// The sentence with its first letter in upper case.
  package var capitalizedSentence: String { prefix(1).uppercased() + dropFirst() }
}
