import Backpropagation
import GzipIO

/// How a text becomes examples.
public struct TextForm: Sendable, Equatable {
  /// The characters of one example.
  public var length: Int

  /// Describes how a text is read.
  public init(length: Int) { self.length = length }
}

/// Reads a text as examples of so many characters, the target of each being the character behind it.
///
/// Characters are Unicode scalars, numbered in ascending order of those that the text has.
struct TextReader {
  private let file: String
  private let length: Int
  private let tokens: [Int]
  private let characters: [Unicode.Scalar]

  init(_ form: TextForm, file: String, limit: Int) throws(InputError) {
    let bytes = try FileReader(path: file, limit: limit).readToEnd()
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw InputError(file: file, "is not UTF-8 text")
    }
    let scalars = Array(text.unicodeScalars)
    guard scalars.count > form.length else {
      throw InputError(
        file: file,
        "holds \(scalars.count.counted("character")), expected at least \(form.length + 1) for one "
          + "example and the character behind it")
    }
    characters = Set(scalars).sorted { $0.value < $1.value }
    let numbers = Dictionary(uniqueKeysWithValues: characters.enumerated().map { ($1, $0) })
    self.file = file
    length = form.length
    tokens = scalars.map { numbers[$0] ?? 0 }
  }

  /// The examples, which don't overlap; the last characters that make none are left out.
  ///
  /// Where the output has positions each has the next character for its target, else the whole has.
  func examples(
    for network: NeuralNetwork, inputLine: Int, model: String,
    check: @escaping @Sendable (Dataset) throws(InputError) -> Void
  ) throws(InputError) -> Examples {
    guard network.inputCount == 1, network.inputShape == [length] else {
      throw InputError(
        file: model, line: inputLine,
        "model.input is \(network.inputShape), but data.text makes examples of [\(length)]")
    }
    let input = network.nodes[0].name
    guard network.vocabulary(ofInput: input) != nil else {
      throw InputError(
        file: model, line: inputLine,
        "data.text makes numbers of characters, which only an embedding takes as its input")
    }
    let count = (tokens.count - 1) / length
    let names = characters.map { String($0) }
    let hasPositions = network.heads[0].positions != nil
    let targets =
      hasPositions
      ? NumberTable(tokens[1...count * length].map(Double.init), width: length)
      : NumberTable((1...count).map { Double(tokens[$0 * length]) }, width: 1)
    return Examples(
      table: ExampleTable(
        inputs: [
          ExampleTable.Input(
            name: input, shape: [length],
            table: NumberTable(tokens[..<(count * length)].map(Double.init), width: length))
        ], targets: [ExampleTable.Target(table: targets, form: TargetForm(classes: names))],
        rows: .all(count), check: check),
      description: "text of \(characters.count) different characters, \(count.counted("example")) "
        + "of \(length), target: the next character"
        + (hasPositions ? " at each position" : ""))
  }
}
