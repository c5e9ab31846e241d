import GradientModelFiles
import GzipIO
import Testing

/// A model file that can't be taken, and the error that says so.
struct BadModel: Sendable, CustomTestStringConvertible {
  var text: String
  var line: Int?
  var message: String

  init(_ text: String, _ line: Int?, _ message: String) {
    (self.text, self.line, self.message) = (text, line, message)
  }

  /// A whole model with these layers, the first of which stands on line 4.
  static func layers(_ layers: String..., input: String = "[4]", line: Int, _ message: String)
    -> BadModel
  {
    let list = layers.map { "    - \($0)\n" }.joined()
    return BadModel(
      "model:\n  input: \(input)\n  layers:\n\(list)loss: sum-of-squares\n", line, message)
  }

  /// A whole model with these lines in a section that begins on line 3.
  static func section(_ lines: String..., line: Int, _ message: String) -> BadModel {
    let head = "model: {input: [4], layers: [{dense: 2}]}\nloss: softmax-cross-entropy\n"
    return BadModel(head + lines.joined(separator: "\n") + "\n", line, message)
  }

  var testDescription: String { message }

  /// Expects that the file is refused in these words, at this place.
  func expectRefusal(in folder: TemporaryFolder) throws {
    let path = try folder.file("model.yaml", text.utf8)
    let error = #expect(throws: InputError.self) { try ModelFile(contentsOf: path) }
    #expect(error == InputError(file: path, line: line, message))
  }
}
