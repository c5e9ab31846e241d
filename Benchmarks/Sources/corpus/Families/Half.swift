/// One half of the corpus, by families: thresholds are set on one, and what is claimed is measured on the other.
enum Half: String, CaseIterable {
  case tune, report

  /// The half of the family called `name`, by its FNV-1a hash: the same on every machine, whatever is added later.
  init(ofFamily name: String) {
    let hash = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    self = hash >> 32 & 1 == 0 ? .tune : .report
  }
}
