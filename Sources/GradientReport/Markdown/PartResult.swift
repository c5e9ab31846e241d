import GradientTrace
import GzipIO

/// Loss and accuracy on one part of a run's data, as the trace's `training` document has them.
struct PartResult: Equatable {
  var name: String
  var examples: Int
  var loss: Double
  /// The share of examples whose class was found; nil where the targets are no classes.
  var accuracy: Double?

  /// The parts in the order of their use; none where the trace holds no such document, or one that can't be read.
  static func all(of trace: Trace) throws -> [PartResult] {
    guard let json = try trace.document("training") else { return [] }
    guard let document = try? DocumentJSON.value(Document.self, from: json) else {
      return []
    }
    return ["training", "validation", "test"].compactMap { name in
      document.parts[name].map {
        PartResult(name: name, examples: $0.examples, loss: $0.loss, accuracy: $0.accuracy)
      }
    }
  }

  private struct Document: Decodable {
    struct Part: Decodable {
      var examples: Int
      var loss: Double
      var accuracy: Double?
    }

    var parts: [String: Part]
  }
}
