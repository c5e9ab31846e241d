import Backpropagation

/// A layer whose weight has a given number of entries, one of which is made wrong.
struct EntrySubject: Sendable {
  let id: String
  let layer: any Layer
  let input: Shape
  /// The entries of the weight.
  let entries: Int

  /// Two examples, so that a gradient of a million entries costs two products of its size.
  static let examples = 2

  /// The numbers of entries that there are subjects of.
  static let sizes = [10, 1_000, 100_000, 1_000_000]

  /// A dense layer, a table of vectors and a convolution of that size; none for other sizes than ``sizes``.
  static func subjects(of entries: Int) -> [EntrySubject] {
    func subject(_ layer: any Layer, _ input: Shape) -> EntrySubject {
      EntrySubject(id: layer.kind, layer: layer, input: input, entries: entries)
    }
    return switch entries {
    case 10:
      [
        subject(Dense(2), [5]), subject(Embedding(vocabulary: 5, units: 2), [7]),
        subject(Convolution2D(2, kernel: 1), [5, 2, 3]),
      ]
    case 1_000:
      [
        subject(Dense(25), [40]), subject(Embedding(vocabulary: 40, units: 25), [7]),
        subject(Convolution2D(10, kernel: 5), [4, 6, 6]),
      ]
    case 100_000:
      [
        subject(Dense(250), [400]), subject(Embedding(vocabulary: 400, units: 250), [7]),
        subject(Convolution2D(100, kernel: 5), [40, 6, 6]),
      ]
    case 1_000_000:
      [
        subject(Dense(1000), [1000]), subject(Embedding(vocabulary: 1000, units: 1000), [7]),
        subject(Convolution2D(200, kernel: 5), [200, 6, 6]),
      ]
    default: []
    }
  }

  /// The gradient that the layer's backward pass claims for its weight, right or with one entry wrong.
  ///
  /// Its size goes with the inputs', so that those of the biases and of the input stay what they are; a table's input has no
  /// size, and its only gradient goes with δ.
  func weight(
    _ mistake: EntryMistake? = nil, at place: Int = 0, scale: Double, method: CheckMethod,
    seed: UInt64
  ) throws(ShapeError) -> Variable? {
    let planted: any Layer = mistake.map { OneEntryWrong($0, at: place, in: layer) } ?? layer
    let isTable = layer.vocabulary != nil
    return try LayerAlone(
      planted, at: [input], examples: Self.examples, scale: isTable ? 1 : scale,
      deltaScale: isTable ? scale : 1, method: method, seed: seed
    ).variables.first
  }
}
