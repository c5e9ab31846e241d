package import Backpropagation

/// A loss of the catalog with arguments, to be checked; every entry has one at least.
package struct LossSample: Sendable, CustomStringConvertible {
  package var id: String
  package var arguments: [String: ArgumentValue] = [:]
  /// The only number of outputs that it then takes.
  package var outputs: Int?

  package var description: String {
    arguments.isEmpty ? id : "\(id) with \(arguments.keys.sorted().joined(separator: ", "))"
  }

  /// The loss.
  package func loss() throws(ArgumentError) -> any Loss { try LossCatalog.all.make(id, arguments) }

  /// The samples, first one of every entry in the catalog's order.
  package static let all: [LossSample] =
    LossCatalog.all.entries.map { LossSample(id: $0.id) } + [
      LossSample(id: "huber", arguments: ["delta": .number(0.3)]),
      LossSample(id: "huber", arguments: ["delta": .integer(1000)]),
      LossSample(id: "softmax-cross-entropy", arguments: ["label-smoothing": .number(0.1)]),
      LossSample(id: "softmax-cross-entropy", arguments: ["label-smoothing": .integer(1)]),
      LossSample(
        id: "softmax-cross-entropy", arguments: ["class-weights": weights], outputs: 3),
      LossSample(
        id: "softmax-cross-entropy",
        arguments: ["label-smoothing": .number(0.3), "class-weights": weights], outputs: 3),
      LossSample(
        id: "negative-log-likelihood", arguments: ["class-weights": weights], outputs: 3),
    ]

  private static let weights = ArgumentValue.list([.number(0.5), .integer(2), .integer(0)])
}
