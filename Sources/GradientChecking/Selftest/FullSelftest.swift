/// All that `gradcheck selftest` does: mistakes in every layer and loss, in whole networks and in single entries are to be
/// found, and what is right in networks that are hard to check is not to be called wrong.
package struct FullSelftest: Sendable {
  /// How much is asked.
  package enum Extent: Sendable {
    /// A part of each, in seconds.
    case brief
    /// All of it, in many minutes: every method, ten seeds, tensors of a million entries.
    case thorough
  }

  package let extent: Extent
  package let layers: Selftest
  package let networks: NetworkSelftest
  package let entries: EntrySelftest
  package let rightNetworks: RightNetworkSelftest

  /// Runs all parts, each from the same seed.
  package init(seed: UInt64 = 1, extent: Extent = .brief) {
    self.extent = extent
    layers = Selftest(seed: seed)
    switch extent {
    case .brief:
      networks = NetworkSelftest(seed: seed, share: 3)
      entries = EntrySelftest(seed: seed, sizes: [10, 1_000])
      rightNetworks = RightNetworkSelftest(seeds: seed...seed &+ 1, isSample: true)
    case .thorough:
      networks = NetworkSelftest(seed: seed, methods: [.automatic, .dual, .finiteDifference])
      entries = EntrySelftest(seed: seed, sizes: EntrySubject.sizes)
      rightNetworks = RightNetworkSelftest(seeds: seed...seed &+ 9, isSample: false)
    }
  }

  /// Whether every part has passed.
  package var hasPassed: Bool {
    layers.hasPassed && networks.hasPassed && entries.hasPassed && rightNetworks.hasPassed
  }
}
