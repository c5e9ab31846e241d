import GRDB

/// Which blocks of a trace were merged, and which are to be merged next.
struct BudgetKeeper {
  /// A complete block; `steps` is how many each of its rows stands for.
  struct Block {
    var number: Int64
    var steps: Int
  }

  private(set) var blocks: [Block] = []

  mutating func append(_ number: Int64) { blocks.append(Block(number: number, steps: 1)) }

  /// The pairs of neighbors of equal resolution in the older half of the run.
  ///
  /// Merging the older half keeps the newer one whole, and halves the resolution of what is old again and again.
  mutating func mergeOlderHalf(_ merge: (_ earlier: Int64, _ later: Int64) throws -> Void) rethrows
    -> Bool
  {
    let older = blocks.prefix(blocks.count / 2)
    var merged: [Block] = []
    var isOpen = false
    for block in older {
      if isOpen, let last = merged.last, last.steps == block.steps {
        try merge(last.number, block.number)
        merged[merged.count - 1].steps *= 2
        isOpen = false
      } else {
        merged.append(block)
        isOpen = true
      }
    }
    let changed = merged.count < older.count
    blocks.replaceSubrange(0..<older.count, with: merged)
    return changed
  }
}
