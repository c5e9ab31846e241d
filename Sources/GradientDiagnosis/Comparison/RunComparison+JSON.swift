import GzipIO

extension RunComparison {
  /// The result as one of those that `gradcheck compare --format json` writes; equal results give equal text.
  public var jsonText: String {
    get throws { try DocumentJSON.text(of: Document(self)) }
  }
}

/// The keys of a comparison, which other programs read.
private struct Document: Encodable {
  struct Entry: Encodable {
    var quantity: RunComparison.Quantity
    var layer: String
    var before: Double
    var after: Double
    var decades: Double?
    var noise: Double
    var isChanged: Bool

    init(_ entry: RunComparison.Entry) {
      quantity = entry.quantity
      layer = entry.layer
      before = entry.before
      after = entry.after
      decades = entry.decades
      noise = entry.noise
      isChanged = entry.isChanged
    }
  }

  struct Loss: Encodable {
    var before: Double
    var after: Double
  }

  var format = "gradient-comparison"
  var version = 1
  var firstStep: Int?
  var lastStep: Int?
  var runsBefore: Int
  var loss: Loss
  var removed: [String]
  var added: [String]
  var entries: [Entry]

  init(_ comparison: RunComparison) {
    firstStep = comparison.steps?.lowerBound
    lastStep = comparison.steps?.upperBound
    runsBefore = comparison.repeats
    loss = Loss(before: comparison.lossBefore, after: comparison.lossAfter)
    removed = comparison.removed
    added = comparison.added
    entries = comparison.entries.map(Entry.init)
  }
}
