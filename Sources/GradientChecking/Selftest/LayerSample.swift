package import Backpropagation

/// A layer of the catalog with arguments, to be checked; every entry has one at least, those with arguments several.
package struct LayerSample: Sendable, CustomStringConvertible {
  package var id: String
  package var arguments: [String: ArgumentValue]

  package var description: String {
    let written = arguments.map { "\($0.key): \($0.value.written)" }.sorted()
    return id + (written.isEmpty ? "" : " (\(written.joined(separator: ", ")))")
  }

  /// The layer.
  package func layer() throws(ArgumentError) -> any Layer {
    try LayerCatalog.all.make(id, arguments)
  }

  /// The samples of every entry, in the catalog's order.
  package static let all = LayerCatalog.all.entries.flatMap { entry in
    (arguments[entry.id] ?? [[:]]).map { LayerSample(id: entry.id, arguments: $0) }
  }

  /// The shapes of inputs of odd sizes that a layer takes.
  package static func inputs(of layer: any Layer) -> [[Shape]] {
    candidates.filter { (try? layer.outputShape(of: $0)) != nil }
  }

  /// Of these the one of the fewest numbers, each axis of which has two at least; where there is one, of several rows.
  static func smallInputs(of layer: any Layer) -> [Shape]? {
    let wide = inputs(of: layer).filter { $0.allSatisfy { $0.sizes.allSatisfy { $0 > 1 } } }
    return (wide.isEmpty ? inputs(of: layer) : wide).min { numbers(of: $0) < numbers(of: $1) }
  }

  private static func numbers(of shapes: [Shape]) -> Int { shapes.reduce(0) { $0 + $1.count } }

  private static let candidates: [[Shape]] = [
    [[1]], [[7]], [[5, 3]], [[4, 7]], [[3, 5, 7]], [[2, 4, 3]], [[9, 1, 2]], [[3, 70]],
    [[7], [7]],
    [[5, 3], [5, 3], [5, 3]], [[3], [5], [1]], [[5, 3], [2, 7], [2, 1]],
  ]

  /// What the entries are given that need arguments, or are to be checked with several.
  private static let arguments: [String: [[String: ArgumentValue]]] = [
    "dense": [["units": .integer(5)], ["units": .integer(5), "bias": .boolean(false)]],
    "rnn": recurrent, "lstm": recurrent, "gru": recurrent,
    "convolution-1d": [
      ["channels": .integer(3), "kernel": .integer(3)],
      ["channels": .integer(5), "kernel": .integer(2), "padding": .text("same")],
    ],
    "convolution-2d": [
      ["channels": .integer(3), "kernel": .integer(3), "padding": .text("same")],
      [
        "channels": .integer(2), "kernel": .list([.integer(2), .integer(1)]),
        "stride": .integer(2), "bias": .boolean(false),
      ],
    ],
    "transposed-convolution-2d": [
      ["channels": .integer(3), "kernel": .integer(2)],
      ["channels": .integer(2), "kernel": .integer(3), "stride": .integer(2)],
    ],
    "max-pool-1d": [["kernel": .integer(2)]], "max-pool-2d": [["kernel": .integer(2)]],
    "average-pool-1d": [["kernel": .integer(2)]], "average-pool-2d": [["kernel": .integer(2)]],
    "reshape": [["sizes": .list([.integer(-1), .integer(1)])]],
    "transpose": [["places": .list([.integer(2), .integer(1)])]],
    "batch-norm": [[:], ["affine": .boolean(false)], ["epsilon": .integer(1)]],
    "instance-norm": [[:], ["affine": .boolean(false)], ["running-statistics": .boolean(true)]],
    "layer-norm": [[:], ["affine": .boolean(false)], ["epsilon": .integer(1)]],
    "rms-norm": [[:], ["affine": .boolean(false)]],
    "group-norm": [["groups": .integer(1)], ["groups": .integer(3), "affine": .boolean(false)]],
    "dropout": [["rate": .number(0.3)], ["rate": .integer(0)], ["rate": .integer(1)]],
    "spatial-dropout": [["rate": .number(0.3)], ["rate": .integer(1)]],
    "embedding": [["vocabulary": .integer(11), "units": .integer(3)]],
    "positional-encoding": [[:], ["kind": .text("learned"), "length": .integer(9)]],
    "attention": [
      ["heads": .integer(1)], ["heads": .integer(3)],
      ["heads": .integer(3), "causal": .boolean(true), "bias": .boolean(false)],
    ],
  ]

  /// So that it keeps the steps, and in a graph the units; and what comes out last.
  private static let recurrent: [[String: ArgumentValue]] = [
    ["units": .integer(3), "output": .text("sequence")],
    ["units": .integer(5), "layers": .integer(2), "bidirectional": .boolean(true)],
  ]
}
